"""The operator of a simulated Raft cluster: asks whoever leads to change the members, or to hand over, until
it is done, or until its fate is unknown and something else is wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from rts.core.raft.messages import (
    Changed,
    ChangeMembers,
    Refused,
    TimeoutNow,
    TransferLeadership,
    Transferred,
    Unknown,
)
from rts.schedule import MILLISECOND, CommandStep, Promote
from rts.schedule import ChangeMembers as ChangeStep
from rts.schedule import TransferLeadership as TransferStep
from rts.sim.faults import not_known
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.trace import Trace

ADDRESS = "operator"
RETRY_NS = 100 * MILLISECOND
MOST_ATTEMPTS = 30
FINAL = ("no-change", "last-voter", "not-a-voter", "silent", "too-slow", "timed-out")
"""Refusals after which the operator asks no more: each further attempt would hold up the clients."""


class Operator:
    """Has one request under way at a time (`rts.sim.network.Endpoint`, `rts.sim.faults.AnyOperator`)."""

    def __init__(self, network: SimNetwork, nodes: Mapping[str, SimNode], trace: Trace) -> None:
        self.network = network
        self.nodes = nodes
        self.trace = trace
        self.incarnation = 0
        self.number = 0
        self.first = 0
        self.attempts = 0
        self.wishes: deque[tuple[int, ChangeStep | TransferStep]] = deque()
        network.join(ADDRESS, self, node=False, exempt=True)

    def begin(self, node: str) -> None:
        """Let `node` stand in the first election, before any term began."""
        self.network.send(ADDRESS, node, TimeoutNow(0))

    def apply(self, number: int, step: CommandStep) -> None:
        """See `AnyOperator`. Leaders are elected here, not promoted."""
        if isinstance(step, Promote):
            raise not_known(number, step)
        self.wishes.append((number, step))
        if len(self.wishes) == 1:
            self.next()

    def rest(self) -> None:
        """Want nothing more."""
        self.wishes.clear()

    def next(self) -> None:
        """Begin with the first wish."""
        self.attempts = 0
        self.first = self.number + 1
        if self.wishes:
            self.ask()

    def ask(self) -> None:
        """Ask the newest leader; while there is none, in a moment."""
        self.number += 1
        self.attempts += 1
        if self.attempts > MOST_ATTEMPTS:
            self.conclude()
            return
        leaders = [node for node in self.nodes.values() if node.up and node.core.role == "leader"]
        if leaders:
            leader = max(leaders, key=lambda node: int(node.core.term))
            step = self.wishes[0][1]
            if isinstance(step, ChangeStep):
                self.network.send(ADDRESS, leader.name, ChangeMembers(self.number, step.action, step.node))
            else:
                self.network.send(ADDRESS, leader.name, TransferLeadership(self.number, step.node))
        pump = self.network.pump
        # A change may take a while: it is asked for again where no answer comes at all.
        pump.at(pump.now + (10 if leaders else 1) * RETRY_NS, self.again, self.number)

    def again(self, number: int) -> None:
        """Ask again, unless an answer came."""
        if number == self.number and self.wishes:
            self.ask()

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """A leader answers."""
        self.trace.events.append((self.network.pump.now, "deliver", source, ADDRESS, message))
        if message.request < self.first or not self.wishes:
            return
        if isinstance(message, Changed | Transferred):
            self.trace.hold(self.wishes[0][0])
            changed = isinstance(message, Changed)
            self.trace.reach("members changed" if changed else "leadership transferred")
            self.conclude()
        elif isinstance(message, Refused) and message.reason in FINAL:
            self.conclude()
        elif isinstance(message, Unknown) and len(self.wishes) > 1:
            self.conclude()  # it may be done or not: the next is wanted by now
        elif message.request == self.number:
            self.number += 1
            pump = self.network.pump
            pump.at(pump.now + RETRY_NS, self.again, self.number)

    def conclude(self) -> None:
        """The first wish is done, or never will be: go on with the next."""
        self.number += 1
        self.wishes.popleft()
        self.next()
