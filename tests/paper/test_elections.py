"""Who may be elected, and who must not disturb: Raft §5.2, §5.4.1 and §6; thesis §4.2.3 and §9.6."""

from __future__ import annotations

import pytest

from rts.core.raft.messages import PreVote, RequestVote, Submit
from rts.ids import Lsn
from tests.core.raft.hand import BEAT, LOWER, N2, Hand, append, leader, told
from tests.core.raft.table import Table

FIVE = ("n0", "n1", "n2", "n3", "n4")


def submit(table: Table, name: str, *values: str) -> None:
    for value in values:
        table.give(name, value, Submit(value, 1, 0, ("k", value)))


def test_5_2_a_split_vote_elects_nobody_and_the_next_term_somebody() -> None:
    table = Table(("n0", "n1", "n2", "n3"))
    for name in ("n0", "n1"):
        table.time_out(name)
    for candidate, voter in (("n0", "n2"), ("n0", "n3"), ("n1", "n2"), ("n1", "n3")):
        table.deliver(candidate, voter)
        table.deliver(voter, candidate)
    assert [table.core(name).role for name in ("n0", "n1")] == ["candidate", "candidate"]
    table.deliver("n0", "n2")
    table.deliver("n1", "n3")
    table.settle()
    assert [table.core(name).role for name in table.seats] == [
        "candidate",
        "candidate",
        "follower",
        "follower",
    ]
    table.elect("n1")
    assert table.core("n1").term == 2
    assert table.core("n0").role == "follower"


def test_5_2_at_most_one_leader_can_be_elected_in_a_term() -> None:
    table = Table(FIVE)
    table.time_out("n0")
    table.time_out("n1")
    table.settle()
    leaders = [name for name in FIVE if table.core(name).role == "leader"]
    assert len(leaders) == 1


def test_5_4_1_the_longer_log_with_older_terms_is_not_elected() -> None:
    """The log of n0 is the longest, but n1 and n2 have committed an entry of a later term."""
    table = Table()
    table.elect("n0")
    submit(table, "n0", "a", "b", "c", "d")
    table.crash("n0")
    table.win("n1", "n2")
    table.settle("n1", "n2")
    assert [table.log(name) for name in table.seats] == [[1] * 5, [1, 2], [1, 2]]
    assert table.core("n1").committed == 2

    table.crash("n1")
    table.start("n0")
    with pytest.raises(AssertionError, match=r"n0 is a (follower|pre-candidate) of term 2"):
        table.win("n0", "n2")
    table.start("n1")
    with pytest.raises(AssertionError, match=r"n0 is a (follower|pre-candidate) of term 2"):
        table.win("n0", "n1", "n2")

    table.win("n2", "n0", "n1")
    table.settle()
    table.beat("n2")
    table.settle()
    assert [table.log(name) for name in table.seats] == [[1, 2, table.core("n2").term]] * 3


@pytest.mark.parametrize(
    ("own", "candidate", "granted"),
    [
        ((1, 1, 1), (2, 1), True),
        ((1, 2), (1, 7), False),
        ((2, 2), (2, 1), False),
        ((2, 2), (2, 3), True),
        ((2, 2), (2, 2), True),
    ],
    ids=["later term", "earlier term", "shorter", "longer", "equal"],
)
def test_5_4_1_up_to_date_is_by_last_term_and_then_by_length(
    own: tuple[int, ...], candidate: tuple[int, int], granted: bool
) -> None:
    assert Hand(log=own).core.is_up_to_date(Lsn(*candidate)) == granted


# --- disruptive servers


def test_6_servers_do_not_vote_while_they_believe_that_a_leader_is_there() -> None:
    """Raft §6; thesis §4.2.3: neither the term nor the vote changes."""
    hand = Hand("n1")
    hand.get("n0", append(1, (0, 0)))
    hand.wait(LOWER - 1)
    assert hand.get("n2", RequestVote(5, N2, Lsn(9, 9))) == []
    assert (hand.core.term, hand.core.vote, hand.core.leader) == (1, None, "n0")
    hand.wait(1)
    hand.get("n2", RequestVote(5, N2, Lsn(9, 9)))
    assert (hand.core.term, hand.core.vote) == (5, N2)


def test_6_a_leader_that_a_majority_answers_does_not_step_down_for_a_candidate() -> None:
    hand = leader()
    hand.beat()
    hand.answer("n1")
    hand.wait(LOWER - BEAT)
    assert hand.get("n2", RequestVote(5, N2, Lsn(9, 9))) == []
    assert (hand.core.role, hand.core.term) == ("leader", 1)


def test_6_a_removed_server_that_does_not_know_it_disturbs_nobody() -> None:
    """It times out again and again, because nobody sends it heartbeats any more."""
    table = Table()
    table.elect("n0")
    for _ in range(5):
        table.time_out("n2")
        for name in ("n0", "n1"):
            table.drop(name, "n2")
        table.beat("n0")
        table.drop("n0", "n2")
        table.settle()
    assert [(table.core(name).role, table.core(name).term) for name in ("n0", "n1")] == [
        ("leader", 1),
        ("follower", 1),
    ]


def test_4_2_3_a_vote_that_the_leader_asked_for_is_given_all_the_same() -> None:
    hand = Hand("n1")
    hand.get("n0", append(1, (0, 0)))
    hand.get("n2", RequestVote(2, N2, Lsn(9, 9), transfer=True))
    assert (hand.core.term, hand.core.vote) == (2, N2)


# --- pre-vote


def test_9_6_a_server_that_was_cut_off_comes_back_with_the_term_that_it_had() -> None:
    table = Table()
    table.elect("n0")
    for _ in range(10):
        table.time_out("n2")
        table.beat("n0")
        table.settle("n0", "n1")
        for link in (("n2", "n0"), ("n2", "n1"), ("n0", "n2")):
            table.drop(*link)
    assert (table.core("n2").role, table.core("n2").term) == ("pre-candidate", 1)

    table.beat("n0")
    table.settle()
    assert (table.core("n2").role, table.core("n2").leader) == ("follower", "n0")
    assert table.core("n0").role == "leader"


def test_9_6_a_pre_vote_is_given_by_the_rules_of_a_vote_and_without_recent_leader() -> None:
    hand = Hand("n1", log=(1, 2))
    hand.wait(LOWER)
    for term, last, granted in ((3, (2, 2), True), (3, (1, 9), False), (2, (2, 2), False)):
        (answer,) = told(hand.get("n2", PreVote(term, N2, Lsn(*last))), "n2")
        assert answer.granted == granted
    hand.get("n0", append(2, (2, 2)))
    (answer,) = told(hand.get("n2", PreVote(3, N2, Lsn(2, 2))), "n2")
    assert not answer.granted


def test_9_6_one_who_cannot_win_does_not_raise_the_term_of_those_who_can() -> None:
    table = Table(logs={"n0": (1, 1), "n1": (1, 1)}, terms={"n2": 1})
    for _ in range(3):
        table.time_out("n2")
        table.settle()
    assert table.core("n2").role == "pre-candidate"
    assert {table.core(name).term for name in table.seats} == {1}
