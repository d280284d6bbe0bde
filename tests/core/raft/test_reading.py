"""Reads: when a leader, a lease, a follower, or a node by itself may answer."""

from __future__ import annotations

from rts.core.effects import Send
from rts.core.raft.log import Configuration
from rts.core.raft.messages import (
    Answered,
    AppendEntries,
    InstallSnapshot,
    ReadIndex,
    ReadIndexed,
    Refused,
    Submitted,
)
from rts.ids import Lsn
from rts.schedule import SECOND
from tests.core.raft.hand import BEAT, LOWER, N0, N1, N2, Hand, append, entries, entry, leader, spoken, told

VALUE = Answered(9, Lsn(1, 2), "one", True)


def with_one(**named: object) -> Hand:
    """A leader that has committed a command."""
    hand = leader(**named)  # type: ignore[arg-type]
    hand.submit("one")
    hand.sync()
    hand.answer("n1")
    assert hand.value() == "one"
    return hand


# --- through the leader's round of contact


def test_a_read_begins_a_round_and_is_answered_when_a_majority_answers_it() -> None:
    hand = with_one()
    effects = hand.query()
    assert [(to, message.round) for to, message in spoken(effects)] == [("n1", 2), ("n2", 2)]
    assert told(hand.answer("n1", round=1), "c") == [], "an answer to an earlier round"
    assert told(hand.answer("n1"), "c") == [VALUE]


def test_reads_that_come_meanwhile_share_the_next_round() -> None:
    hand = with_one()
    hand.query(request=1)
    assert hand.query(request=2) == []
    assert hand.query(request=3) == []
    effects = hand.answer("n1")
    assert [said.request for said in told(effects, "c")] == [1]
    assert hand.core.round == 3
    assert [said.request for said in told(hand.answer("n2"), "c")] == [2, 3]


def test_a_heartbeat_that_goes_out_meanwhile_is_as_good_a_round() -> None:
    hand = with_one()
    hand.query(request=1)
    hand.query(request=2)
    hand.beat()
    assert [said.request for said in told(hand.answer("n2"), "c")] == [1, 2]


def test_no_read_is_answered_before_the_terms_first_entry_is_committed() -> None:
    hand = Hand(log=(1,), term=1)
    hand.lead()
    hand.query()
    assert told(hand.answer("n1", index=0), "c") == []
    assert told(hand.answer("n2", index=0), "c") == []
    hand.sync()
    assert told(hand.answer("n1"), "c") == [Answered(9, Lsn(2, 2), "1.1", True)]


def test_a_leader_that_steps_down_refuses_the_reads_that_wait() -> None:
    hand = with_one()
    hand.query()
    assert told(hand.get("n1", append(2, (1, 2))), "c") == [Refused(9, "not-leader", 2, None)]
    assert hand.core.reads == []


def test_a_read_sees_what_was_committed_when_it_is_answered() -> None:
    hand = with_one()
    hand.query()
    hand.submit("two", request=2)
    hand.sync()
    assert told(hand.answer("n1"), "c") == [
        Submitted(2, Lsn(1, 3), "k is two"),
        Answered(9, Lsn(1, 3), "two", True),
    ]


def test_a_leader_alone_answers_at_once() -> None:
    hand = leader(voters=("n0",))
    assert told(hand.query(), "c") == [Answered(9, Lsn(1, 1), None, True)]


def test_a_follower_refuses_a_read_for_the_leader() -> None:
    hand = Hand("n1")
    hand.get("n0", append(1, (0, 0)))
    assert told(hand.query(), "c") == [Refused(9, "not-leader", 1, "n0")]


# --- by lease


def test_a_lease_lasts_less_than_a_minimal_time_out_from_when_the_round_was_sent() -> None:
    hand = with_one()
    hand.beat()
    sent_at = hand.now
    hand.wait(BEAT)
    hand.answer("n1")
    lease = hand.settings.lease_ns
    assert lease == LOWER - LOWER * 2 * hand.settings.drift_ppm // 1_000_000
    hand.now = sent_at + lease - 1
    assert told(hand.query("lease"), "c") == [VALUE]
    hand.now = sent_at + lease
    assert told(hand.query("lease"), "c") == []
    assert told(hand.answer("n2"), "c") == [VALUE], "it went through a round instead"


def test_no_lease_before_the_terms_first_entry_is_committed() -> None:
    hand = Hand(log=(1,))
    hand.lead()
    assert told(hand.query("lease"), "c") == []


# --- through ReadIndex at a follower


def follower(**named: object) -> Hand:
    """`n1`, which has applied the first of two entries that its leader sent."""
    hand = Hand("n1", log=(1, 1), **named)  # type: ignore[arg-type]
    hand.get("n0", append(1, (1, 2), committed=1))
    return hand


def asked(hand: Hand) -> tuple[int, int]:
    """The number of the follower's question."""
    ((to, question),) = spoken(hand.query("read-index"))
    assert to == "n0"
    assert isinstance(question, ReadIndex)
    return question.number


def test_a_follower_asks_and_answers_when_it_has_applied_as_much() -> None:
    hand = follower()
    number = asked(hand)
    assert hand.get("n0", ReadIndexed(number, 2)) == []
    effects = hand.get("n0", append(1, (1, 2), committed=2))
    assert told(effects, "c") == [Answered(9, Lsn(1, 2), "1.2", False)]


