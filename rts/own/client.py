"""The clients of one's own store: what `write`, `read` and the others are given, and the sessions that they
run in."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeVar

from rts.own.calls import Caller
from rts.own.clock import PumpClock
from rts.own.messages import Envelope, traced
from rts.sim.network import SimNetwork
from rts.sim.trace import Trace

Choice = TypeVar("Choice")


class Order(NamedTuple):
    """An operation that a session is to carry out; `draw` is what `Client.choose` goes by."""

    kind: Literal["write", "delete", "cas", "read"]
    key: str
    value: Any = None
    draw: int = 0
    node: str | None = None


class Client(Caller):
    """One client session, as `Store.write`, `Store.read` and the others see it.

    `name` is its address, `nodes` the names of the nodes. `session` is a dictionary for whatever the session
    keeps from one operation to the next (a token, the leader it knows of). `random` yields the same numbers
    in each run of a schedule; to choose a node, `choose` is better, because what it chose can be shrunk.
    """

    def __init__(
        self,
        name: str,
        nodes: Sequence[str],
        clock: PumpClock,
        network: SimNetwork,
        trace: Trace,
    ) -> None:
        super().__init__(clock, nodes, itertools.count(1).__next__, self._to_network)
        self.name = name
        self.nodes = tuple(nodes)
        self.session: dict[Any, Any] = {}
        self.incarnation = 0
        self.draw = 0
        self.served_by: str | None = None
        self._network = network
        self._trace = trace
        self._random: random.Random | None = None

    @property
    def random(self) -> random.Random:
        """A generator of this session's own."""
        if self._random is None:
            self._random = random.Random(f"{self._network.jitter} {self.name}")
        return self._random

    def choose(self, choices: Sequence[Choice]) -> Choice:
        """One of `choices`, as the schedule says for a read, and for other operations by the session's
        number."""
        return choices[self.draw % len(choices)]

    def _to_network(self, to: str, envelope: Envelope) -> None:
        self._network.send(self.name, to, envelope)

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """See `rts.sim.network.Endpoint`."""
        kind, number, content = message
        self._trace.events.append(
            (self._network.pump.now, "deliver", source, self.name, kind, traced(content))
        )
        if self.replied(number, content):
            self.served_by = source
