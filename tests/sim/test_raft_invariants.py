"""Each of Raft's invariants is broken by a node made wrong by hand, and holds on right ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from rts.core.raft.progress import Progress
from rts.ids import Lsn, Member
from rts.sim.invariants import Invariant
from rts.sim.invariants.raft import mark_of
from rts.sim.invariants.raft.answered import wrong_answer
from rts.sim.invariants.raft.append_only import LeaderAppendOnly
from rts.sim.invariants.raft.applied import StateMachineSafety
from rts.sim.invariants.raft.completeness import LeaderCompleteness
from rts.sim.invariants.raft.monotonic import RaftMonotonic
from rts.sim.invariants.raft.one_vote import OneVote
from rts.sim.node import SimNode
from tests.core.raft.hand import N0, N1, N2, Hand, leader


class Glimpse:
    """As much of a machine as invariants look at."""

    def __init__(self, hand: Hand, *, life: int = 1, disk: int = 1) -> None:
        self.core = hand.core
        self.name = hand.core.node
        self.life = self.incarnation = life
        self.disk = SimpleNamespace(identity=disk)

    def is_durable(self) -> bool:
        return True


def check(invariant: Invariant, *nodes: Glimpse) -> list[str]:
    """What the invariant says against nodes seen one after another."""
    found = [invariant.check(cast(SimNode, node)) for node in nodes]
    return [wrong for wrong in found if wrong is not None]


def candidate(node: str, *votes: Member, term: int = 1, role: str = "candidate") -> Glimpse:
    """A node that stands in a term and has these votes."""
    hand = Hand(node, term=term)
    hand.core.role = role  # type: ignore[assignment]
    hand.core.votes = set(votes)
    return Glimpse(hand)


def follower(node: str, *terms: int, committed: int = 0) -> Glimpse:
    """A node whose log has entries of these terms, so many of them committed."""
    hand = Hand(node, log=terms)
    hand.core.learn_committed(committed)
    return Glimpse(hand)


def leads(node: str, *terms: int, committed: int = 0) -> Glimpse:
    """The same, and it leads the last term."""
    found = follower(node, *terms, committed=committed)
    found.core.role = "leader"
    return found


# --- one vote


def test_a_voter_may_vote_in_each_term() -> None:
    assert check(OneVote(), candidate("n0", N0, N2), candidate("n1", N1, N2, term=2)) == []


def test_a_voter_that_voted_twice_in_a_term_is_found() -> None:
    assert check(OneVote(), candidate("n0", N0, N2), candidate("n1", N1, N2)) == [
        "in term 1 n2 voted for n0 and for n1"
    ]


def test_what_would_be_voted_is_no_vote() -> None:
    assert check(OneVote(), candidate("n0", N0, N2), candidate("n1", N1, N2, role="pre-candidate")) == []


# --- a leader only appends


def test_a_leader_may_append_and_a_follower_may_truncate() -> None:
    invariant = LeaderAppendOnly()
    assert check(invariant, leads("n0", 1), leads("n0", 1, 1), follower("n0", 1)) == []


def test_a_leader_that_truncates_is_found() -> None:
    assert check(LeaderAppendOnly(), leads("n0", 1, 1), leads("n0", 1)) == [
        "n0, leader of term 1, had an entry at 1:2 and has it no more"
    ]


# --- leader completeness


def test_a_later_leader_has_what_was_committed() -> None:
    assert check(LeaderCompleteness(), follower("n0", 1, 1, committed=2), leads("n1", 1, 1, 2)) == []


def test_a_later_leader_that_lacks_it_is_found() -> None:
    assert check(LeaderCompleteness(), follower("n0", 1, 1, committed=2), leads("n1", 1, 2)) == [
        "n1 leads term 2 without the entry at 1:2, committed in term 1"
    ]


def test_what_is_committed_later_is_not_asked_of_an_earlier_leader() -> None:
    assert check(LeaderCompleteness(), follower("n0", 1, 2, committed=2), leads("n1", 1)) == []


# --- state-machine safety


def test_nodes_that_applied_the_same_are_safe() -> None:
    nodes = follower("n0", 1, 1, committed=2), follower("n1", 1, 1, committed=1)
    assert check(StateMachineSafety(), *nodes) == []


def test_another_entry_applied_at_an_index_is_found() -> None:
    nodes = follower("n0", 1, 1, committed=2), follower("n1", 1, 2, committed=2)
    assert check(StateMachineSafety(), *nodes) == ["at index 2 n1 applied the entry of 2:2, n0 that of 1:2"]


def test_another_state_after_an_index_is_found() -> None:
    nodes = follower("n0", 1, committed=1), follower("n1", 1, committed=1)
    cast(Any, nodes[1].core.state.machine).values = {}
    (wrong,) = check(StateMachineSafety(), *map(versioned, nodes))
    assert wrong == "after index 1 n1 shows nothing, n0 k='1.1' of 1:1"


def versioned(node: Glimpse) -> Glimpse:
    """The values with versions, as the simulated store has them."""
    machine = cast(Any, node.core.state.machine)
    machine.values = {key: (value, Lsn(1, 1)) for key, value in machine.values.items()}
    return node


# --- counters


def test_a_match_index_that_goes_back_is_found() -> None:
    node = Glimpse(leader())
    invariant = RaftMonotonic()
    assert check(invariant, node) == []
    node.core.progress["n1"].matched = 0
    assert check(invariant, node) == ["n0, leader of term 1, went back from n1's log known up to 1 to 0"]


def test_a_follower_that_was_removed_and_added_again_begins_anew() -> None:
    node = Glimpse(leader())
    invariant = RaftMonotonic()
    check(invariant, node)
    node.core.progress["n1"] = Progress("n1", N1, 1)
    assert check(invariant, node) == []


def test_a_commit_index_that_goes_back_is_found() -> None:
    invariant = RaftMonotonic()
    (wrong,) = check(invariant, follower("n0", 1, 1, committed=2), follower("n0", 1, 1, committed=1))
    assert "went back from acknowledged 2, applied 2 to acknowledged 1, applied 1" in wrong


# --- what was answered


def answer(*nodes: Glimpse, position: tuple[int, int] = (1, 2)) -> str | None:
    """What is wrong with the first node's answer for the entry at `position`."""
    machines = cast(dict[str, SimNode], {node.name: node for node in nodes})
    return wrong_answer(machines, nodes[0].name, Lsn(*position))


