"""A follower: what it takes in, what it answers, and when that may leave."""

from __future__ import annotations

import pytest

from rts.core.effects import Note, Persist, Send
from rts.core.events import PersistFailed
from rts.core.raft.log import AppendRecord, Configuration, Snapshot, SnapshotRecord, StateRecord
from rts.core.raft.messages import Appended, AppendRejected, InstallSnapshot, SnapshotReceived
from rts.errors import DiskFailed, InvariantBroken
from rts.ids import Lsn, Member
from tests.core.raft.hand import LOWER, N0, N1, N2, Hand, append, entries, entry, members, told, written

ALL = Configuration((N0, N1, N2))
STATE = bytes.fromhex("9280c406") + b"k=seen"


def piece(last: tuple[int, int], offset: int, data: bytes, done: bool, *, term: int = 2) -> InstallSnapshot:
    return InstallSnapshot(term, Lsn(*last), ALL, offset, data, done, 3)


def test_entries_are_persisted_before_they_are_confirmed() -> None:
    hand = Hand("n1", term=1)
    effects = hand.get("n0", append(1, (0, 0), *entries(1, 1), round=4))
    assert effects == [Persist(1, AppendRecord(0, entries(1, 1))), Send("n0", Appended(1, N1, 2, 4))]


def test_a_new_term_is_persisted_first() -> None:
    hand = Hand("n1")
    effects = hand.get("n0", append(1, (0, 0), *entries(1)))
    assert written(effects) == [StateRecord(1, None), AppendRecord(0, entries(1))]


def test_the_leader_becomes_known_and_puts_the_election_off() -> None:
    hand = Hand("n1")
    hand.wait(LOWER - 1)
    hand.get("n0", append(1, (0, 0)))
    assert (hand.core.leader, hand.core.deadline) == ("n0", 2 * LOWER - 1)


def test_a_repeated_message_writes_nothing_and_is_answered() -> None:
    hand = Hand("n1", log=(1, 1, 1))
    assert hand.get("n0", append(1, (0, 0), *entries(1, 1))) == [Send("n0", Appended(1, N1, 2, 1))]
    assert hand.log == ["1:1", "1:2", "1:3"]


def test_only_what_is_new_is_written() -> None:
    hand = Hand("n1", log=(1, 1))
    effects = hand.get("n0", append(1, (0, 0), *entries(1, 1, 1)))
    assert written(effects) == [AppendRecord(2, entries(1, first=3))]


def test_a_conflicting_tail_is_dropped_and_noted() -> None:
    hand = Hand("n1", log=(1, 1, 1))
    effects = hand.get("n0", append(2, (1, 1), *entries(2, first=2)))
    assert Note("tail truncated", 2) in effects
    assert hand.log == ["1:1", "2:2"]


def test_what_was_durable_of_a_dropped_tail_says_nothing_of_what_comes_there() -> None:
    hand = Hand("n1", log=(1, 1, 1))
    assert hand.core.persisted == 3
    hand.get("n0", append(2, (1, 1), *entries(2, 2, first=2)))
    assert hand.core.persisted == 1
    hand.sync()
    assert hand.core.persisted == 3


def test_committed_entries_are_never_dropped() -> None:
    hand = Hand("n1", log=(1, 1))
    hand.get("n0", append(1, (1, 2), committed=2))
    with pytest.raises(InvariantBroken, match="n1 is to drop committed entries above 1, in term 2"):
        hand.get("n2", append(2, (1, 1), *entries(2, first=2)))


# --- rejections


@pytest.mark.parametrize(
    ("log", "previous", "conflict"),
    [
        ((1, 1), (1, 5), (0, 3)),
        ((), (1, 1), (0, 1)),
        ((1, 2, 2, 2), (3, 4), (2, 2)),
        ((1, 1, 1), (2, 2), (1, 1)),
    ],
    ids=["too short", "empty", "first of its term", "first of all"],
)
def test_a_rejection_says_what_is_here(
    log: tuple[int, ...], previous: tuple[int, int], conflict: tuple[int, int]
) -> None:
    hand = Hand("n1", log=log)
    effects = hand.get("n0", append(3, previous, round=5))
    assert told(effects, "n0") == [AppendRejected(3, N1, previous[1], Lsn(*conflict), 5)]
    assert len(hand.log) == len(log)


def test_an_answer_to_an_older_term_confirms_none_of_its_rounds() -> None:
    """Who led then may lead now, and would take an old round for one of the new."""
    hand = Hand("n1", log=(1, 1), term=3)
    effects = hand.get("n0", append(2, (1, 2), round=5))
    assert told(effects, "n0") == [AppendRejected(3, N1, 2, Lsn(1, 1), 0)]
    assert told(hand.get("n0", piece((2, 5), 0, STATE, True)), "n0") == [SnapshotReceived(3, N1, 5, 0, 0)]


def test_what_was_compacted_away_counts_as_the_same() -> None:
    snapshot = Snapshot(Lsn(1, 3), ALL, STATE)
    hand = Hand("n1", SnapshotRecord(snapshot, None), term=1)
    effects = hand.get("n0", append(1, (1, 1), *entries(1, 1, 1, first=2)))
    assert written(effects) == [AppendRecord(3, entries(1, first=4))]
    assert told(effects, "n0") == [Appended(1, N1, 4, 1)]


# --- members


def test_members_are_those_of_the_newest_entry_committed_or_not() -> None:
    hand = Hand("n1", log=(1,))
    hand.get("n0", append(1, (1, 1), entry(1, 2, members(N0, N1))))
    assert hand.core.voters == (N0, N1)
    hand.get("n2", append(2, (1, 1), entry(2, 2)))
    assert hand.core.voters == (N0, N1, N2)


