"""Raft, §7 and figure 13: the steps of one who receives InstallSnapshot, and what a snapshot holds."""

from __future__ import annotations

from rts.core.effects import Persist, Send
from rts.core.raft.log import Configuration, Snapshot, SnapshotRecord
from rts.core.raft.machine import Replicated
from rts.core.raft.messages import Appended, InstallSnapshot, SnapshotReceived, Submitted
from rts.ids import Lsn
from tests.core.raft.hand import N0, N1, N2, N3, Hand, Keys, append, command, entries, told, written

ALL = Configuration((N0, N1, N2))


def state(value: str) -> bytes:
    """A snapshot's bytes, in which client `c` has set `k`."""
    replicated = Replicated(Keys())
    replicated.apply(Lsn(2, 5), command(value, request=5))
    return replicated.snapshot()


DATA = state("seen")
WHOLE = InstallSnapshot(2, Lsn(2, 5), ALL, 0, DATA, True, 1)


def piece(offset: int, end: int, *, term: int = 2) -> InstallSnapshot:
    return InstallSnapshot(term, Lsn(2, 5), ALL, offset, DATA[offset:end], end >= len(DATA), 1)


def test_figure_13_1_an_old_term_is_answered_at_once() -> None:
    hand = Hand("n1", term=3)
    assert hand.get("n0", WHOLE) == [Send("n0", SnapshotReceived(3, N1, 5, 0, 0))]


def test_figure_13_2_to_4_pieces_are_put_together_at_their_offsets_and_each_is_answered() -> None:
    hand = Hand("n1", term=2)
    assert hand.get("n0", piece(0, 5)) == [Send("n0", SnapshotReceived(2, N1, 5, 5, 1))]
    assert hand.get("n0", piece(5, 9)) == [Send("n0", SnapshotReceived(2, N1, 5, 9, 1))]
    assert hand.core.applied == 0
    effects = hand.get("n0", piece(9, 10_000))
    assert written(effects) == [SnapshotRecord(Snapshot(Lsn(2, 5), ALL, DATA), None)]


def test_figure_13_5_the_snapshot_is_on_disk_before_the_answer_and_an_older_one_is_gone() -> None:
    older = SnapshotRecord(Snapshot(Lsn(1, 2), ALL, state("older")), None)
    hand = Hand("n1", older, term=2)
    assert hand.value() == "older"
    effects = hand.get("n0", WHOLE)
    assert [type(effect) for effect in effects if isinstance(effect, (Persist, Send))] == [Persist, Send]
    assert told(effects, "n0") == [Appended(2, N1, 5, 1)]
    hand.boot("n1")
    assert (hand.value(), hand.core.applied, hand.core.log.base) == ("seen", 5, Lsn(2, 5))


def test_figure_13_6_entries_that_follow_the_snapshots_last_stay() -> None:
    hand = Hand("n1", log=(1, 1, 2, 2, 2, 2, 2))
    hand.get("n0", WHOLE)
    assert hand.log == ["2:6", "2:7"]
    hand.boot("n1")
    assert hand.log == ["2:6", "2:7"]


def test_figure_13_7_else_the_whole_log_goes() -> None:
    for log in ((1, 1, 1, 1, 1, 1, 1), (1, 1)):
        hand = Hand("n1", log=log, term=2)
        hand.get("n0", WHOLE)
        assert (hand.log, hand.core.log.last) == ([], Lsn(2, 5))
        hand.boot("n1")
        assert (hand.log, hand.core.log.last) == ([], Lsn(2, 5))


def test_figure_13_8_the_state_machine_and_the_members_are_the_snapshots() -> None:
    hand = Hand("n1", log=(1,))
    hand.get("n0", append(2, (1, 1), committed=1))
    members = Configuration((N0, N1), (N3,))
    hand.get("n0", InstallSnapshot(2, Lsn(2, 5), members, 0, DATA, True, 1))
    assert hand.machine.values == {"k": "seen"}
    assert hand.core.configuration == members
    assert (hand.core.applied, hand.core.committed) == (5, 5)


def test_7_a_snapshot_of_what_the_follower_has_committed_changes_nothing() -> None:
    """A late or repeated message must not take the state back."""
    hand = Hand("n1", log=(2,) * 7)
    hand.get("n0", append(2, (2, 7), committed=7))
    effects = hand.get("n0", WHOLE)
    assert written(effects) == []
    assert (hand.core.applied, hand.value()) == (7, "2.7")


def test_7_a_snapshot_does_not_take_the_term_back() -> None:
    hand = Hand("n1", term=9)
    hand.get("n0", InstallSnapshot(9, Lsn(2, 5), ALL, 0, DATA, True, 1))
    assert hand.core.term == 9
    hand.boot("n1")
    assert hand.core.term == 9


def test_7_the_last_included_index_and_term_serve_the_next_consistency_check() -> None:
    hand = Hand("n1", term=2)
    hand.get("n0", WHOLE)
    effects = hand.get("n0", append(2, (2, 5), *entries(2, first=6)))
    assert told(effects, "n0") == [Appended(2, N1, 6, 1)]


def test_7_each_server_compacts_by_itself_and_keeps_the_latest_configuration() -> None:
    hand = Hand("n1", log=(1, 1, 1), compact_after=2)
    effects = hand.get("n0", append(1, (1, 3), committed=2))
    (record,) = written(effects)
    assert (record.snapshot.lsn, record.snapshot.configuration) == (Lsn(1, 2), ALL)
    assert hand.log == ["1:3"]


def test_7_sessions_are_in_the_snapshot() -> None:
    """Thesis, §6.3: else a command could be done twice, once on either side of a snapshot."""
    hand = Hand("n1", term=2)
    hand.get("n0", WHOLE)
    assert told(hand.submit("seen", request=5), "c") == [Submitted(5, Lsn(2, 5), "k is seen")]
