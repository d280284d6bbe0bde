"""The log above its snapshot, members, and what the records on a disk amount to."""

from __future__ import annotations

import pytest

from rts.core.raft.log import (
    EMPTY,
    AppendRecord,
    Configuration,
    Log,
    Recovered,
    Snapshot,
    SnapshotRecord,
    StateRecord,
    founding,
    recover,
)
from rts.ids import ORIGIN, Lsn
from tests.core.raft.hand import N0, N1, N2, N3, entries, entry, members

ALL = Configuration((N0, N1, N2))


def compacted() -> Log:
    """Entries 3 and 4 of term 1 and 5 of term 2; the snapshot is of all up to 4, the base is 2."""
    return Log(Snapshot(Lsn(1, 4), ALL, b"state"), entries(1, 1, 2, first=3), Lsn(1, 2))


def test_an_empty_log_ends_at_the_origin() -> None:
    log = Log()
    assert (log.last, log.last_index, log.lsn_at(0), log.lsn_at(1)) == (ORIGIN, 0, ORIGIN, None)


def test_positions_by_index() -> None:
    log = compacted()
    assert [log.lsn_at(index) for index in range(1, 7)] == [
        None,
        Lsn(1, 2),
        Lsn(1, 3),
        Lsn(1, 4),
        Lsn(2, 5),
        None,
    ]
    assert (log.last, log.last_index) == (Lsn(2, 5), 5)


def test_entries_by_index() -> None:
    log = compacted()
    assert log.at(4) == entry(1, 4)
    assert log.between(2, 4) == [entry(1, 3), entry(1, 4)]
    assert log.between(5, 5) == []


def test_entries_are_dropped_from_the_end() -> None:
    log = Log(entries=entries(1, 1, 2))
    log.truncate(1)
    assert log.entries == [entry(1, 1)]
    log.append((entry(3, 2),))
    assert log.last == Lsn(3, 2)


def test_terms_are_found_from_both_ends() -> None:
    log = Log(entries=entries(1, 1, 3, 3, 5))
    assert [log.first_index_of(term) for term in (1, 3, 5)] == [1, 3, 5]
    assert [log.last_index_of(term) for term in (0, 1, 2, 3, 4, 5, 6)] == [0, 2, None, 4, None, 5, None]


def test_the_last_of_a_term_may_be_the_base() -> None:
    log = Log(Snapshot(Lsn(2, 7), ALL), entries(4, first=8))
    assert [log.last_index_of(term) for term in (1, 2, 3, 4)] == [None, 7, None, 8]


def test_a_snapshot_that_the_log_reaches_keeps_what_follows_its_base() -> None:
    log = Log(entries=entries(1, 1, 1, 2))
    log.start_at(Snapshot(Lsn(1, 3), ALL), Lsn(1, 2))
    assert (log.base, log.entries) == (Lsn(1, 2), list(entries(1, 2, first=3)))


def test_a_snapshot_without_a_base_replaces_the_log() -> None:
    log = Log(entries=entries(1, 1, 1, 2))
    log.start_at(Snapshot(Lsn(3, 9), ALL), None)
    assert (log.base, log.last, log.entries) == (Lsn(3, 9), Lsn(3, 9), [])


# --- members


def test_members_come_and_go_in_order() -> None:
    two = Configuration((N0, N2))
    assert two.with_voter(N1) == ALL
    assert ALL.without("n1") == two
    assert two.with_learner(N1) == Configuration((N0, N2), (N1,))
    assert two.with_learner(N1).with_voter(N1) == ALL
    assert ALL.with_learner(N1) == Configuration((N0, N2), (N1,))
    assert two.with_learner(N1).member("n1") == N1
    assert two.member("n1") is None


def test_the_newest_configuration_in_the_log_holds() -> None:
    log = Log(Snapshot(ORIGIN, ALL), [entry(1, 1), entry(1, 2, members(N0, N1)), entry(1, 3)])
    assert log.configuration() == (2, Configuration((N0, N1)))
    assert log.configuration(1) == (0, ALL)
    log.truncate(1)
    assert log.configuration() == (0, ALL)


def test_a_configuration_below_the_snapshot_is_in_the_snapshot() -> None:
    log = Log(
        Snapshot(Lsn(1, 3), Configuration((N0, N1, N3))),
        [entry(1, 2, members(N0, N1)), entry(1, 3, members(N0, N1, N3)), entry(1, 4)],
        Lsn(1, 1),
    )
    assert log.configuration() == (3, Configuration((N0, N1, N3)))
    log.start_at(Snapshot(Lsn(1, 4), Configuration((N0, N1, N3))), Lsn(1, 1))
    assert log.configuration() == (4, Configuration((N0, N1, N3)))


def test_the_members_of_what_was_compacted_are_the_snapshots() -> None:
    log = Log(Snapshot(Lsn(1, 3), ALL), [entry(1, 4, members(N0, N1)), entry(1, 5)])
    assert [log.configuration(last)[0] for last in (1, 2, 3, 4, 5)] == [3, 3, 3, 4, 4]


# --- the disk


def test_a_blank_disk_gives_nothing() -> None:
    assert recover(()) == Recovered() == Recovered(0, None, EMPTY, ORIGIN, ())


def test_a_founding_member_knows_the_members() -> None:
    found = recover(founding(["n2", "n0", "n1"], ["n3"]))
    assert found.snapshot == Snapshot(ORIGIN, Configuration((N0, N1, N2), (N3,)))
    assert (found.term, found.vote, found.entries) == (0, None, ())


def test_the_last_state_record_holds() -> None:
    found = recover((StateRecord(1, N0), StateRecord(2, None), StateRecord(2, N1)))
    assert (found.term, found.vote) == (2, N1)


def test_an_append_replaces_what_follows_it() -> None:
    found = recover((AppendRecord(0, entries(1, 1, 1)), AppendRecord(1, entries(2, first=2))))
    assert found.entries == entries(1, 2)


@pytest.mark.parametrize(
    ("base", "index", "kept"),
    [(Lsn(1, 2), 2, entries(1, 2, first=3)), (Lsn(1, 3), 3, entries(2, first=4)), (None, 3, ())],
)
def test_a_snapshot_record_cuts_the_log(base: Lsn | None, index: int, kept: tuple[object, ...]) -> None:
    snapshot = Snapshot(Lsn(1, 3), ALL, b"state")
    found = recover((AppendRecord(0, entries(1, 1, 1, 2)), SnapshotRecord(snapshot, base)))
    assert (found.snapshot, found.base.index, found.entries) == (snapshot, index, kept)


def test_entries_go_on_after_a_snapshot() -> None:
    snapshot = Snapshot(Lsn(2, 9), ALL)
    found = recover((SnapshotRecord(snapshot, None), AppendRecord(9, entries(3, first=10))))
    assert (found.base, found.entries) == (Lsn(2, 9), entries(3, first=10))
