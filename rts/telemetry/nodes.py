"""Leader and Follower: the nodes of a telemetry store, as a program sees them."""

from __future__ import annotations

from typing import Any

import trio

from rts.client.session import ClientSession, Request
from rts.ids import ORIGIN, Lsn
from rts.sim.node import SimNode
from rts.telemetry.network import Network


class Leader:
    """The node that takes writes.

    `policy`: `"sync"` (a write waits for every synchronous follower), `"W of N"` such as `"2 of 3"` (for W of
    N members: the leader and the synchronous followers), or `"none"`. A leader without synchronous followers
    waits for nobody.

    After a promotion, `Leader(node_id, network)` for a node of a running cluster is a handle on it.
    """

    def __init__(self, node_id: str, network: Network, *, policy: str = "sync", **settings: Any) -> None:
        self.node_id = node_id
        self.network = network
        if network.current_leader is None:
            network.settle_on(node_id, **parse_policy(policy), **settings)

    def add_sync_follower(self, node_id: str) -> None:
        """A write waits until `node_id` has it on disk. Before the first operation. Raises `ValueError` after
        that."""
        self.network.add_follower(node_id, synchronous=True)

    def add_async_follower(self, node_id: str) -> None:
        """`node_id` follows, and no write waits for it. Before the first operation. Raises `ValueError` after
        that."""
        self.network.add_follower(node_id, synchronous=False)

    async def write(self, key: str, value: bytes | str) -> Lsn:
        """Set `key`; returns its log position once the write is acknowledged under the policy.

        Raises `NotLeader` where this node was deposed before it took the write, `OutcomeUnknown` where it was
        after.
        """
        return await self._write(Request(operation="write", keys=(key,), value=value))

    async def delete(self, key: str) -> Lsn:
        """Delete `key`. Returns and raises as `write`."""
        return await self._write(Request(operation="delete", keys=(key,)))

    async def cas(self, key: str, expected: bytes | str | None, value: bytes | str) -> Lsn:
        """Set `key` if its value is `expected` (`None`: absent). Raises `CompareFailed` if not, else as
        `write`."""
        return await self._write(Request(operation="cas", keys=(key,), expected=expected, value=value))

    async def read(self, key: str) -> Any:
        """The value of `key`, linearizable: the leader first confirms with the members that it still
        leads."""
        request = Request(operation="read", keys=(key,), mode="leader")
        outcome = await self.network.call(None, request, nodes=(self.node_id,), prepare=self._aim)
        return outcome.items[0][1]

    @property
    def current_lsn(self) -> Lsn:
        """The position of the last entry in this node's log."""
        last: Lsn = self._node.core.log.last
        return last

    async def _write(self, request: Request) -> Lsn:
        outcome = await self.network.call(None, request, nodes=(self.node_id,), prepare=self._aim)
        assert outcome.position is not None
        return outcome.position

    def _aim(self, session: ClientSession) -> None:
        """This node is meant, in whatever epoch it is."""
        session.leader, session.epoch = self.node_id, self._node.core.epoch

    @property
    def _node(self) -> SimNode:
        return self.network.build().nodes[self.node_id]


class Follower:
    """A node that replicates; `run` it in a nursery. Cancelling `run` crashes the node."""

    def __init__(self, node_id: str, network: Network) -> None:
        self.node_id = node_id
        self.network = network

    async def run(self) -> None:
        """Switch the node on, and off when cancelled."""
        node = self.network.switch_on(self.node_id)
        try:
            await trio.sleep_forever()
        finally:
            if node.up:
                node.crash()

    async def read(self, key: str) -> Any:
        """The value of `key` as far as this node has heard: any age."""
        request = Request(operation="read", keys=(key,), mode="replica")
        outcome = await self.network.call(None, request, nodes=(self.node_id,))
        return outcome.items[0][1]

    @property
    def current_lsn(self) -> Lsn:
        """How far what this node shows goes."""
        node = self.network.build().nodes[self.node_id]
        position: Lsn = node.core.position if node.core is not None else ORIGIN
        return position

    @property
    def lag(self) -> int | None:
        """How many acknowledged entries this node does not show yet; `None` while it does not run."""
        return self.network.lag().get(self.node_id)


def parse_policy(policy: str) -> dict[str, Any]:
    """The settings that a policy's name stands for. Raises `ValueError`."""
    if policy in ("sync", "none"):
        return {"policy": policy}
    match policy.split():
        case [size, "of", _] if size.isdigit():
            return {"policy": "quorum", "quorum": int(size)}
    raise ValueError(f'policy is "sync", "none" or like "2 of 3", not {policy!r}')
