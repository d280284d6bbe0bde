"""One schedule is one run of a store of one's own: twice here, and in processes with other hash seeds."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import shake_256
from pathlib import Path

import pytest
from msgspec import structs

from rts import systems
from rts.harness.draw import decode_drawn, drawn_size
from rts.schedule import Schedule, dumps, loads

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "own_store.py")
STORE = systems.load(EXAMPLE)
(CONFIGURATION,) = STORE.configurations

CHILD = """
import sys
from rts import systems
from rts.schedule import loads

store = systems.load(sys.argv[1])
for line in sys.stdin.buffer:
    print(store.simulate(loads(line)).digest)
"""


def schedule(number: int) -> Schedule:
    drawn = shake_256(f"own, {number}".encode()).digest(drawn_size(CONFIGURATION, None))
    return decode_drawn(drawn, STORE.name, CONFIGURATION, None)


SCHEDULES = tuple(schedule(number) for number in range(10))


def test_the_schedules_are_worth_running() -> None:
    kinds = {type(step).__name__ for found in SCHEDULES for step in found.steps}
    assert {"Write", "Read", "Lag", "Crash", "Partition"} <= kinds
    assert sum(found.jitter != 0 for found in SCHEDULES) >= 5


@pytest.mark.parametrize("number", range(len(SCHEDULES)))
def test_a_schedule_run_twice_is_one_run(number: int) -> None:
    found = SCHEDULES[number]
    first, second = STORE.simulate(found), STORE.simulate(loads(dumps(found)))
    assert first.events == second.events
    assert first.digest == second.digest


def test_another_jitter_is_another_run() -> None:
    found = SCHEDULES[0]
    other = structs.replace(found, jitter=found.jitter + 1)
    assert STORE.simulate(other).digest != STORE.simulate(found).digest


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_hash_seed_changes_nothing(hash_seed: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, EXAMPLE],
        input=b"\n".join(dumps(found) for found in SCHEDULES),
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert child.stderr == b""
    assert child.stdout.decode().split() == [STORE.simulate(found).digest for found in SCHEDULES]