def test_what_a_majority_has_on_disk_may_be_answered() -> None:
    assert answer(follower("n0", 1, 1), follower("n1", 1, 1), follower("n2", 1)) is None


def test_what_one_of_three_has_may_not() -> None:
    assert answer(follower("n0", 1, 1), follower("n1", 1, 2), follower("n2", 1)) == (
        "n0 answered for the entry at 1:2; of n0, n1, n2 it is on the disks of n0"
    )


def test_what_is_not_durable_is_on_no_disk() -> None:
    nodes = follower("n0", 1, 1), follower("n1", 1, 1), follower("n2", 1)
    nodes[0].core.persisted = 1
    assert answer(*nodes) is not None


def test_a_disk_that_was_lost_proves_nothing() -> None:
    lost = Glimpse(Hand("n1", blank=True, disk=2), disk=2)
    assert answer(follower("n0", 1, 1), lost, follower("n2", 1)) is None


def test_a_node_that_does_not_know_the_members_may_answer_too() -> None:
    blank = Glimpse(Hand("n3", blank=True))
    assert answer(blank, follower("n0", 1, 1), follower("n1", 1, 1), follower("n2", 1)) is None
    assert answer(blank, follower("n0", 1, 1), follower("n1", 1), follower("n2", 1)) is not None


# --- when to look again


def test_what_an_invariant_looks_at_marks_a_node() -> None:
    node = Glimpse(leader())
    marks = [mark_of(cast(SimNode, node))]
    node.core.progress["n1"].matched = 0
    marks.append(mark_of(cast(SimNode, node)))
    node.core.votes = set()
    marks.append(mark_of(cast(SimNode, node)))
    node.core.persisted = 0
    marks.append(mark_of(cast(SimNode, node)))
    assert len(set(marks)) == len(marks)
