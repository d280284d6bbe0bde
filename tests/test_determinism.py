"""One schedule is one run: in this process twice, and in others whose hash seeds differ."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import shake_256
from typing import Any

import pytest
from msgspec import structs

from rts.harness.draw import decode_drawn, drawn_size
from rts.runs import Run
from rts.schedule import Schedule, dumps, loads
from rts.systems.telemetry import CONFIGURATIONS, system

CHOSEN = ("leader", "session-consistent", "bounded-staleness", "2 of 3, best promoted", "sync, any forced")
STEPS = 20

CHILD = """
import sys
from rts.schedule import loads
from rts.systems.telemetry import system

for line in sys.stdin.buffer:
    print(system.simulate(loads(line)).digest)
"""


def schedule(name: str, number: int) -> Schedule:
    """The schedule that fixed bytes stand for."""
    (configuration,) = (found for found in CONFIGURATIONS if found.name == name)
    drawn = shake_256(f"{name}, {number}".encode()).digest(drawn_size(configuration, STEPS))
    return decode_drawn(drawn, system.name, configuration, STEPS)


SCHEDULES = tuple(schedule(name, number) for name in CHOSEN for number in range(4))


def differing(first: Run, second: Run) -> list[Any]:
    """The first pair of events that differ, if any do."""
    pairs = zip(first.events, second.events, strict=False)
    return [(one, other) for one, other in pairs if one != other][:1]


def test_the_schedules_are_worth_running() -> None:
    kinds = {type(step).__name__ for found in SCHEDULES for step in found.steps}
    assert {"Write", "Read", "Lag", "Crash", "Partition", "Promote"} <= kinds
    assert len({dumps(found) for found in SCHEDULES}) == 20
    assert sum(found.jitter != 0 for found in SCHEDULES) >= 10


@pytest.mark.parametrize("number", range(len(SCHEDULES)))
def test_a_schedule_run_twice_is_one_run(number: int) -> None:
    first, second = system.simulate(SCHEDULES[number]), system.simulate(SCHEDULES[number])
    assert differing(first, second) == []
    assert first.digest == second.digest
    assert len(first.events) > 50


@pytest.mark.parametrize("number", range(len(SCHEDULES)))
def test_a_schedule_from_its_file_is_the_same_run(number: int) -> None:
    found = SCHEDULES[number]
    assert system.simulate(loads(dumps(found))).digest == system.simulate(found).digest


def test_another_jitter_is_another_run() -> None:
    found = SCHEDULES[0]
    other = structs.replace(found, jitter=found.jitter + 1)
    assert system.simulate(other).digest != system.simulate(found).digest


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_hash_seed_changes_nothing(hash_seed: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=b"\n".join(dumps(found) for found in SCHEDULES),
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert child.stderr == b""
    assert child.stdout.decode().split() == [system.simulate(found).digest for found in SCHEDULES]
