"""The same scenario leaves the same bytes, however often it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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
