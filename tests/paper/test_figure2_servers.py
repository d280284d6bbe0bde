"""Raft, figure 2: rules for servers — all, followers, candidates, leaders."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.effects import Persist, Send
from rts.core.raft.log import StateRecord
from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    AppendRejected,
    PreVote,
    RequestVote,
    SnapshotReceived,
    Submitted,
    Voted,
)
from rts.errors import InvariantBroken
from rts.ids import ORIGIN, Lsn
from tests.core.raft.hand import LOWER, N0, N1, N2, Hand, append, entries, leader, spoken, told, written

FIVE = ("n0", "n1", "n2", "n3", "n4")


# --- all servers


def test_all_what_is_committed_is_applied_in_order() -> None:
    hand = Hand("n1", log=(1, 1, 1))
    hand.get("n0", append(1, (1, 3), committed=2))
    assert (hand.core.applied, hand.machine.applied) == (2, ["1.1", "1.2"])


@pytest.mark.parametrize(
    "message",
    [
        append(7, (0, 0)),
        RequestVote(7, N1, ORIGIN, transfer=True),
        Voted(7, N1, False),
        Appended(7, N1, 0, 1),
        AppendRejected(7, N1, 1, ORIGIN, 1),
        SnapshotReceived(7, N1, 1, 0, 1),
    ],
    ids=lambda message: type(message).__name__,
)
@pytest.mark.parametrize("role", ["follower", "pre-candidate", "candidate", "leader"])
def test_all_a_higher_term_in_a_request_or_an_answer_makes_a_follower(role: str, message: Any) -> None:
    hand = Hand(term=1, vote=N2)
    if role == "pre-candidate":
        hand.time_out()
    elif role == "candidate":
        hand.stand()
    elif role == "leader":
        hand.lead()
    assert hand.core.role == role
    effects = hand.get("n1", message)
    assert (hand.core.role, hand.core.term) == ("follower", 7)
    assert written(effects)[0] == StateRecord(7, None)


# --- followers (§5.2)


def test_followers_answer_leaders_and_candidates() -> None:
    hand = Hand("n1")
    assert told(hand.get("n0", append(1, (0, 0))), "n0") == [Appended(1, N1, 0, 1)]
    hand.wait(LOWER)
    assert told(hand.get("n2", RequestVote(2, N2, ORIGIN)), "n2") == [Voted(2, N1, True)]


def test_followers_stand_if_they_hear_no_leader_for_a_time_out() -> None:
    hand = Hand("n1")
    hand.time_out()
    assert hand.core.role == "pre-candidate"


def test_followers_do_not_stand_while_they_hear_the_leader_or_after_a_vote() -> None:
    hand = Hand("n1")
    hand.wait(LOWER)
    hand.get("n0", RequestVote(1, N0, ORIGIN))
    assert hand.core.deadline == 2 * LOWER
    hand.wait(LOWER)
    hand.get("n0", append(1, (0, 0)))
    assert hand.core.deadline == 3 * LOWER


def test_a_vote_that_is_refused_does_not_put_the_own_election_off() -> None:
    hand = Hand("n1", log=(5,))
    hand.wait(LOWER)
    hand.get("n0", RequestVote(6, N0, ORIGIN))
    assert hand.core.deadline == LOWER


# --- candidates (§5.2)


def test_candidates_enter_a_new_term_vote_for_themselves_and_ask_all() -> None:
    hand = Hand(term=4)
    effects = hand.stand()
    assert (hand.core.term, hand.core.vote) == (5, N0)
    assert effects[0] == Persist(1, StateRecord(5, N0))
    ask = RequestVote(5, N0, ORIGIN)
    assert effects[-2:] == [Send("n1", ask), Send("n2", ask)]
    assert hand.core.deadline == hand.now + LOWER


def test_candidates_lead_with_votes_of_a_majority() -> None:
    hand = Hand(voters=FIVE)
    hand.stand()
    hand.get("n1", Voted(1, N1, True))
    assert hand.core.role == "candidate"
    hand.get("n2", Voted(1, N2, False))
    assert hand.core.role == "candidate"
    hand.get("n2", Voted(1, N2, True))
    assert hand.core.role == "leader"


def test_candidates_follow_the_leader_of_their_term() -> None:
    hand = Hand()
    hand.stand()
    hand.get("n1", append(1, (0, 0)))
    assert (hand.core.role, hand.core.leader, hand.core.vote) == ("follower", "n1", N0)


def test_candidates_do_not_follow_the_leader_of_an_old_term() -> None:
    hand = Hand(term=3)
    hand.stand()
    hand.get("n1", append(3, (0, 0)))
    assert (hand.core.role, hand.core.term) == ("candidate", 4)


def test_candidates_try_again_after_another_time_out() -> None:
    hand = Hand()
    hand.stand()
    hand.stand()
    assert (hand.core.role, hand.core.term) == ("candidate", 2)


def test_votes_of_an_earlier_term_do_not_count() -> None:
    hand = Hand()
    hand.stand()
    hand.stand()
    hand.get("n1", Voted(1, N1, True))
    assert hand.core.role == "candidate"


# --- leaders


def test_leaders_speak_at_once_and_then_regularly() -> None:
    hand = Hand()
    effects = hand.lead()
    assert [(to, type(message)) for to, message in spoken(effects)] == [
        ("n1", AppendEntries),
        ("n2", AppendEntries),
    ]
    assert [to for to, _ in spoken(hand.beat())] == ["n1", "n2"]


def test_leaders_append_a_command_and_answer_when_it_is_applied() -> None:
    """§5.3."""
    hand = leader()
    hand.submit("one")
    assert hand.log == ["1:1", "1:2"]
    hand.sync()
    effects = hand.answer("n1")
    assert told(effects, "c") == [Submitted(1, Lsn(1, 2), "k is one")]
    assert hand.machine.applied == ["one"]


def test_leaders_send_what_follows_on_next_index() -> None:
    """§5.3."""
    hand = leader()
    hand.submit("one")
    hand.answer("n1")
    (message,) = told(hand.submit("two", request=2), "n1")
    assert (message.previous, [entry.lsn for entry in message.entries]) == (Lsn(1, 2), [Lsn(1, 3)])


def test_leaders_advance_next_and_match_index_on_success() -> None:
    hand = leader()
    hand.submit("one")
    hand.answer("n1")
    progress = hand.core.progress["n1"]
    assert (progress.next, progress.matched) == (3, 2)


def test_leaders_decrease_next_index_and_try_again_on_a_mismatch() -> None:
    """§5.3."""
    hand = Hand(log=(1, 2, 3))
    hand.lead()
    assert hand.core.progress["n1"].next == 4
    (message,) = told(hand.reject("n1", 3, (2, 2)), "n1")
    assert message.previous == Lsn(2, 2)
    assert [entry.lsn for entry in message.entries] == [Lsn(3, 3), Lsn(4, 4)]


def test_leaders_commit_what_a_majority_has_of_their_term() -> None:
    """§5.3."""
    hand = Hand(voters=FIVE)
    hand.lead()
    hand.sync()
    hand.answer("n1")
    assert hand.core.committed == 0
    hand.answer("n2")
    assert hand.core.committed == 1


def test_leaders_do_not_commit_an_entry_of_an_earlier_term_by_counting() -> None:
    """§5.4.2."""
    hand = Hand(log=(1, 2))
    hand.lead()
    hand.sync()
    hand.answer("n1", index=2)
    hand.answer("n2", index=2)
    assert hand.core.committed == 0
    hand.answer("n1", index=3)
    assert hand.core.committed == 3


def test_leaders_never_overwrite_or_delete_their_own_entries() -> None:
    """§5.3, leader append-only (figure 3)."""
    hand = leader()
    before = list(hand.core.log.entries)
    for value in range(5):
        hand.submit(value, request=value)
        hand.reject("n1", 1, (0, 1))
        hand.beat()
        assert hand.core.log.entries[: len(before)] == before
        before = list(hand.core.log.entries)


def test_there_is_no_leader_but_one_in_a_term() -> None:
    """§5.2: a leader takes no other leader's word in its term for possible."""
    hand = leader()
    with pytest.raises(InvariantBroken, match="n0, a leader, met with 'leader of the term' in term 1"):
        hand.get("n1", append(1, (0, 0), *entries(1)))


# --- how elections begin and end (§5.2)


def test_a_pre_vote_comes_before_each_election() -> None:
    """Thesis, §9.6: figure 2's candidates ask beforehand here."""
    hand = Hand()
    assert {type(message) for _, message in spoken(hand.time_out())} == {PreVote}
    assert (hand.core.term, hand.core.vote) == (0, None)
