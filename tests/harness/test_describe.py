import pytest

from rts.harness.describe import describe, step_rows
from rts.harness.kinds import KINDS
from rts.schedule import (
    MILLISECOND,
    AnyStep,
    ChangeMembers,
    CompareAndSet,
    CorruptDisk,
    Crash,
    Delete,
    Duplicate,
    FullDisk,
    Heal,
    Lag,
    Loss,
    Partition,
    Pause,
    Promote,
    Read,
    Rejoin,
    Reorder,
    Restart,
    Resume,
    SkewClock,
    SlowDisk,
    TransferLeadership,
    Write,
)
from tests.harness.histories import schedule_of

WORDS: list[tuple[AnyStep, str]] = [
    (Write(session="s0", key="k0"), "s0 k0"),
    (Write(session="s0", key="k0", needs=("monotonic-writes",)), "s0 k0, needs monotonic-writes"),
    (Delete(session="s0", key="k1"), "s0 k1"),
    (CompareAndSet(session="s1", key="k0"), "s1 k0"),
    (Read(session="s0", key="k0", replica=2, mode="leader"), "s0 k0, replica 2, leader"),
    (Lag(source="n0", target="*", delay_ns=1), "n0 → * by 1 ns"),
    (Loss(source="n0", target="n1", percent=20), "20% of n0 → n1"),
    (Duplicate(source="n0", target="n1", delay_ns=MILLISECOND), "100% of n0 → n1, 1 ms later"),
    (Reorder(source="n0", target="n1"), "50% of n0 → n1, held 20 ms"),
    (Partition(group=("n1", "s0"), direction="into"), "n1 s0 from the others, what goes in"),
    (Heal(), "all links"),
    (Crash(node="n0"), "n0"),
    (
        Crash(node="n0", lose_disk=True, tear=True, at_effect=2),
        "n0, after 2 effects, its disk lost, its last write torn",
    ),
    (Restart(node="n1"), "n1"),
    (Pause(node="n1"), "n1"),
    (Resume(node="n1"), "n1"),
    (SlowDisk(node="n1", delay_ns=5 * MILLISECOND), "n1 by 5 ms"),
    (FullDisk(node="n1"), "n1"),
    (CorruptDisk(node="n1"), "n1"),
    (SkewClock(node="n1", jump_ns=-MILLISECOND, drift_ppm=100), "n1, jumps -1 ms, drifts 100 ppm"),
    (Promote(), "best, the old leader crashed"),
    (Promote(candidate="n2", old="cut", forced=True), "n2, the old leader cut off alive, forced"),
    (ChangeMembers(action="add", node="n3"), "add n3"),
    (ChangeMembers(action="add-learner", node="n3"), "add n3 as a learner"),
    (ChangeMembers(action="remove", node="n0"), "remove n0"),
    (TransferLeadership(node="n1"), "to n1"),
    (Rejoin(node="n0"), "n0"),
]


@pytest.mark.parametrize(("step", "words"), WORDS, ids=str)
def test_a_step_in_words(step: AnyStep, words: str) -> None:
    assert describe(step) == words


def test_every_kind_of_step_has_words() -> None:
    assert {type(step) for step, _ in WORDS} == {kind.step for kind in KINDS}


def test_rows_are_numbered_and_say_when() -> None:
    schedule = schedule_of(Heal(), Restart(node="n1", after_ns=MILLISECOND))
    assert step_rows(schedule) == [("1", "", "heal", "all links"), ("2", "+1 ms", "restart", "n1")]
