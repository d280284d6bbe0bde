"""The same scenario leaves the same bytes, however often it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from checker import dumps
from rts import run
from tests.telemetry import lag_scenarios


@pytest.mark.parametrize(
    "scenario",
    [
        lag_scenarios.lag_to_the_synchronous_follower,
        lag_scenarios.lag_to_the_asynchronous_follower,
        lambda: lag_scenarios.reads_of_a_lagging_follower("any-follower"),
        lambda: lag_scenarios.reads_of_a_lagging_follower("session-consistent"),
        lag_scenarios.all_followers_lag,
        lambda: lag_scenarios.two_followers_at_different_lag("any-follower", 20, restless=False),
        lambda: lag_scenarios.two_followers_at_different_lag("session-consistent", 20, restless=True),
    ],
)
def test_a_lag_scenario_leaves_the_same_history_100_times(scenario: Callable[[], Awaitable[Any]]) -> None:
    histories = [dumps(run(scenario)[0]) for _ in range(100)]
    assert set(histories) == {histories[0]}
    assert len(histories[0].splitlines()) > 1


def test_they_are_the_same_in_another_process_with_other_hashes() -> None:
    child = (
        "import hashlib\n"
        "from checker import dumps\n"
        "from rts import run\n"
        "from tests.telemetry.lag_scenarios import two_followers_at_different_lag as scenario\n"
        "history, _ = run(lambda: scenario('session-consistent', 50, restless=True))\n"
        "print(hashlib.sha256(dumps(history)).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", child],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
