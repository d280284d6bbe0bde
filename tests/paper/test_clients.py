"""Clients: Raft §8 and thesis §6.3 (sessions), §6.4 (reads), §6.4.1 (leases)."""

from __future__ import annotations

from rts.core.raft.messages import (
    Answered,
    Query,
    ReadIndex,
    ReadIndexed,
    Refused,
    Submit,
    Submitted,
    TransferLeadership,
)
from rts.ids import Lsn
from tests.core.raft.hand import BEAT, LOWER, N1, Hand, append, leader, told
from tests.core.raft.table import Table


def test_8_clients_are_told_who_leads() -> None:
    hand = Hand("n1")
    hand.get("n0", append(3, (0, 0)))
    assert told(hand.submit("x"), "c") == [Refused(1, "not-leader", 3, "n0")]


def test_8_a_leader_begins_its_term_with_a_no_op_and_learns_so_what_is_committed() -> None:
    hand = Hand(log=(1, 1))
    hand.lead()
    assert hand.log == ["1:1", "1:2", "2:3"]
    assert hand.core.applied == 0
    hand.settle()
    assert (hand.core.committed, hand.machine.applied) == (3, ["1.1", "1.2"])


def test_8_a_leader_asks_a_majority_before_it_answers_a_read() -> None:
    hand = leader()
    assert told(hand.query(), "c") == []
    assert told(hand.answer("n1"), "c") == [Answered(9, Lsn(1, 1), None, True)]


def test_8_a_leader_that_was_deposed_and_does_not_know_it_answers_no_read() -> None:
    table = Table()
    table.elect("n0")
    table.win("n1", "n2")
    table.settle("n1", "n2")
    assert [table.core(name).role for name in ("n0", "n1")] == ["leader", "leader"]
    table.give("n1", "c", Submit("c", 1, 0, ("k", "new")))
    table.settle("n1", "n2")
    assert [type(message) for _, _, message in table.said] == [Submitted]
    table.said.clear()
    table.drop("n1", "n0")
    table.give("n0", "d", Query(1, "k"))
    table.settle()
    assert [message for _, _, message in table.said] == [Refused(1, "not-leader", 2, None)]


# --- sessions


def test_6_3_a_command_that_is_asked_for_again_is_done_once() -> None:
    table = Table()
    table.elect("n0")
    ask = Submit("c", 1, 0, ("k", "once"))
    table.give("n0", "c", ask)
    table.give("n0", "c", ask)
    table.settle()
    table.beat("n0")
    table.settle()
    assert [message for _, _, message in table.said] == [Submitted(1, Lsn(1, 2), "k is once")] * 2
    assert table.log("n0") == [1, 1, 1]
    assert [table.core(name).state.machine.applied for name in table.seats] == [["once"]] * 3  # type: ignore[attr-defined]


def test_6_3_the_next_leader_knows_what_the_last_one_did() -> None:
    table = Table()
    table.elect("n0")
    ask = Submit("c", 1, 0, ("k", "once"))
    table.give("n0", "c", ask)
    table.settle()
    table.crash("n0")
    table.win("n1", "n2")
    table.settle()
    table.give("n1", "c", ask)
    assert table.said[-1] == ("n1", "c", Submitted(1, Lsn(1, 2), "k is once"))


def test_6_3_a_session_forgets_what_its_client_has_heard() -> None:
    hand = leader()
    for request in (1, 2, 3):
        hand.submit("x", request=request, answered=request)
        hand.sync()
        hand.answer("n1")
    assert sorted(hand.core.state.sessions["c"].results) == [3]


# --- ReadIndex (§6.4)


def test_6_4_step_1_no_read_index_before_an_entry_of_the_term_is_committed() -> None:
    hand = Hand(log=(1,))
    hand.lead()
    hand.get("n1", ReadIndex((1, 1)))
    hand.answer("n1", index=0)
    assert hand.core.confirmed == 2, "a majority has answered the round that the question began"
    assert len(hand.core.reads) == 1
    hand.sync()
    assert ReadIndexed((1, 1), 2) in told(hand.answer("n2"), "n1")


def test_6_4_step_2_and_3_the_index_is_the_committed_one_and_a_round_must_follow() -> None:
    hand = leader()
    hand.beat()
    hand.get("n1", ReadIndex((1, 1)))
    hand.answer("n1", round=2)
    hand.answer("n2", round=2)
    assert hand.core.confirmed == 2, "the round before the question does not do"
    assert [read.round for read in hand.core.reads] == [3]
    assert ReadIndexed((1, 1), 1) in told(hand.answer("n2"), "n1")


def test_6_4_step_4_and_5_a_follower_waits_until_it_has_applied_as_much() -> None:
    hand = Hand("n1", log=(1, 1))
    hand.get("n0", append(1, (1, 2), committed=1))
    ((_, question),) = [(effect.to, effect.message) for effect in hand.query("read-index")]  # type: ignore[union-attr]
    assert hand.get("n0", ReadIndexed(question.number, 2)) == []
    effects = hand.get("n0", append(1, (1, 2), committed=2))
    assert told(effects, "c") == [Answered(9, Lsn(1, 2), "1.2", False)]


def test_6_4_an_answer_to_a_question_of_an_earlier_life_is_not_taken() -> None:
    hand = Hand("n1", log=(1,))
    hand.core.life = 1
    hand.get("n0", append(1, (1, 1), committed=1))
    hand.query("read-index")
    assert hand.get("n0", ReadIndexed((0, 1), 1)) == []
    assert told(hand.get("n0", ReadIndexed((1, 1), 1)), "c") == [Answered(9, Lsn(1, 1), "1.1", False)]


# --- leases (§6.4.1)


def test_6_4_1_a_lease_runs_from_when_the_round_was_sent_not_from_when_it_was_answered() -> None:
    hand = leader()
    hand.beat()
    sent_at = hand.now
    hand.wait(BEAT)
    hand.answer("n1")
    hand.now = sent_at + LOWER - LOWER // 100
    assert told(hand.query("lease"), "c") == [Answered(9, Lsn(1, 1), None, True)]
    hand.now = sent_at + LOWER
    assert told(hand.query("lease"), "c") == []


def test_6_4_1_nobody_is_elected_while_a_lease_holds() -> None:
    """A follower that answered promised a minimal time-out's patience, by its own clock."""
    follower = Hand("n1")
    follower.get("n0", append(1, (0, 0)))
    follower.wait(follower.settings.lease_ns)
    assert follower.core.has_recent_leader()


def test_6_4_1_a_lease_ends_when_leadership_is_handed_over() -> None:
    hand = leader()
    assert told(hand.query("lease"), "c") != []
    hand.get("operator", TransferLeadership(1, "n1"))
    assert told(hand.query("lease"), "c") == []


def test_6_4_1_a_vote_does_not_carry_a_lease_until_the_voters_have_heard_the_leader() -> None:
    hand = Hand()
    hand.lead()
    assert not hand.core.has_lease()
    hand.sync()
    hand.answer("n1", N1)
    assert hand.core.has_lease()
