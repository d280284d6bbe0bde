"""Elections as one node sees them: timers, pre-votes, its own vote on disk."""

from __future__ import annotations

from rts.core.effects import Persist, Send, SetTimer
from rts.core.events import TimerFired
from rts.core.raft.election import ELECTION
from rts.core.raft.log import StateRecord
from rts.core.raft.messages import PreVote, PreVoted, RequestVote, TimeoutNow, Voted
from rts.ids import ORIGIN, Lsn, Member
from tests.core.raft.hand import (
    BEAT,
    LOWER,
    N0,
    N1,
    N2,
    N3,
    Hand,
    append,
    noted,
    spoken,
    timers,
    told,
    written,
)


def test_a_node_starts_as_a_follower_that_waits() -> None:
    hand = Hand()
    assert hand.first == [SetTimer(ELECTION, LOWER)]
    assert (hand.core.role, hand.core.leader, hand.core.term) == ("follower", None, 0)


def test_the_timer_that_was_put_off_waits_for_the_rest() -> None:
    hand = Hand()
    hand.wait(LOWER - 1)
    hand.get("n1", append(1, (0, 0)))
    hand.wait(1)
    assert hand.do(TimerFired(ELECTION)) == [SetTimer(ELECTION, LOWER - 1)]
    assert hand.core.role == "follower"


def test_a_time_out_asks_first() -> None:
    hand = Hand(log=(1, 1), term=3)
    effects = hand.time_out()
    ask = PreVote(4, N0, Lsn(1, 2))
    assert spoken(effects) == [("n1", ask), ("n2", ask)]
    assert written(effects) == []
    assert timers(effects) == [(ELECTION, LOWER)]
    assert (hand.core.role, hand.core.term) == ("pre-candidate", 3)


def test_a_majority_of_pre_votes_makes_a_candidate_whose_vote_goes_to_disk_first() -> None:
    hand = Hand()
    hand.time_out()
    effects = hand.get("n1", PreVoted(1, N1, True))
    ask = RequestVote(1, N0, ORIGIN)
    assert effects[0] == Persist(1, StateRecord(1, N0))
    assert effects[2:] == [Send("n1", ask), Send("n2", ask)]
    assert noted(effects) == ["candidate"]


def test_pre_votes_of_an_earlier_attempt_do_not_count() -> None:
    hand = Hand(term=3)
    hand.time_out()
    hand.get("n1", PreVoted(3, N1, True))
    assert hand.core.role == "pre-candidate"


def test_a_pre_vote_that_is_refused_may_tell_of_a_higher_term() -> None:
    hand = Hand()
    hand.time_out()
    effects = hand.get("n1", PreVoted(7, N1, False))
    assert written(effects) == [StateRecord(7, None)]
    assert (hand.core.role, hand.core.term) == ("follower", 7)


def test_the_own_vote_counts_once_it_is_durable() -> None:
    hand = Hand()
    hand.time_out()
    hand.get("n1", PreVoted(1, N1, True))
    hand.get("n1", Voted(1, N1, True))
    assert hand.core.role == "candidate"
    hand.sync()
    assert hand.core.role == "leader"


def test_votes_enough_of_others_do_not_make_a_leader_whose_own_term_is_not_durable() -> None:
    hand = Hand(voters=("n0", "n1", "n2", "n3", "n4"))
    hand.time_out()
    for voter in (N1, N2):
        hand.get(voter.node, PreVoted(1, voter, True))
    for voter in (N1, N2, N3):
        hand.get(voter.node, Voted(1, voter, True))
    assert hand.core.role == "candidate"
    hand.sync()
    assert hand.core.role == "leader"


def test_a_vote_that_comes_twice_counts_once() -> None:
    hand = Hand(voters=("n0", "n1", "n2", "n3", "n4"))
    hand.stand()
    hand.get("n1", Voted(1, N1, True))
    hand.get("n1", Voted(1, N1, True))
    assert hand.core.role == "candidate"
    hand.get("n2", Voted(1, N2, True))
    assert hand.core.role == "leader"


