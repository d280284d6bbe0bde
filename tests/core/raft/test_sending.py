"""How a leader sends: windows, probes, backing up, snapshots, and rounds of contact."""

from __future__ import annotations

from rts.core.effects import Reply, Send
from rts.core.raft.leading import HEARTBEAT
from rts.core.raft.log import SnapshotRecord
from rts.core.raft.messages import (
    AppendEntries,
    InstallSnapshot,
    Refused,
    SnapshotReceived,
)
from rts.ids import Lsn, Member
from tests.core.raft.hand import (
    BEAT,
    LOWER,
    N2,
    UPPER,
    Hand,
    leader,
    spoken,
    timers,
    told,
)


def sent(hand: Hand, effects: list[object], to: str = "n1") -> list[tuple[str, list[str]]]:
    """The appends to a follower: what they follow on, and the positions that they bring."""
    return [
        (str(one.message.previous), [str(new.lsn) for new in one.message.entries])
        for one in effects
        if isinstance(one, Send) and one.to == to and isinstance(one.message, AppendEntries)
    ]


# --- flow control


def test_appends_are_pipelined_up_to_the_window() -> None:
    hand = leader(window=2)
    assert sent(hand, hand.submit("a", request=1)) == [("1:1", ["1:2"])]
    assert sent(hand, hand.submit("b", request=2)) == [("1:2", ["1:3"])]
    assert sent(hand, hand.submit("c", request=3)) == []
    assert sent(hand, hand.answer("n1", index=2)) == [("1:3", ["1:4"])]


def test_appends_are_batched() -> None:
    hand = leader(window=1, batch=2)
    for request, value in enumerate("abcd", 1):
        hand.submit(value, request=request)
    assert sent(hand, hand.answer("n1", index=2)) == [("1:2", ["1:3", "1:4"])]


def test_a_heartbeat_brings_what_is_missing_or_nothing() -> None:
    hand = leader()
    assert sent(hand, hand.beat()) == [("1:1", [])]
    hand.submit("one")
    assert sent(hand, hand.beat()) == [("1:2", [])], "it is under way"


def test_a_rejected_heartbeat_shows_that_appends_were_lost() -> None:
    hand = leader()
    hand.submit("one")
    hand.beat()
    assert sent(hand, hand.reject("n1", 2, (0, 2))) == [("1:1", ["1:2"])]
    assert hand.core.progress["n1"].state == "probe"


def test_a_late_rejection_is_no_news() -> None:
    hand = leader()
    hand.submit("one")
    hand.answer("n1")
    assert sent(hand, hand.reject("n1", 1, (0, 1))) == []
    assert hand.core.progress["n1"].state == "replicate"


def test_a_late_rejection_of_an_earlier_probe_is_no_news() -> None:
    hand = Hand(log=(1, 1, 1, 1))
    hand.lead()
    assert sent(hand, hand.reject("n1", 4, (0, 3)))[0][0] == "1:2"
    assert sent(hand, hand.reject("n1", 4, (0, 3))) == []
    assert hand.core.progress["n1"].next == 3


def test_a_rejection_that_leads_no_further_back_is_left_to_the_next_heartbeat() -> None:
    hand = leader()
    hand.submit("one")
    hand.reject("n1", 2, (0, 2))
    again = hand.reject("n1", 1, (0, 2))
    assert sent(hand, again) == []
    assert sent(hand, hand.beat()) == [("1:1", ["1:2"])]


def test_one_append_at_a_time_while_probing_and_again_at_the_heartbeat() -> None:
    hand = Hand(log=(1, 1, 1))
    hand.lead()
    assert sent(hand, hand.submit("x")) == []
    assert sent(hand, hand.beat()) == [("1:3", ["2:4", "2:5"])]


def test_commands_are_refused_while_too_many_wait() -> None:
    hand = leader(pending=2)
    hand.submit("a", request=1)
    hand.submit("b", request=2)
    assert hand.submit("c", request=3) == [Reply("c", Refused(3, "busy", 1, "n0"), before_persist=True)]
    hand.sync()
    hand.answer("n1")
    assert told(hand.submit("c", request=3), "n1") != []


# --- backing up (Raft, §5.3)


def test_the_leader_goes_on_after_its_last_entry_of_the_followers_term() -> None:
    hand = Hand(log=(4, 4, 5, 5, 6, 6, 6))
    hand.lead()
    assert sent(hand, hand.reject("n1", 7, (4, 1)))[0][0] == "4:2"


