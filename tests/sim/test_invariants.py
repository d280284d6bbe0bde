"""Each invariant is broken by a node made wrong by hand, and holds on right ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from rts.core.events import Started
from rts.core.single_leader.log import EMPTY, Entry, Recovered, Snapshot
from rts.core.single_leader.replica import Replica
from rts.core.single_leader.settings import Settings
from rts.ids import Lsn
from rts.sim.invariants import Invariant, Invariants
from rts.sim.invariants.leader_completeness import LeaderCompleteness
from rts.sim.invariants.log_matching import LogMatching
from rts.sim.invariants.monotonic import Monotonic
from rts.sim.invariants.one_leader import OneLeader
from rts.sim.invariants.state_machine_safety import StateMachineSafety
from rts.sim.node import SimNode
from tests.core.single_leader.hand import N1, opening, put

FIRST = opening((1, 1), "n0", N1)


class Glimpse:
    """As much of a machine as invariants look at: a replica that started from these entries, in some life."""

    def __init__(
        self,
        name: str,
        *entries: Entry,
        epoch: int = 1,
        committed: int = 1,
        snapshot: Snapshot = EMPTY,
        life: int = 1,
        disk: int = 1,
    ) -> None:
        self.name = name
        self.life = self.incarnation = life
        self.disk = SimpleNamespace(identity=disk)
        self.pump = SimpleNamespace(now=42)
        self.durable = True
        recovered = Recovered(epoch, snapshot, entries, committed)
        self.core = Replica(name, ("n0", "n1", "n2"), Settings(), recovered, disk)
        self.core.step(Started(), 0, 0)

    def is_durable(self) -> bool:
        return self.durable


def check(invariant: Invariant, *nodes: Glimpse) -> list[str]:
    """What the invariant says against nodes seen one after another."""
    found = [invariant.check(cast(SimNode, node)) for node in nodes]
    return [wrong for wrong in found if wrong is not None]


# --- log matching


def test_equal_logs_match() -> None:
    entries = (FIRST, put((1, 2), "a"))
    assert check(LogMatching(), Glimpse("n0", *entries), Glimpse("n1", *entries), Glimpse("n2", FIRST)) == []


def test_logs_of_different_epochs_may_differ() -> None:
    old = Glimpse("n0", FIRST, put((1, 2), "a"))
    assert check(LogMatching(), old, Glimpse("n1", FIRST, put((2, 2), "b"))) == []


def test_two_entries_at_one_position_do_not_match() -> None:
    nodes = Glimpse("n0", FIRST, put((1, 2), "a")), Glimpse("n1", FIRST, put((1, 2), "b"))
    (wrong,) = check(LogMatching(), *nodes)
    assert wrong.startswith("n1 has Put(key='k', value='b', client='c', request=1) at 1:2, after 1:1; ")
    assert "another log has Put(key='k', value='a'" in wrong


def test_one_entry_after_two_different_ones_does_not_match() -> None:
    entry = put((2, 3), "c")
    nodes = Glimpse("n0", FIRST, put((1, 2), "a"), entry), Glimpse("n1", FIRST, put((2, 2), "b"), entry)
    (wrong,) = check(LogMatching(), *nodes)
    assert "after 2:2" in wrong
    assert "after 1:2" in wrong


def test_a_snapshot_stands_for_what_it_compacted() -> None:
    entry = put((1, 3), "c")
    whole = Glimpse("n0", FIRST, put((1, 2), "a"), entry)
    right, wrong = Snapshot(Lsn(1, 2), {}, {}, (), None), Snapshot(Lsn(2, 2), {}, {}, (), None)
    assert check(LogMatching(), whole, Glimpse("n1", entry, snapshot=right, committed=2)) == []
    assert len(check(LogMatching(), whole, Glimpse("n1", entry, snapshot=wrong, committed=2))) == 1


def test_what_is_not_durable_yet_is_not_held_against_a_node() -> None:
    node = Glimpse("n1", FIRST, put((1, 2), "b"))
    node.core.persisted = 1
    assert check(LogMatching(), Glimpse("n0", FIRST, put((1, 2), "a")), node) == []


def test_an_entry_that_changes_in_place_does_not_match() -> None:
    node = Glimpse("n0", FIRST, put((1, 2), "a"))
    matching = LogMatching()
    assert check(matching, node) == []
    node.core.log.entries[1] = put((1, 2), "changed")
    assert len(check(matching, node)) == 1


# --- state-machine safety


def test_equal_states_at_one_position_are_safe() -> None:
    entries = (FIRST, put((1, 2), "a"))
    nodes = [
        Glimpse(name, *entries, committed=committed) for name, committed in (("n0", 2), ("n1", 2), ("n2", 1))
    ]
    assert check(StateMachineSafety(), *nodes) == []


def test_different_states_at_one_position_are_not() -> None:
    nodes = [Glimpse(name, FIRST, put((1, 2), "a"), committed=2) for name in ("n0", "n1")]
    nodes[1].core.values = {"k": ("b", Lsn(1, 2))}
    assert check(StateMachineSafety(), *nodes) == ["at 1:2 n1 shows k='b' of 1:2, n0 showed k='a' of 1:2"]


def test_a_dropped_delete_is_seen() -> None:
    nodes = [Glimpse(name, FIRST, put((1, 2), None), committed=2) for name in ("n0", "n1")]
    nodes[1].core.values = {}
    assert check(StateMachineSafety(), *nodes) == ["at 1:2 n1 shows nothing, n0 showed k=None of 1:2"]


def test_what_was_seen_is_a_copy() -> None:
    node = Glimpse("n0", FIRST, put((1, 2), "a"), committed=2)
    safety = StateMachineSafety()
    check(safety, node)
    node.core.values["k"] = ("b", Lsn(1, 2))
    assert len(check(safety, node)) == 1


# --- leader completeness


def leads(
    name: str, *entries: Entry, epoch: int = 2, committed: int = 1, snapshot: Snapshot = EMPTY
) -> Glimpse:
    node = Glimpse(name, *entries, epoch=epoch, committed=committed, snapshot=snapshot)
    node.core.role = "leader"
    return node


def completeness(*acknowledged: tuple[int, int], forced: bool = False) -> LeaderCompleteness:
    invariant = LeaderCompleteness(lambda: forced)
    invariant.acknowledged.extend(Lsn(*position) for position in acknowledged)
    return invariant


def test_a_later_leader_has_what_was_acknowledged() -> None:
    node = leads("n1", FIRST, put((1, 2), "a"), opening((2, 3), "n1"))
    assert check(completeness((1, 2)), node) == []


def test_a_later_leader_without_it_is_found_once() -> None:
    node = leads("n1", FIRST, opening((2, 2), "n1"))
    invariant = completeness((1, 2))
    assert check(invariant, node, node) == ["n1 leads epoch 2 without the acknowledged write at 1:2"]


def test_a_follower_may_lack_it() -> None:
    assert check(completeness((1, 2)), Glimpse("n1", FIRST, epoch=2)) == []


def test_what_was_acknowledged_in_the_leaders_own_epoch_or_later_is_not_asked_of_it() -> None:
    assert check(completeness((1, 2)), leads("n0", FIRST, epoch=1)) == []
    assert check(completeness((3, 2)), leads("n0", FIRST, epoch=2)) == []


def test_what_is_in_the_snapshot_is_had() -> None:
    snapshot = Snapshot(Lsn(1, 2), {}, {}, (), None)
    assert (
        check(completeness((1, 2)), leads("n1", opening((2, 3), "n1"), snapshot=snapshot, committed=2)) == []
    )


def test_force_may_lose_it() -> None:
    assert check(completeness((1, 2), forced=True), leads("n1", FIRST)) == []


# --- one leader an epoch


def test_leaders_of_different_epochs_are_fine() -> None:
    nodes = leads("n0", FIRST, epoch=1), leads("n1", FIRST), leads("n1", FIRST)
    assert check(OneLeader(), *nodes) == []


def test_two_leaders_of_one_epoch_are_not() -> None:
    assert check(OneLeader(), leads("n0", FIRST), leads("n1", FIRST)) == ["n0 and n1 both lead epoch 2"]


# --- counters


def monotonic(*, forced: bool = False) -> Monotonic:
    return Monotonic(lambda: forced)


def test_counters_that_grow_are_fine() -> None:
    entries = (FIRST, put((1, 2), "a"))
    assert check(monotonic(), Glimpse("n0", *entries), Glimpse("n0", *entries, epoch=2, committed=2)) == []


def test_an_epoch_that_goes_back_breaks_a_promise_even_over_a_restart() -> None:
    nodes = Glimpse("n0", FIRST, epoch=3), Glimpse("n0", FIRST, epoch=2, life=2)
    assert check(monotonic(), *nodes) == ["n0 went back from epoch 3 to 2"]


def test_a_blank_disk_has_promised_nothing() -> None:
    nodes = Glimpse("n0", FIRST, epoch=3), Glimpse("n0", epoch=0, committed=0, life=2, disk=2)
    assert check(monotonic(), *nodes) == []


def test_a_promise_that_is_not_durable_was_made_to_nobody() -> None:
    before = Glimpse("n0", FIRST, epoch=3)
    before.durable = False
    assert check(monotonic(), before, Glimpse("n0", FIRST, epoch=2, life=2)) == []


def test_what_is_acknowledged_goes_back_only_over_a_restart() -> None:
    entries = (FIRST, put((1, 2), "a"))
    before, after = Glimpse("n0", *entries, committed=2), Glimpse("n0", *entries)
    assert check(monotonic(), before, after) == [
        "n0 went back from acknowledged 2, applied 2 to acknowledged 1, applied 1"
    ]
    assert check(monotonic(), before, Glimpse("n0", *entries, life=2)) == []
    assert check(monotonic(forced=True), before, after) == []


# --- all together


class Counting:
    """An invariant that is never right."""

    name = "never"

    def __init__(self) -> None:
        self.times = 0

    def check(self, node: SimNode) -> str | None:
        self.times += 1
        return f"{node.name}, {self.times}"


def watch(invariants: Invariants, *nodes: Glimpse) -> None:
    for node in nodes:
        invariants.watch(cast(SimNode, node))


def test_a_node_that_did_not_change_is_not_checked_again() -> None:
    never = Counting()
    invariants = Invariants((never,))
    node = Glimpse("n0", FIRST)
    watch(invariants, node, node, Glimpse("n1", FIRST), node)
    assert (never.times, invariants.watched()) == (2, {"never": 2})


@pytest.mark.parametrize(
    ("field", "value"),
    [("epoch", 9), ("persisted", 0), ("committed", 0), ("applied", 0), ("role", "candidate")],
)
def test_a_node_that_changed_is_checked_again(field: str, value: Any) -> None:
    never = Counting()
    invariants = Invariants((never,))
    node = Glimpse("n0", FIRST)
    watch(invariants, node)
    setattr(node.core, field, value)
    watch(invariants, node)
    assert never.times == 2


def test_the_first_breach_of_each_invariant_is_kept() -> None:
    invariants = Invariants((Counting(), OneLeader()))
    watch(invariants, leads("n0", FIRST), leads("n1", FIRST), leads("n2", FIRST))
    breaches = {
        name: (breach.explanation, breach.at_ns, breach.node) for name, breach in invariants.breaches.items()
    }
    assert breaches == {
        "never": ("n0, 1", 42, "n0"),
        "one-leader-per-epoch": ("n0 and n1 both lead epoch 2", 42, "n1"),
    }