# --- snapshots


def test_a_snapshot_in_one_piece() -> None:
    hand = Hand("n1", log=(1,), term=2)
    effects = hand.get("n0", piece((2, 5), 0, STATE, True))
    assert written(effects) == [SnapshotRecord(Snapshot(Lsn(2, 5), ALL, STATE), None)]
    assert told(effects, "n0") == [Appended(2, N1, 5, 3)]
    assert (hand.core.applied, hand.core.committed, hand.value()) == (5, 5, "seen")
    assert (hand.log, hand.core.log.last) == ([], Lsn(2, 5))


def test_a_snapshot_in_pieces() -> None:
    hand = Hand("n1", term=2)
    effects = hand.get("n0", piece((2, 5), 0, STATE[:4], False))
    assert effects == [Send("n0", SnapshotReceived(2, N1, 5, 4, 3))]
    hand.get("n0", piece((2, 5), 4, STATE[4:6], False))
    assert hand.value() is None
    hand.get("n0", piece((2, 5), 6, STATE[6:], True))
    assert hand.value() == "seen"
    assert hand.core.incoming is None, "and no piece is kept"


def test_what_was_durable_of_a_log_that_a_snapshot_replaced_says_nothing_of_what_comes_there() -> None:
    hand = Hand("n1", log=(1,) * 7, term=2)
    assert hand.core.persisted == 7
    hand.get("n0", piece((2, 5), 0, STATE, True))
    hand.get("n0", append(2, (2, 5), *entries(2, 2, first=6)))
    assert hand.core.persisted == 5
    hand.sync()
    assert hand.core.persisted == 7


def test_a_piece_that_does_not_follow_is_not_taken() -> None:
    hand = Hand("n1", term=2)
    hand.get("n0", piece((2, 5), 0, STATE[:4], False))
    for offset, data in ((6, STATE[6:]), (0, STATE[:4])):
        assert told(hand.get("n0", piece((2, 5), offset, data, offset > 0)), "n0") == [
            SnapshotReceived(2, N1, 5, 4, 3)
        ]
    assert hand.core.applied == 0


def test_pieces_of_another_snapshot_begin_anew() -> None:
    hand = Hand("n1", term=2)
    hand.get("n0", piece((2, 5), 0, STATE[:4], False))
    assert told(hand.get("n0", piece((2, 9), 4, STATE[4:], True)), "n0") == [SnapshotReceived(2, N1, 9, 0, 3)]


def test_pieces_of_another_leaders_snapshot_are_not_put_to_these() -> None:
    hand = Hand("n1", term=2)
    hand.get("n0", piece((2, 5), 0, STATE[:4], False))
    answers = told(hand.get("n2", piece((2, 5), 4, STATE[4:], True, term=3)), "n2")
    assert answers == [SnapshotReceived(3, N1, 5, 0, 3)]
    assert hand.core.applied == 0


def test_a_snapshot_of_what_is_committed_changes_nothing_and_is_confirmed() -> None:
    hand = Hand("n1", log=(1, 1, 1))
    hand.get("n0", append(1, (1, 3), committed=3))
    effects = hand.get("n0", piece((1, 2), 0, STATE, True, term=1))
    assert effects == [Send("n0", Appended(1, N1, 2, 3))]
    assert hand.log == ["1:1", "1:2", "1:3"]


def test_a_snapshot_of_an_old_leader_is_not_taken() -> None:
    hand = Hand("n1", term=4)
    effects = hand.get("n0", piece((2, 5), 0, STATE, True))
    assert effects == [Send("n0", SnapshotReceived(4, N1, 5, 0, 0))]
    assert hand.core.applied == 0


def test_a_snapshot_says_who_the_members_are() -> None:
    hand = Hand("n3", blank=True)
    hand.get("n0", piece((2, 5), 0, STATE, True))
    assert hand.core.voters == (N0, N1, N2)
    assert hand.core.may_vote()


def test_the_log_is_compacted_when_enough_is_applied() -> None:
    hand = Hand("n1", log=(1, 1, 1, 1), compact_after=3, compact_keep=1)
    hand.get("n0", append(1, (1, 4), committed=2))
    assert hand.log == ["1:1", "1:2", "1:3", "1:4"]
    effects = hand.get("n0", append(1, (1, 4), committed=3))
    (record,) = written(effects)
    assert (record.snapshot.lsn, record.base) == (Lsn(1, 3), Lsn(1, 2))
    assert hand.log == ["1:3", "1:4"]


def test_a_snapshot_has_the_members_as_of_its_end_and_not_those_that_came_since() -> None:
    hand = Hand("n1", log=(1, 1), compact_after=2)
    effects = hand.get("n0", append(1, (1, 2), entry(1, 3, members(N0, N1)), committed=2))
    assert written(effects)[-1].snapshot.configuration == ALL
    assert hand.core.voters == (N0, N1)
    hand.get("n0", append(1, (1, 3), *entries(1, first=4), committed=4))
    assert hand.core.log.snapshot.configuration == Configuration((N0, N1))


# --- the disk


def test_a_disk_that_fails_stops_the_node() -> None:
    hand = Hand("n1")
    with pytest.raises(DiskFailed, match="n1 could not write to its disk: no space left"):
        hand.do(PersistFailed(1, "no space left"))


def test_answers_say_which_disk_they_speak_of() -> None:
    hand = Hand("n1", disk=2, blank=True)
    effects = hand.get("n0", append(1, (0, 0), *entries(1)))
    assert told(effects, "n0") == [Appended(1, Member("n1", 2), 1, 1)]
