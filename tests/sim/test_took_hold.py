"""Each kind of fault in a whole run: it took hold where it met something, and not where it met nothing."""

from __future__ import annotations

import pytest

from rts.runs import FaultCount
from rts.schedule import (
    MILLISECOND,
    AnyStep,
    CorruptDisk,
    Crash,
    Duplicate,
    FullDisk,
    Heal,
    Lag,
    Loss,
    Partition,
    Pause,
    Promote,
    Rejoin,
    Reorder,
    Restart,
    Resume,
    SkewClock,
    SlowDisk,
)
from rts.systems.telemetry import FAULTS
from tests.sim.schedules import read, run, violated, write

MS = MILLISECOND

MEETS_SOMETHING: dict[str, tuple[AnyStep, ...]] = {
    "lag": (Lag(source="n0", target="n1", delay_ns=50 * MS), write()),
    "loss": (Loss(source="n0", target="n2", percent=100), write()),
    "duplicate": (Duplicate(source="n0", target="n1"), write()),
    "reorder": (Reorder(source="n0", target="n1", percent=100), write()),
    "partition": (Partition(group=("n2",)), write()),
    "heal": (Lag(source="n0", target="n1", delay_ns=5), Heal()),
    "crash": (Crash(node="n2"),),
    "restart": (Crash(node="n2"), Restart(node="n2")),
    "pause": (Pause(node="n2"), write(), read(1)),
    "resume": (Pause(node="n2"), Resume(node="n2")),
    "slow-disk": (SlowDisk(node="n1", delay_ns=5 * MS), write()),
    "full-disk": (FullDisk(node="n2"), write(), write(20)),
    "corrupt-disk": (CorruptDisk(node="n2"), Crash(node="n2"), Restart(node="n2")),
    "skew-clock": (SkewClock(node="n2", drift_ppm=500), write(), write(20)),
    "promote": (Promote(), write(20)),
    "rejoin": (Crash(node="n2"), Rejoin(node="n2")),
}

MEETS_NOTHING: dict[str, tuple[AnyStep, ...]] = {
    "lag": (Lag(source="n2", target="n3", delay_ns=50 * MS), write()),
    "loss": (Loss(source="n0", target="n2", percent=0), write()),
    "duplicate": (Duplicate(source="n0", target="n1", percent=0), write()),
    "reorder": (Reorder(source="n2", target="n3", percent=100), write()),
    "partition": (Partition(group=("n0", "n1", "n2", "n3", "s0")), write()),
    "heal": (Heal(), write()),
    "crash": (Crash(node="n2", at_effect=99), write()),
    "restart": (Restart(node="n2"), write()),
    "pause": (Pause(node="n2"),),
    "resume": (Resume(node="n2"), write()),
    "slow-disk": (SlowDisk(node="n1", delay_ns=5 * MS),),
    "full-disk": (FullDisk(node="n2"),),
    "corrupt-disk": (CorruptDisk(node="n2"), write()),
    "skew-clock": (SkewClock(node="n2", jump_ns=0), write()),
    "promote": (Crash(node="n2"), Promote(candidate="n2"), write(20)),
    "rejoin": (Rejoin(node="n2"), write()),
}


def test_every_kind_of_fault_is_here() -> None:
    assert set(MEETS_SOMETHING) == set(MEETS_NOTHING) == set(FAULTS)


@pytest.mark.parametrize("kind", MEETS_SOMETHING)
def test_a_fault_that_meets_something_takes_hold_and_is_survived(kind: str) -> None:
    found = run(*MEETS_SOMETHING[kind])
    assert found.faults[kind] == FaultCount(1, 1)
    assert violated(found) == ()


@pytest.mark.parametrize("kind", MEETS_NOTHING)
def test_a_fault_that_meets_nothing_does_not_take_hold(kind: str) -> None:
    found = run(*MEETS_NOTHING[kind])
    assert found.faults[kind] == FaultCount(1, 0)
    assert violated(found) == ()