def test_without_an_entry_of_that_term_it_goes_on_at_the_followers_first_of_it() -> None:
    hand = Hand(log=(1, 1, 4, 4, 4))
    hand.lead()
    assert sent(hand, hand.reject("n1", 5, (2, 3)))[0][0] == "1:2"


def test_a_short_log_is_gone_on_with_where_it_ends() -> None:
    hand = Hand(log=(1, 1, 1, 1))
    hand.lead()
    assert sent(hand, hand.reject("n1", 4, (0, 3)))[0][0] == "1:2"


# --- snapshots


def behind_snapshot(**settings: int) -> Hand:
    """A leader that has compacted all up to 4; `n2` has the first entry alone."""
    hand = leader(compact_after=4, **settings)
    for request in (1, 2, 3):
        hand.submit("x" * request, request=request)
    hand.sync()
    hand.answer("n1")
    assert hand.core.log.snapshot.lsn == Lsn(1, 4)
    return hand


def test_a_follower_that_needs_what_is_compacted_gets_the_snapshot() -> None:
    hand = behind_snapshot()
    effects = hand.reject("n2", 4, (0, 1))
    snapshot = hand.core.log.snapshot
    assert told(effects, "n2") == [
        InstallSnapshot(1, Lsn(1, 4), hand.core.configuration, 0, snapshot.data, True, 1)
    ]
    assert sent(hand, hand.answer("n2", index=4), "n2") == []
    assert sent(hand, hand.submit("y", request=4), "n2") == [("1:4", ["1:5"])]


def test_a_follower_that_lacks_the_last_compacted_entry_alone_needs_the_snapshot_too() -> None:
    hand = behind_snapshot()
    effects = hand.reject("n2", 4, (0, 4))
    assert [type(message) for message in told(effects, "n2")] == [InstallSnapshot]


def test_pieces_are_sent_one_at_a_time_and_again_at_the_heartbeat() -> None:
    hand = behind_snapshot(chunk_bytes=10)
    data = hand.core.log.snapshot.data
    hand.reject("n2", 4, (0, 1))

    def offsets(effects: list[object]) -> list[tuple[int, bytes]]:
        return [(one.offset, one.data) for one in told(effects, "n2")]  # type: ignore[arg-type]

    received = SnapshotReceived(1, N2, 4, 10, 1)
    assert offsets(hand.get("n2", received)) == [(10, data[10:20])]
    assert offsets(hand.get("n2", received)) == [], "it is under way"
    assert offsets(hand.beat()) == [(10, data[10:20])]
    assert offsets(hand.get("n2", SnapshotReceived(1, N2, 4, 0, 1))) == [(0, data[:10])], "it began anew"
    assert offsets(hand.get("n2", SnapshotReceived(1, N2, 3, 20, 1))) == [], "of another snapshot"


def test_a_leader_that_compacts_keeps_its_own_log_readable() -> None:
    hand = behind_snapshot(compact_keep=2)
    assert hand.core.log.base == Lsn(1, 2)
    assert hand.log == ["1:3", "1:4"]
    assert isinstance(hand.disk[-1], SnapshotRecord)


# --- rounds of contact


def test_a_round_is_confirmed_when_a_majority_has_answered_it() -> None:
    hand = leader(voters=("n0", "n1", "n2", "n3", "n4"))
    hand.beat()
    contact = hand.now
    hand.wait(1)
    hand.answer("n1")
    assert hand.core.contact < contact
    hand.answer("n2", round=1)
    assert hand.core.contact < contact, "it answers the round before"
    hand.answer("n2")
    assert hand.core.contact == contact


def test_the_answer_of_a_disk_that_is_no_voter_confirms_no_round() -> None:
    """The one that it replaced may have voted for another leader."""
    hand = leader()
    hand.beat()
    hand.answer("n1", Member("n1", 2))
    assert hand.core.contact < hand.now
    hand.answer("n2")
    assert hand.core.contact == hand.now


def test_a_rejection_confirms_the_round_too() -> None:
    hand = leader()
    hand.beat()
    hand.reject("n1", 1, (0, 1))
    assert hand.core.contact == hand.now


def test_without_a_majority_for_the_longer_time_out_a_leader_steps_down() -> None:
    hand = leader()
    while hand.now + BEAT - hand.core.contact <= UPPER:
        hand.beat()
        assert hand.core.role == "leader"
    effects = hand.beat()
    assert (hand.core.role, hand.core.leader) == ("follower", None)
    assert spoken(effects) == []
    assert timers(effects) == [(HEARTBEAT, None), ("election", LOWER)]
