"""Changes of members and of the leader, as the leader sees them."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.log import Configuration, Configure
from rts.core.raft.messages import (
    AppendEntries,
    Changed,
    ChangeMembers,
    Reason,
    Refused,
    TimeoutNow,
    TransferLeadership,
    Transferred,
    Unknown,
    Voted,
)
from rts.ids import Lsn, Member
from tests.core.raft.hand import BEAT, LOWER, N0, N1, N2, N3, UPPER, Hand, append, leader, told


def change(hand: Hand, action: Any, node: str, *, request: int = 5) -> list[Any]:
    """An operator asks for a change; all that the node did."""
    return list(hand.get("operator", ChangeMembers(request, action, node)))


def last_members(hand: Hand) -> Configuration:
    """What the last entry makes the members."""
    what = hand.core.log.entries[-1].command
    assert isinstance(what, Configure)
    return what.configuration


# --- what is refused


@pytest.mark.parametrize(
    ("action", "node", "reason"),
    [
        ("add", "n1", "no-change"),
        ("add-learner", "n1", "no-change"),
        ("add-learner", "n4", "no-change"),
        ("remove", "n3", "no-change"),
    ],
)
def test_what_changes_nothing_is_refused(action: str, node: str, reason: Reason) -> None:
    hand = leader(learners=("n4",))
    assert told(change(hand, action, node), "operator") == [Refused(5, reason, 1, "n0")]


def test_the_last_voter_stays() -> None:
    hand = leader(voters=("n0",))
    assert told(change(hand, "remove", "n0"), "operator") == [Refused(5, "last-voter", 1, "n0")]


def test_who_does_not_lead_changes_nothing() -> None:
    assert told(change(Hand("n1"), "remove", "n2"), "operator") == [Refused(5, "not-leader", 0, None)]


def test_one_change_at_a_time() -> None:
    hand = leader()
    change(hand, "remove", "n1")
    assert told(change(hand, "remove", "n2"), "operator") == [Refused(5, "change-under-way", 1, "n0")]


def test_no_change_while_an_earlier_leaders_is_not_committed() -> None:
    hand = leader()
    change(hand, "remove", "n2")
    assert hand.core.configured_at == 2
    hand.get("n1", append(2, (1, 2)))
    hand.lead()
    assert told(change(hand, "remove", "n1"), "operator") == [Refused(5, "change-under-way", 3, "n0")]


# --- additions


def test_a_newcomer_says_who_it_is_then_catches_up_then_votes() -> None:
    hand = leader()
    (asks,) = told(change(hand, "add", "n3"), "n3")
    assert asks == AppendEntries(1, Lsn(1, 1), (), 1, 1)
    newcomer = Member("n3", 7)
    effects = hand.answer("n3", newcomer, index=0)
    assert last_members(hand) == Configuration((N0, N1, N2), (newcomer,))
    assert told(effects, "operator") == []

    hand.sync()
    hand.answer("n1")
    assert hand.core.committed == 2, "the learner is committed"
    hand.answer("n3", newcomer, index=1)
    assert newcomer in hand.core.configuration.learners, "it does not know yet who the members are"
    hand.answer("n3", newcomer, index=2)
    assert last_members(hand) == Configuration((N0, N1, N2, newcomer))

    hand.sync()
    hand.answer("n1")
    assert hand.core.committed == 2, "two of four are no majority"
    effects = hand.answer("n3", newcomer)
    assert told(effects, "operator") == [
        Changed(5, Lsn(1, 3), Configuration((N0, N1, N2, newcomer))),
    ]


def test_a_learner_is_added_when_its_entry_is_committed() -> None:
    hand = leader()
    change(hand, "add-learner", "n3")
    hand.answer("n3", N3, index=0)
    hand.sync()
    assert told(hand.answer("n1"), "operator") == [Changed(5, Lsn(1, 2), Configuration((N0, N1, N2), (N3,)))]


def test_a_learner_that_is_there_is_made_a_voter() -> None:
    hand = leader(learners=("n3",))
    change(hand, "add", "n3")
    hand.answer("n3", N3)
    assert last_members(hand) == Configuration((N0, N1, N2, N3))


def test_a_slow_newcomer_gets_round_after_round_and_is_refused_in_the_end() -> None:
    hand = leader(learners=("n3",), catch_up_rounds=2)
    change(hand, "add", "n3")
    hand.wait(LOWER)
    assert told(hand.answer("n3", N3), "operator") == []
    hand.wait(LOWER)
    assert told(hand.answer("n3", N3), "operator") == [Refused(5, "too-slow", 1, "n0")]
    assert hand.core.configuration == Configuration((N0, N1, N2), (N3,))


def keep_beating(hand: Hand, nanoseconds: int) -> list[Any]:
    """Heartbeats for so long that `n1` answers; what the operator is told."""
    said: list[Any] = []
    until = hand.now + nanoseconds
    while hand.now < until:
        said += told(hand.beat(), "operator")
        hand.answer("n1")
    return said


def test_a_newcomer_that_never_speaks_is_given_up() -> None:
    hand = leader()
    change(hand, "add", "n3")
    assert keep_beating(hand, 4 * UPPER) == []
    assert keep_beating(hand, BEAT) == [Refused(5, "silent", 1, "n0")]
    assert "n3" not in hand.core.progress


def test_a_newcomer_that_speaks_no_more_is_given_up_and_stays_a_learner() -> None:
    hand = leader(learners=("n3",))
    hand.submit("more")
    change(hand, "add", "n3")
    keep_beating(hand, UPPER)
    hand.answer("n3", N3, index=1)
    assert keep_beating(hand, 4 * UPPER) == []
    assert keep_beating(hand, BEAT) == [Refused(5, "silent", 1, "n0")]
    assert hand.core.configuration.learners == (N3,)


# --- removals


def test_a_removed_node_hears_that_it_is_committed_and_then_nothing() -> None:
    hand = leader()
    change(hand, "remove", "n2")
    assert hand.core.voters == (N0, N1)
    hand.sync()
    effects = hand.answer("n1")
    assert told(effects, "operator") == [Changed(5, Lsn(1, 2), Configuration((N0, N1)))]
    assert [message.committed for message in told(effects, "n2")] == [2]
    assert told(hand.beat(), "n2") == []


def test_a_removed_leader_leads_until_that_is_committed_without_counting_itself() -> None:
    hand = leader()
    change(hand, "remove", "n0")
    hand.sync()
    hand.answer("n1")
    assert (hand.core.role, hand.core.committed) == ("leader", 1)
    effects = hand.answer("n2")
    assert told(effects, "operator") == [Changed(5, Lsn(1, 2), Configuration((N1, N2)))]
    assert hand.core.role == "follower"
    assert told(effects, "n2")[-1] == TimeoutNow(1), "the one with the longest log, and the highest name"
    assert hand.time_out()[-1:] == [hand.first[0]], "it does not stand again"


def test_a_leader_that_steps_down_does_not_know_what_became_of_a_change() -> None:
    hand = leader()
    change(hand, "remove", "n2")
    assert told(hand.get("n1", Voted(4, N1, False)), "operator") == [Unknown(5, 4)]
    assert hand.core.change is None


# --- transfers


def transfer(hand: Hand, node: str) -> list[Any]:
    return list(hand.get("operator", TransferLeadership(6, node)))


def test_a_target_that_has_the_whole_log_is_told_at_once() -> None:
    hand = leader()
    assert told(transfer(hand, "n1"), "n1") == [TimeoutNow(1)]


def test_a_target_that_lacks_entries_is_told_when_it_has_them_and_only_once() -> None:
    hand = leader()
    hand.submit("one")
    assert told(transfer(hand, "n1"), "n1") == []
    assert told(hand.answer("n1"), "n1") == [TimeoutNow(1)]
    assert told(hand.answer("n1"), "n1") == []


def test_commands_and_changes_wait_for_a_transfer() -> None:
    hand = leader()
    transfer(hand, "n1")
    assert told(hand.submit("x"), "c") == [Refused(1, "transferring", 1, "n0")]
    assert told(change(hand, "remove", "n2"), "operator") == [Refused(5, "transferring", 1, "n0")]
    assert told(transfer(hand, "n2"), "operator") == [Refused(6, "transferring", 1, "n0")]


@pytest.mark.parametrize("node", ["n0", "n3", "n4"])
def test_leadership_goes_to_another_voter_alone(node: str) -> None:
    hand = leader(learners=("n3",))
    assert told(transfer(hand, node), "operator") == [Refused(6, "not-a-voter", 1, "n0")]


def test_a_transfer_is_done_when_a_higher_term_begins() -> None:
    hand = leader()
    transfer(hand, "n1")
    assert told(hand.get("n1", append(2, (1, 1))), "operator") == [Transferred(6, 2)]


def test_a_transfer_that_takes_too_long_is_given_up_and_commands_go_on() -> None:
    hand = leader()
    transfer(hand, "n1")
    assert keep_beating(hand, UPPER) == []
    assert keep_beating(hand, BEAT) == [Refused(6, "timed-out", 1, "n0")]
    assert told(hand.submit("x"), "c") == []


def test_a_leader_that_loses_its_majority_while_it_hands_over_does_not_know_who_leads() -> None:
    hand = leader()
    hand.wait(UPPER - BEAT)
    transfer(hand, "n1")
    assert told(hand.beat(), "operator") == []
    assert told(hand.beat(), "operator") == [Unknown(6, 1)]


def test_no_lease_from_when_the_target_is_told() -> None:
    hand = leader()
    assert hand.core.has_lease()
    transfer(hand, "n1")
    assert not hand.core.has_lease()


def test_a_later_term_of_the_same_leader_has_leases_again() -> None:
    hand = leader()
    transfer(hand, "n1")
    hand.get("n1", append(2, (1, 1)))
    hand.lead()
    hand.settle()
    assert hand.core.has_lease()
