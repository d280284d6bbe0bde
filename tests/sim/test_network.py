"""Links: in order and on time, until a fault says otherwise; and each fault says when it took hold."""

from __future__ import annotations

from typing import Any

import pytest

from rts.schedule import MILLISECOND, Duplicate, Heal, Lag, LinkStep, Loss, Partition, Reorder
from rts.sim.network import CLIENT_LINK_NS, NODE_LINK_NS, SimNetwork, mix
from rts.sim.pump import Pump
from rts.sim.trace import Trace


class Inbox:
    """Keeps what arrives in its current life."""

    def __init__(self, pump: Pump) -> None:
        self.pump = pump
        self.incarnation = 0
        self.arrived: list[tuple[int, str, Any]] = []

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        if incarnation == self.incarnation:
            self.arrived.append((self.pump.now, source, message))


class World:
    """Nodes `n0`, `n1`, `n2`, the session `s0`, and an operator whom no fault reaches."""

    def __init__(self, *, jitter: int = 0) -> None:
        self.pump, self.trace = Pump(), Trace()
        self.network = SimNetwork(self.pump, self.trace, jitter=jitter)
        self.inboxes = {name: Inbox(self.pump) for name in ("n0", "n1", "n2", "s0", "operator")}
        for name, inbox in self.inboxes.items():
            self.network.join(name, inbox, node=name.startswith("n"), exempt=name == "operator")

    def send(self, *messages: Any, source: str = "n0", target: str = "n1") -> None:
        for message in messages:
            self.network.send(source, target, message)

    def receive(self, target: str = "n1") -> list[Any]:
        """What has arrived once all is quiet, in the order of arrival."""
        self.pump.run(10**12)
        return [message for _, _, message in self.inboxes[target].arrived]

    def times(self, target: str = "n1") -> list[int]:
        self.pump.run(10**12)
        return [time for time, _, _ in self.inboxes[target].arrived]

    def fault(self, step: LinkStep, number: int = 7) -> None:
        self.network.apply(number, step)

    @property
    def held(self) -> set[int]:
        return self.trace.took_hold


def test_a_link_is_as_long_as_who_it_joins() -> None:
    world = World()
    world.send("x")
    world.send("y", source="s0", target="n0")
    world.send("z", source="n2", target="s0")
    assert world.times("n1") == [NODE_LINK_NS] == [2_500_000]
    assert world.times("n0") == [CLIENT_LINK_NS] == [500_000]
    assert len(world.times("s0")) == 1


def test_a_link_delivers_in_order() -> None:
    world = World()
    world.send("a", "b")
    assert world.receive() == ["a", "b"]
    assert world.times() == [NODE_LINK_NS, NODE_LINK_NS + 1]


def test_jitter_is_a_function_of_seed_link_and_count_and_keeps_the_order() -> None:
    one, other, different = World(jitter=5), World(jitter=5), World(jitter=6)
    for world in (one, other, different):
        world.send(*range(20))
    assert one.receive() == list(range(20))
    assert one.times() == other.times()
    assert one.times() != different.times()
    assert all(NODE_LINK_NS <= time < 2 * NODE_LINK_NS + 20 for time in one.times())
    assert len(set(one.times())) == 20


def test_the_fate_of_one_links_messages_does_not_hang_on_another_links() -> None:
    alone, together = World(jitter=5), World(jitter=5)
    together.send(*range(10), source="n2")
    for world in (alone, together):
        world.send("x")
    arrived = dict(zip(together.receive(), together.times(), strict=True))
    assert alone.times() == [arrived["x"]]


def test_mixing_is_the_same_everywhere() -> None:
    assert [mix(0, 0, 0), mix(1, 2, 3), mix(1, 2, 4)] == [0, 13415167193062074755, 4725376668369299528]


def test_a_message_to_a_node_that_restarted_is_lost_with_its_connection() -> None:
    world = World()
    world.send("before")
    world.inboxes["n1"].incarnation += 1
    world.send("after")
    assert world.receive() == ["after"]


def test_reset_connections_lose_all_that_is_under_way() -> None:
    world = World()
    world.send("x")
    world.send("y", target="s0")
    world.network.reset_connections()
    assert (world.receive("n1"), world.receive("s0")) == ([], [])


# --- lag


def test_a_lag_delays_what_is_sent_after_it_one_way() -> None:
    world = World()
    world.fault(Lag(source="n0", target="n1", delay_ns=500 * MILLISECOND))
    world.send("slow")
    world.send("quick", source="n1", target="n0")
    assert world.times("n1") == [NODE_LINK_NS + 500 * MILLISECOND]
    assert [time for time, _, _ in world.inboxes["n0"].arrived] == [NODE_LINK_NS]
    assert world.held == {7}


def test_a_lag_that_was_lifted_does_not_let_later_messages_overtake() -> None:
    world = World()
    world.fault(Lag(source="n0", target="n1", delay_ns=500 * MILLISECOND))
    world.send("slow")
    world.fault(Heal())
    world.send("quick")
    assert world.receive() == ["slow", "quick"]


