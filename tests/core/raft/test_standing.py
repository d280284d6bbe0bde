"""Who may stand for election: a voter, and one that is a voter until its removal is committed."""

from __future__ import annotations

from rts.core.effects import Effect
from rts.core.raft.log import AppendRecord
from rts.core.raft.messages import PreVote, Voted
from tests.core.raft.hand import N0, N1, N2, Hand, entry, members, spoken


def removed(*, committed: bool) -> Hand:
    """The node n0, whose last entry leaves it out."""
    hand = Hand("n0", AppendRecord(1, (entry(1, 2, members(N1, N2)),)), log=(1,))
    if committed:
        hand.core.learn_committed(2)
    return hand


def asked(effects: list[Effect], kind: type) -> list[str]:
    """Whom the node sent messages of this kind."""
    return [to for to, message in spoken(effects) if isinstance(message, kind)]


def test_a_removed_node_stands_while_its_log_may_be_the_only_one_that_is_long_enough() -> None:
    hand = removed(committed=False)
    assert asked(hand.time_out(), PreVote) == ["n1", "n2"]


def test_it_leads_by_the_votes_of_the_others_and_not_its_own() -> None:
    hand = removed(committed=False)
    hand.stand()
    hand.get("n1", Voted(hand.core.term, N1, True))
    assert hand.core.role == "candidate"
    hand.get("n2", Voted(hand.core.term, N2, True))
    assert hand.core.role == "leader"
    hand.answer("n1", N1)
    hand.answer("n2", N2)
    assert (hand.core.role, hand.core.committed) == ("follower", 3)


def test_a_removed_node_stands_no_more_once_that_is_committed() -> None:
    assert asked(removed(committed=True).time_out(), PreVote) == []
    assert N0 not in removed(committed=True).core.voters