def test_the_word_of_a_disk_that_is_no_voter_does_not_count() -> None:
    hand = Hand()
    hand.stand()
    hand.get("n1", Voted(1, Member("n1", 2), True))
    hand.get("n3", Voted(1, Member("n3", 1), True))
    assert hand.core.role == "candidate"


def test_a_node_alone_elects_itself() -> None:
    hand = Hand(voters=("n0",))
    hand.time_out()
    assert hand.core.role == "candidate"
    hand.sync()
    assert hand.core.role == "leader"


def test_votes_are_given_again_to_the_same_candidate_without_writing() -> None:
    hand = Hand("n1", term=2, vote=N0)
    hand.wait(LOWER)
    effects = hand.get("n0", RequestVote(2, N0, ORIGIN))
    assert spoken(effects) == [("n0", Voted(2, N1, True))]
    assert written(effects) == []


def test_a_vote_puts_the_own_election_off() -> None:
    hand = Hand("n1")
    hand.wait(LOWER)
    hand.get("n0", RequestVote(1, N0, ORIGIN))
    assert hand.core.deadline == hand.now + LOWER
    assert hand.core.vote == N0


def test_a_pre_vote_promises_nothing() -> None:
    hand = Hand("n1")
    hand.wait(LOWER)
    for candidate in (N0, N2):
        effects = hand.get(candidate.node, PreVote(1, candidate, ORIGIN))
        assert effects == [Send(candidate.node, PreVoted(1, N1, True))]
    assert (hand.core.term, hand.core.vote) == (0, None)


def test_no_pre_vote_for_a_term_that_has_begun_here() -> None:
    hand = Hand("n1", term=5)
    hand.wait(LOWER)
    assert told(hand.get("n0", PreVote(5, N0, ORIGIN)), "n0") == [PreVoted(5, N1, False)]


def test_a_blank_disk_votes_for_nobody() -> None:
    hand = Hand("n1", blank=True, disk=2)
    hand.wait(LOWER)
    voter = Member("n1", 2)
    assert told(hand.get("n0", PreVote(1, N0, ORIGIN)), "n0") == [PreVoted(0, voter, False)]
    assert told(hand.get("n0", RequestVote(1, N0, ORIGIN)), "n0") == [Voted(1, voter, False)]


def test_a_node_that_is_no_voter_never_stands() -> None:
    for hand in (Hand("n3"), Hand("n3", learners=("n3",)), Hand("n0", disk=2)):
        effects = hand.time_out()
        assert effects == [SetTimer(ELECTION, LOWER)]
        hand.get("n1", TimeoutNow(0))
        assert hand.core.role == "follower"


def test_who_has_just_started_may_have_promised_patience() -> None:
    hand = Hand("n1")
    hand.wait(LOWER - 1)
    assert hand.get("n0", RequestVote(1, N0, ORIGIN)) == []
    assert told(hand.get("n0", PreVote(1, N0, ORIGIN)), "n0") == [PreVoted(0, N1, False)]


def test_a_candidate_that_loses_asks_again_before_it_takes_another_term() -> None:
    hand = Hand()
    hand.stand()
    effects = hand.time_out()
    assert [type(message) for _, message in spoken(effects)] == [PreVote, PreVote]
    assert (hand.core.role, hand.core.term) == ("pre-candidate", 1)


def test_a_leader_has_no_election_timer_and_sets_one_when_it_steps_down() -> None:
    hand = Hand()
    hand.lead()
    assert hand.do(TimerFired(ELECTION)) == []
    hand.wait(BEAT)
    assert (ELECTION, LOWER) in timers(hand.get("n1", append(2, (1, 1))))


def test_time_outs_are_drawn_from_the_whole_range() -> None:
    hand = Hand()
    asked: list[tuple[int, int]] = []

    class Asked:
        def randrange(self, start: int, stop: int) -> int:
            asked.append((start, stop))
            return stop - 1

    hand.core.chance = Asked()
    hand.core.put_off_election()
    low, high = hand.settings.election_ns
    assert asked == [(low, high + 1)]
    assert hand.core.deadline == high