def test_a_star_is_every_address_but_the_operator() -> None:
    world = World()
    world.fault(Lag(source="*", target="n1", delay_ns=MILLISECOND))
    for source in ("n0", "n2", "s0", "operator"):
        world.send(source, source=source)
    assert world.times() == [
        CLIENT_LINK_NS,
        CLIENT_LINK_NS + MILLISECOND,
        NODE_LINK_NS + MILLISECOND,
        NODE_LINK_NS + MILLISECOND + 1,
    ]
    assert world.receive()[0] == "operator"


# --- loss


def test_a_total_loss_loses_everything_one_way() -> None:
    world = World()
    world.fault(Loss(source="n0", target="n1"))
    world.send("a", "b")
    world.send("c", source="n1", target="n0")
    assert (world.receive("n1"), world.receive("n0")) == ([], ["c"])
    assert world.held == {7}
    assert [event[1:] for event in world.trace.events] == [
        ("lost", "n0", "n1", "a"),
        ("lost", "n0", "n1", "b"),
    ]


def test_a_partial_loss_loses_some() -> None:
    world = World(jitter=1)
    world.fault(Loss(source="n0", target="n1", percent=20))
    world.send(*range(1000))
    assert 750 <= len(world.receive()) <= 850


def test_a_loss_of_nothing_does_not_take_hold() -> None:
    world = World()
    world.fault(Loss(source="n0", target="n1", percent=0))
    world.send("a")
    assert world.receive() == ["a"]
    assert world.held == set()


# --- duplication


def test_a_duplicate_arrives_twice() -> None:
    world = World()
    world.fault(Duplicate(source="n0", target="n1", delay_ns=MILLISECOND))
    world.send("a")
    assert world.receive() == ["a", "a"]
    assert world.times() == [NODE_LINK_NS, NODE_LINK_NS + MILLISECOND + 1]
    assert world.held == {7}


def test_a_late_duplicate_arrives_among_later_messages() -> None:
    world = World()
    world.fault(Duplicate(source="n0", target="n1", delay_ns=10 * MILLISECOND))
    world.send("a")
    world.fault(Heal())
    world.pump.run(NODE_LINK_NS)
    world.send("b")
    assert world.receive() == ["a", "b", "a"]


# --- reordering


def test_a_reordered_message_is_overtaken() -> None:
    world = World()
    world.fault(Reorder(source="n0", target="n1", percent=100, delay_ns=20 * MILLISECOND))
    world.send("first")
    world.fault(Reorder(source="n0", target="n1", percent=0, delay_ns=20 * MILLISECOND), 8)
    world.send("second")
    assert world.receive() == ["second", "first"]
    assert world.times() == [NODE_LINK_NS, NODE_LINK_NS + 20 * MILLISECOND]
    assert world.held == {7}


def test_reordering_changes_the_order_of_some_and_loses_none() -> None:
    world = World(jitter=1)
    world.fault(Reorder(source="n0", target="n1"))
    world.send(*range(100))
    assert world.receive() != list(range(100))
    assert sorted(world.receive()) == list(range(100))


# --- partitions

PAIRS = [(a, b) for a in ("n0", "n1", "n2", "s0") for b in ("n0", "n1", "n2", "s0") if a != b]


@pytest.mark.parametrize("direction", ["both", "into", "out-of"])
@pytest.mark.parametrize("group", [("n0",), ("n0", "s0"), ("n1", "n2")])
def test_a_partition_cuts_in_exactly_the_direction_drawn(direction: Any, group: tuple[str, ...]) -> None:
    world = World()
    world.fault(Partition(group=group, direction=direction))
    for source, target in PAIRS:
        world.send((source, target), source=source, target=target)
    arrived = {pair for name in world.inboxes for pair in world.receive(name)}
    cut_off = {
        (a, b)
        for a, b in PAIRS
        if (direction != "into" and a in group and b not in group)
        or (direction != "out-of" and a not in group and b in group)
    }
    assert arrived == set(PAIRS) - cut_off
    assert world.held == {7}


def test_a_partition_does_not_cut_off_the_operator() -> None:
    world = World()
    world.fault(Partition(group=("n0",)))
    world.send("command", source="operator", target="n0")
    assert world.receive("n0") == ["command"]
    assert world.held == set()


def test_what_was_sent_before_a_partition_still_arrives() -> None:
    world = World()
    world.send("before")
    world.fault(Partition(group=("n0",)))
    world.send("after")
    assert world.receive() == ["before"]


# --- healing


@pytest.mark.parametrize(
    "step",
    [
        Lag(source="n0", target="n1", delay_ns=5),
        Loss(source="n0", target="n1"),
        Duplicate(source="n0", target="n1"),
        Reorder(source="n0", target="n1", percent=100),
        Partition(group=("n0",)),
    ],
    ids=lambda step: type(step).__name__,
)
def test_heal_mends_every_fault_of_a_link_and_takes_hold_where_there_was_one(step: LinkStep) -> None:
    world = World()
    world.fault(Heal(), 1)
    world.fault(step, 2)
    world.fault(Heal(), 3)
    world.send("a")
    assert world.times() == [NODE_LINK_NS]
    assert world.held == {3}


def test_one_nodes_links_are_healed_alone() -> None:
    world = World()
    world.fault(Partition(group=("n0", "n1")))
    assert world.network.heal_node("n1")
    assert not world.network.heal_node("n1")
    world.send("a", source="n1", target="n2")
    world.send("b", source="n0", target="n2")
    assert world.receive("n2") == ["a"]
