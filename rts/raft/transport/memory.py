"""A network inside one process, for tests and for trying things out: by Trio's clock, whichever that is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import trio

from rts.core.raft.messages import FromNode
from rts.raft.transport.protocol import Deliver
from rts.raft.transport.uniform import UniformTransport


class MemoryNetwork:
    """What connects the transports of one process. A message takes `delay_s` seconds; those to a node that
    does not run are lost.
    """

    def __init__(self, *, delay_s: float = 0.0) -> None:
        self.delay_s = delay_s
        self._running: dict[str, MemoryTransport] = {}
        self._apart: set[tuple[str, str]] = set()

    def transport(self, node_id: str) -> MemoryTransport:
        """The transport of one node."""
        return MemoryTransport(node_id, self)

    def partition(self, group: Iterable[str], others: Iterable[str]) -> None:
        """Nothing passes between the two groups any more, either way."""
        inside, outside = tuple(group), tuple(others)
        self._apart |= {pair for a in inside for b in outside for pair in ((a, b), (b, a))}

    def heal(self) -> None:
        """Everything passes."""
        self._apart = set()

    def carry(self, sender: str, to: str, message: FromNode) -> None:
        """Take a message to where it goes, if there is a way."""
        receiver = self._running.get(to)
        if receiver is not None and (sender, to) not in self._apart:
            receiver.arrive(trio.current_time() + self.delay_s, sender, message)

    def join(self, transport: MemoryTransport) -> None:
        """From now on messages arrive there. Raises `ValueError` where the node runs already."""
        if transport.node_id in self._running:
            raise ValueError(f"{transport.node_id} is on this network already")
        self._running[transport.node_id] = transport

    def leave(self, transport: MemoryTransport) -> None:
        """Nothing arrives there any more."""
        del self._running[transport.node_id]


class MemoryTransport(UniformTransport):
    """See `rts.raft.transport.protocol.Transport`. Made by `MemoryNetwork.transport`."""

    def __init__(self, node_id: str, network: MemoryNetwork) -> None:
        self.node_id = node_id
        self.network = network
        self._inbox: deque[tuple[float, str, FromNode]] = deque()
        self._arrived = trio.Event()

    def send(self, to: str, message: FromNode) -> None:
        """See `UniformTransport`."""
        self.network.carry(self.node_id, to, message)

    def arrive(self, due: float, sender: str, message: FromNode) -> None:
        """A message is on its way here, and due at a time of Trio's clock."""
        self._inbox.append((due, sender, message))
        self._arrived.set()

    async def run(
        self, deliver: Deliver, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """See `Transport`."""
        self.network.join(self)
        task_status.started()
        try:
            while True:
                await self._arrived.wait()
                self._arrived = trio.Event()
                while self._inbox:
                    due, sender, message = self._inbox.popleft()
                    if due > trio.current_time():
                        await trio.sleep_until(due)
                    deliver(sender, message)
        finally:
            self._inbox.clear()
            self.network.leave(self)