def test_a_follower_that_has_applied_as_much_answers_at_once() -> None:
    hand = follower()
    number = asked(hand)
    assert told(hand.get("n0", ReadIndexed(number, 1)), "c") == [Answered(9, Lsn(1, 1), "1.1", False)]
    assert hand.get("n0", ReadIndexed(number, 1)) == [], "once"


def test_a_question_that_no_one_answered_is_forgotten_when_its_client_has_given_up() -> None:
    hand = follower()
    lost = asked(hand)
    hand.wait(2 * SECOND - 1)
    late = asked(hand)
    assert list(hand.core.forwarded) == [lost, late]
    hand.wait(1)
    last = asked(hand)
    assert list(hand.core.forwarded) == [late, last]
    assert hand.get("n0", ReadIndexed(lost, 1)) == []


def test_a_snapshot_that_reaches_as_far_lets_the_read_through() -> None:
    hand = follower()
    hand.get("n0", ReadIndexed(asked(hand), 5))
    state = leader().core.state
    state.machine.restore(b"k=five")
    snapshot = InstallSnapshot(1, Lsn(1, 5), Configuration((N0, N1, N2)), 0, state.snapshot(), True, 1)
    assert told(hand.get("n0", snapshot), "c") == [Answered(9, Lsn(1, 5), "five", False)]


def test_a_follower_refuses_when_the_leader_it_asked_does_not_lead() -> None:
    hand = follower()
    assert told(hand.get("n0", ReadIndexed(asked(hand), None)), "c") == [Refused(9, "not-leader", 1, "n0")]


def test_a_follower_without_a_leader_refuses() -> None:
    assert told(Hand("n1").query("read-index"), "c") == [Refused(9, "not-leader", 0, None)]


def test_the_leader_tells_the_index_after_a_round_and_what_is_committed() -> None:
    hand = with_one()
    hand.get("n1", ReadIndex((7, 1)))
    heartbeat, indexed = told(hand.answer("n1"), "n1")
    assert heartbeat == AppendEntries(1, Lsn(1, 2), (), 2, 2)
    assert indexed == ReadIndexed((7, 1), 2)


def test_a_follower_whose_next_entries_are_compacted_away_is_told_the_index_too() -> None:
    hand = leader(window=1, compact_after=3)
    hand.submit("in the window", request=1)
    for request in (2, 3, 4):
        hand.submit("behind it", request=request)
    hand.sync()
    while hand.core.committed < 5:
        hand.answer("n2")
    assert hand.core.progress["n1"].next <= hand.core.log.base.index
    hand.get("n1", ReadIndex((7, 1)))
    assert ReadIndexed((7, 1), 5) in told(hand.answer("n2"), "n1")


def test_who_does_not_lead_says_so_to_a_follower() -> None:
    hand = Hand("n1")
    assert hand.get("n2", ReadIndex((7, 1))) == [Send("n2", ReadIndexed((7, 1), None))]


def test_a_leader_that_steps_down_says_so_to_the_followers_that_asked() -> None:
    hand = with_one()
    hand.get("n1", ReadIndex((7, 1)))
    assert ReadIndexed((7, 1), None) in told(hand.get("n2", append(2, (1, 2))), "n1")


# --- what a node has


def test_a_node_serves_what_it_has_once_it_has_replayed_what_the_leader_committed() -> None:
    hand = Hand("n1", log=(1, 1), term=2)
    refused = Refused(9, "replaying", 2, None)
    assert told(hand.query("local"), "c") == [refused]
    hand.get("n0", append(2, (1, 2), entry(2, 3), committed=3))
    assert told(hand.query("local"), "c") == [Answered(9, Lsn(2, 3), "2.3", False)]


def test_what_is_committed_elsewhere_and_not_here_is_not_replayed() -> None:
    hand = Hand("n1", log=(1, 1), term=2)
    hand.get("n0", append(2, (1, 2), committed=3))
    assert told(hand.query("local"), "c") == [Refused(9, "replaying", 2, "n0")]
    hand.get("n0", append(2, (1, 2), entry(2, 3), committed=3))
    hand.get("n0", append(2, (2, 3), *entries(2, first=4), committed=3))
    assert told(hand.query("local"), "c") == [Answered(9, Lsn(2, 3), "2.3", False)]


def test_an_entry_of_the_term_is_not_enough_while_the_leader_has_committed_more() -> None:
    hand = Hand("n1", log=(2, 2))
    hand.get("n0", append(2, (2, 2), committed=3))
    assert hand.core.applied == 2
    assert told(hand.query("local"), "c") == [Refused(9, "replaying", 2, "n0")]
    hand.get("n0", append(2, (2, 2), *entries(2, first=3), committed=3))
    assert told(hand.query("local"), "c") == [Answered(9, Lsn(2, 3), "2.3", False)]


def test_local_reads_go_on_without_a_leader() -> None:
    hand = Hand("n1", log=(1,), term=1)
    hand.get("n0", append(1, (1, 1), committed=1))
    hand.query("local")
    hand.time_out()
    assert told(hand.query("local"), "c") == [Answered(9, Lsn(1, 1), "1.1", False)]
