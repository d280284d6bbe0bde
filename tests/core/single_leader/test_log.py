"""The log by itself, and what a disk's records amount to."""

from __future__ import annotations

import pytest

from rts.core.single_leader.log import (
    EMPTY,
    AppendRecord,
    ChangeMembers,
    Entry,
    EpochRecord,
    Log,
    Membership,
    Recovered,
    Snapshot,
    SnapshotRecord,
    founding,
    newest_forced,
    recover,
)
from rts.ids import ORIGIN, Lsn
from tests.core.single_leader.hand import N0, N1, N2, opening, put

FIRST = opening((1, 1), "n0", N1)
TWO, THREE, FOUR = put((1, 2), "two"), put((1, 3), "three"), put((2, 4), "four")
SNAPSHOT = Snapshot(Lsn(1, 2), {"k": ("two", Lsn(1, 2))}, {"c": (1, Lsn(1, 2))}, (N1,), "n0")


def test_an_empty_log() -> None:
    log = Log()
    assert (log.base, log.last, log.last_index) == (0, ORIGIN, 0)
    assert log.lsn_at(0) == ORIGIN
    assert log.lsn_at(1) is None
    assert log.members() == Membership(0, (), ())
    assert log.leader_of_last_epoch() == (0, None)


def test_entries_by_index() -> None:
    log = Log(EMPTY, (FIRST, TWO, THREE))
    assert log.last == Lsn(1, 3)
    assert log.at(2) is TWO
    assert [log.lsn_at(index) for index in range(5)] == [ORIGIN, (1, 1), (1, 2), (1, 3), None]
    assert log.after(1) == (TWO, THREE)
    assert log.after(3) == ()
    assert log.between(1, 2) == [TWO]


def test_truncate_drops_what_is_above() -> None:
    log = Log(EMPTY, (FIRST, TWO, THREE))
    log.truncate(1)
    assert log.entries == [FIRST]
    log.append((THREE,))
    assert log.entries == [FIRST, THREE]


def test_above_a_snapshot_indices_stay() -> None:
    log = Log(SNAPSHOT, (THREE, FOUR))
    assert (log.base, log.last_index, log.last) == (2, 4, Lsn(2, 4))
    assert log.at(3) is THREE
    assert [log.lsn_at(index) for index in range(1, 6)] == [None, (1, 2), (1, 3), (2, 4), None]
    assert log.after(0) == (THREE, FOUR)
    assert log.after(3) == (FOUR,)
    log.truncate(0)
    assert log.entries == []
    assert log.last == Lsn(1, 2)


@pytest.mark.parametrize(("keeps", "left"), [(True, [THREE]), (False, [])])
def test_start_at_a_snapshot(keeps: bool, left: list[Entry]) -> None:
    log = Log(EMPTY, (FIRST, TWO, THREE))
    log.start_at(SNAPSHOT, keeps=keeps)
    assert log.entries == left
    assert log.base == 2
    assert log.last == (Lsn(1, 3) if keeps else Lsn(1, 2))


def test_the_newest_members_count_and_those_before_are_known() -> None:
    changed = Entry(Lsn(1, 3), ChangeMembers((N1, N2)))
    assert Log(EMPTY, (FIRST, TWO)).members() == Membership(1, (N1,), ())
    assert Log(EMPTY, (FIRST, TWO, changed)).members() == Membership(3, (N1, N2), (N1,))
    assert Log(SNAPSHOT, (changed, FOUR)).members() == Membership(3, (N1, N2), (N1,))
    assert Log(SNAPSHOT, (FOUR,)).members() == Membership(2, (N1,), (N1,))


def test_the_leader_of_the_last_epoch_that_the_log_knows() -> None:
    second = opening((2, 3), "n1", N2)
    assert Log(EMPTY, (FIRST, TWO)).leader_of_last_epoch() == (1, "n0")
    assert Log(EMPTY, (FIRST, TWO, second)).leader_of_last_epoch() == (2, "n1")
    assert Log(SNAPSHOT, (THREE,)).leader_of_last_epoch() == (1, "n0")


def test_the_first_index_of_an_epoch() -> None:
    log = Log(SNAPSHOT, (THREE, FOUR, put((2, 5), "five")))
    assert log.first_index_of(1) == 3
    assert log.first_index_of(2) == 4


def test_the_newest_forced_epoch() -> None:
    forced = opening((3, 3), "n1", forced=True)
    assert newest_forced((FIRST, TWO)) == 0
    assert newest_forced((FIRST, forced, opening((4, 4), "n2"))) == 3
    assert Log(SNAPSHOT, (forced,)).newest_forced() == 3
    assert Log(Snapshot(Lsn(5, 9), {}, {}, (), None, forced=4), (forced,)).newest_forced() == 4


# --- recovery


def test_a_blank_disk() -> None:
    assert recover(()) == Recovered(0, EMPTY, (), 0)


def test_a_new_clusters_disk() -> None:
    assert recover(founding("n0", (N0, N1))) == Recovered(1, EMPTY, (opening((1, 1), "n0", N0, N1),), 1)


def test_an_append_replaces_what_was_above() -> None:
    records = (AppendRecord(0, (FIRST, TWO, THREE), 1), EpochRecord(2), AppendRecord(1, (FOUR,), 1))
    assert recover(records) == Recovered(2, EMPTY, (FIRST, FOUR), 1)


def test_a_snapshot_that_keeps_what_follows() -> None:
    records = (AppendRecord(0, (FIRST, TWO, THREE), 3), SnapshotRecord(SNAPSHOT, keeps=True))
    assert recover(records) == Recovered(0, SNAPSHOT, (THREE,), 3)


def test_a_snapshot_that_starts_anew_forgets_what_was_acknowledged_above() -> None:
    records = (AppendRecord(0, (FIRST, TWO, THREE), 3), SnapshotRecord(SNAPSHOT, keeps=False))
    assert recover(records) == Recovered(0, SNAPSHOT, (), 2)


def test_a_later_epoch_record_counts() -> None:
    assert recover((EpochRecord(2), EpochRecord(5))).epoch == 5
