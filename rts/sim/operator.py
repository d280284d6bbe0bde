"""The operator: a person with a view of every machine and a list of epochs, who promotes followers and tells
the clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rts.core.single_leader.messages import PromoteCommand, Repoint
from rts.core.single_leader.promotion import PromotionAnswer
from rts.core.single_leader.replica import Replica
from rts.ids import Member
from rts.schedule import CommandStep, Promote
from rts.sim.faults import not_known
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.trace import Trace

ADDRESS = "operator"


class Operator:
    """Promotes nodes, each into an epoch that was never used before (`rts.sim.network.Endpoint`)."""

    def __init__(
        self, network: SimNetwork, nodes: Mapping[str, SimNode], trace: Trace, *, leader: str
    ) -> None:
        self.network = network
        self.nodes = nodes
        self.trace = trace
        self.leader = leader
        self.epoch = 1
        self.forced = False
        self.clients: list[str] = []
        self.incarnation = 0
        self.led = 1
        self.answer: PromotionAnswer | None = None
        self.on_answer: Callable[[PromotionAnswer], None] | None = None
        self._steps: dict[int, int] = {}
        network.join(ADDRESS, self, node=False, exempt=True)

    def apply(self, number: int, step: CommandStep) -> None:
        """See `rts.sim.faults.AnyOperator`. Members are settings here, and no leader hands over."""
        if not isinstance(step, Promote):
            raise not_known(number, step)
        self.promote(number, step)

    def promote(self, number: int | None, step: Promote) -> None:
        """Do to the old leader what the step says, then command the candidate."""
        old = self.nodes[self.leader]
        if step.old == "crash" and old.up:
            old.crash()
        elif step.old == "cut":
            self.network.cut((self.leader,), -1 if number is None else number, among=tuple(self.nodes))
        candidate = self.choose(step.candidate)
        if candidate is None:
            return
        self.command(candidate, forced=step.forced, number=number)

    def command(self, candidate: str, *, forced: bool, number: int | None = None) -> None:
        """Tell `candidate` to lead the next epoch; destroyed disks are named."""
        self.epoch += 1
        self.forced |= forced
        if number is not None:
            self._steps[self.epoch] = number
        self.network.send(ADDRESS, candidate, PromoteCommand(self.epoch, forced, self.destroyed()))

    def destroyed(self) -> tuple[Member, ...]:
        """The disks that are gone for good."""
        return tuple(Member(node.name, disk) for node in self.nodes.values() for disk in node.disk.replaced)

    def choose(self, candidate: str) -> str | None:
        """The node that a step's `candidate` means, of those that run; the old leader is no candidate unless
        it is named."""
        running = [node for node in self.nodes.values() if node.up and not node.paused]
        if candidate not in ("best", "any"):
            return candidate if any(node.name == candidate for node in running) else None
        others = [node for node in running if node.name != self.leader]
        if not others:
            return None
        if candidate == "any":
            return others[-1].name
        return self.by_merit(others)[0].name

    def by_merit(self, nodes: Sequence[SimNode]) -> list[SimNode]:
        """The nodes whose word counts first, and of those the most up to date."""

        def merit(node: SimNode) -> tuple[bool, Any]:
            replica: Replica = node.core
            return replica.may_lead(), replica.log.last

        return sorted(nodes, key=merit, reverse=True)

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """A candidate answers."""
        assert isinstance(message, PromotionAnswer)
        self.trace.events.append((self.network.pump.now, "deliver", source, ADDRESS, message))
        if message.epoch in self._steps:
            self.trace.hold(self._steps[message.epoch])
        if message.leads and message.epoch > self.led:
            self.leader = source
            self.led = message.epoch
            for client in self.clients:
                self.network.send(ADDRESS, client, Repoint(message.epoch, source))
        self.answer = message
        if self.on_answer is not None:
            self.on_answer(message)
