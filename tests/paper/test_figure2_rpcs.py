"""Raft, figure 2: the steps of those who receive RequestVote and AppendEntries, one by one.

Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm* (extended version, 2014).
"""

from __future__ import annotations

import pytest

from rts.core.effects import Persist, Send
from rts.core.raft.log import AppendRecord, StateRecord
from rts.core.raft.messages import Appended, AppendRejected, RequestVote, Voted
from rts.ids import Lsn
from tests.core.raft.hand import LOWER, N0, N1, N2, Hand, append, entries, told, written


def voter(**named: object) -> Hand:
    """`n1`, which has heard of no leader for long enough to vote."""
    hand = Hand("n1", **named)  # type: ignore[arg-type]
    hand.wait(LOWER)
    return hand


# --- RequestVote


def test_request_vote_1_refused_if_the_term_is_old() -> None:
    hand = voter(term=3)
    assert told(hand.get("n0", RequestVote(2, N0, Lsn(2, 9))), "n0") == [Voted(3, N1, False)]


def test_request_vote_2_granted_if_no_vote_was_given_in_the_term() -> None:
    hand = voter(term=3)
    effects = hand.get("n0", RequestVote(3, N0, Lsn(0, 0)))
    assert effects == [Persist(1, StateRecord(3, N0)), Send("n0", Voted(3, N1, True))]


def test_request_vote_2_granted_again_to_the_same_candidate() -> None:
    hand = voter(term=3, vote=N0)
    assert told(hand.get("n0", RequestVote(3, N0, Lsn(0, 0))), "n0") == [Voted(3, N1, True)]


def test_request_vote_2_refused_to_another_in_the_same_term() -> None:
    hand = voter(term=3, vote=N0)
    assert told(hand.get("n2", RequestVote(3, N2, Lsn(9, 9))), "n2") == [Voted(3, N1, False)]


@pytest.mark.parametrize(
    ("last", "granted"),
    [((1, 9), False), ((2, 1), False), ((2, 2), True), ((2, 3), True), ((3, 1), True)],
    ids=["longer, older term", "shorter", "the same", "longer", "shorter, newer term"],
)
def test_request_vote_2_granted_if_the_log_is_at_least_as_up_to_date(
    last: tuple[int, int], granted: bool
) -> None:
    hand = voter(log=(1, 2))
    assert told(hand.get("n0", RequestVote(4, N0, Lsn(*last))), "n0") == [Voted(4, N1, granted)]
    assert hand.core.vote == (N0 if granted else None)


# --- AppendEntries


def test_append_entries_1_refused_if_the_term_is_old() -> None:
    hand = Hand("n1", log=(1,), term=3)
    effects = hand.get("n0", append(2, (1, 1), *entries(2, first=2)))
    (answer,) = told(effects, "n0")
    assert isinstance(answer, AppendRejected)
    assert answer.term == 3
    assert hand.log == ["1:1"]


@pytest.mark.parametrize("previous", [(1, 3), (2, 2)], ids=["no entry there", "another term there"])
def test_append_entries_2_refused_if_the_previous_entry_does_not_match(previous: tuple[int, int]) -> None:
    hand = Hand("n1", log=(1, 1))
    effects = hand.get("n0", append(3, previous, *entries(3, first=previous[1] + 1)))
    (answer,) = told(effects, "n0")
    assert isinstance(answer, AppendRejected)
    assert hand.log == ["1:1", "1:2"]


def test_append_entries_3_a_conflicting_entry_goes_with_all_that_follow_it() -> None:
    hand = Hand("n1", log=(1, 1, 1, 1))
    hand.get("n0", append(2, (1, 1), *entries(2, first=2)))
    assert hand.log == ["1:1", "2:2"]


def test_append_entries_3_entries_that_do_not_conflict_stay_though_the_message_has_fewer() -> None:
    hand = Hand("n1", log=(1, 1, 1))
    effects = hand.get("n0", append(1, (0, 0), *entries(1)))
    assert hand.log == ["1:1", "1:2", "1:3"]
    assert written(effects) == []
    assert told(effects, "n0") == [Appended(1, N1, 1, 1)], "it says no more than it was told"


def test_append_entries_4_new_entries_are_appended() -> None:
    hand = Hand("n1", log=(1,))
    effects = hand.get("n0", append(1, (1, 1), *entries(1, 1, first=2)))
    assert written(effects) == [AppendRecord(1, entries(1, 1, first=2))]
    assert hand.log == ["1:1", "1:2", "1:3"]


@pytest.mark.parametrize(
    ("committed", "expected"), [(0, 0), (1, 1), (2, 2), (9, 2)], ids=["none", "less", "all", "more"]
)
def test_append_entries_5_committed_is_the_lesser_of_the_leaders_and_the_last_new_entry(
    committed: int, expected: int
) -> None:
    hand = Hand("n1", log=(1, 1, 1))
    hand.get("n0", append(1, (1, 1), *entries(1, first=2), committed=committed))
    assert hand.core.committed == expected, "the third entry may not be the leader's"


def test_append_entries_5_committed_does_not_go_back() -> None:
    hand = Hand("n1", log=(1, 1))
    hand.get("n0", append(1, (1, 2), committed=2))
    hand.get("n0", append(1, (1, 2), committed=1))
    assert hand.core.committed == 2


# --- before any answer (figure 2, state: persistent)


def test_state_is_on_disk_before_the_answer_leaves() -> None:
    hand = Hand("n1")
    effects = hand.get("n0", append(4, (0, 0), *entries(4)))
    kinds = [type(effect) for effect in effects]
    assert kinds == [Persist, Persist, Send]
    assert written(effects) == [StateRecord(4, None), AppendRecord(0, entries(4))]
    assert not effects[-1].before_persist  # type: ignore[union-attr]


def test_the_vote_is_on_disk_before_the_answer_leaves_and_holds_after_a_restart() -> None:
    hand = voter()
    effects = hand.get("n0", RequestVote(1, N0, Lsn(0, 0)))
    assert [type(effect) for effect in effects] == [Persist, Persist, Send]
    hand.boot("n1")
    hand.wait(LOWER)
    assert told(hand.get("n2", RequestVote(1, N2, Lsn(0, 0))), "n2") == [Voted(1, N1, False)]
