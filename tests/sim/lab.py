"""A simulated cluster under a test's hands: one thing at a time, and a look at what happened."""

from __future__ import annotations

from typing import Any

from rts.client.requests import Outcome, Request
from rts.core.single_leader.settings import Settings
from rts.schedule import MILLISECOND, FaultStep
from rts.sim.client import SimClient
from rts.sim.node import SimNode
from rts.telemetry.cluster import Cluster


class Lab:
    """A running cluster; `n0` leads, `n1` is its synchronous follower unless the settings say otherwise."""

    def __init__(
        self, *, nodes: tuple[str, ...] = ("n0", "n1", "n2"), jitter: int = 0, **settings: Any
    ) -> None:
        self.cluster = Cluster(nodes, Settings(**settings), jitter=jitter, watch=self._watch)
        self.pump = self.cluster.pump
        self.trace = self.cluster.trace
        self.network = self.cluster.network
        self.outcomes: list[Outcome] = []
        self.clients: dict[str, SimClient] = {}
        self.watched: list[str] = []
        self.cluster.start()
        self.run(10)

    def _watch(self, node: SimNode) -> None:
        self.watched.append(node.name)

    def node(self, name: str) -> SimNode:
        return self.cluster.nodes[name]

    def run(self, milliseconds: float) -> None:
        """Let time pass."""
        until = self.pump.now + round(milliseconds * MILLISECOND)
        self.pump.run(until)
        self.pump.now = max(self.pump.now, until)

    def fault(self, number: int, step: FaultStep) -> None:
        """Do what a fault step says, as step `number`."""
        self.cluster.faults.apply(number, step)

    def held(self, number: int) -> bool:
        """Whether step `number` took hold."""
        return number in self.trace.took_hold

    def submit(self, request: Request, *, session: str = "s0") -> None:
        """A client starts an operation as soon as its last one is over."""
        if session not in self.clients:
            self.clients[session] = self.cluster.client(
                session, lambda *_: None, lambda _client, _request, outcome: self.outcomes.append(outcome)
            )
        self.clients[session].submit(lambda: request)

    def ask(self, request: Request, *, session: str = "s0", within: float = 3_000) -> Outcome:
        """A client's operation, waited for."""
        count = len(self.outcomes)
        self.submit(request, session=session)
        deadline = self.pump.now + round(within * MILLISECOND)
        while len(self.outcomes) == count:
            due = self.pump.next_time()
            assert due is not None
            assert due <= deadline
            self.pump.step()
        return self.outcomes[-1]

    def write(self, value: Any, *, key: str = "k0", session: str = "s0") -> Outcome:
        return self.ask(Request(operation="write", keys=(key,), value=value), session=session)

    def submit_write(self, value: Any, *, key: str = "k0", session: str = "s0") -> None:
        self.submit(Request(operation="write", keys=(key,), value=value), session=session)

    def read(
        self, mode: str = "leader", *, replica: int = 0, key: str = "k0", session: str = "s0"
    ) -> Outcome:
        return self.ask(Request(operation="read", keys=(key,), mode=mode, replica=replica), session=session)

    def look(self, node: str, *, key: str = "k0") -> Any:
        """What a node shows for a key."""
        return self.node(node).core.values.get(key, (None, None))[0]

    def log(self, node: str) -> list[str]:
        """The positions in a node's log, as text."""
        return [str(entry.lsn) for entry in self.node(node).core.log.entries]

    def delivered(self, source: str, target: str, kind: type[Any] | None = None) -> list[tuple[int, Any]]:
        """When which messages arrived."""
        return [
            (event[0], event[4])
            for event in self.trace.events
            if event[1:4] == ("deliver", source, target) and (kind is None or isinstance(event[4], kind))
        ]

    def happened(self, kind: str) -> list[tuple[Any, ...]]:
        """The trace's events of one kind, without their time."""
        return [event[2:] for event in self.trace.events if event[1] == kind]


def value_of(outcome: Outcome) -> Any:
    """The value that a read of one key gave."""
    assert outcome.status == "ok"
    return outcome.items[0][1]
