"""Leader and Follower: the nodes of a telemetry store, as a program sees them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec
import trio

from rts.client.requests import Request
from rts.client.session import ClientSession
from rts.core.single_leader.settings import Settings
from rts.ids import ORIGIN, Lsn
from rts.schedule import SECOND
from rts.sim.node import SimNode
from rts.telemetry.network import Network

Value: TypeAlias = bytes | str
"""What a key holds; `None` stands for nothing."""

POSITIVE = ("heartbeat_ns", "attempt_ns", "timeout_ns", "wait_timeout_ns")


class Leader:
    """The node that takes writes.

    `policy`: `"sync"` (a write waits for every synchronous follower), `"W of N"` such as `"2 of 3"` (for W of
    N members: the leader and the synchronous followers), or `"none"`. A leader without synchronous followers
    waits for nobody.

    `confirm`: a `leader` read asks the members together with others that wait (`"batch"`), or alone
    (`"each"`). `heartbeat_s` is the period of heartbeats and of retransmission, `disk_sync_s` what a disk
    takes, `attempt_s` how long a reader waits for a replica before it asks another, `timeout_s` until a call
    is given up: long by default, because Trio's cancel scopes are for that (all in seconds). `compact_after`:
    the log is compacted after so many entries (0: never).

    Once a network has a leader, `Leader(node_id, network)` is a handle on any of its nodes: the new leader,
    after a promotion. Raises `ValueError` for a node that is not on the network, and for settings that do not
    fit.
    """

    def __init__(
        self,
        node_id: str,
        network: Network,
        *,
        policy: str = "sync",
        confirm: Literal["batch", "each"] = "batch",
        heartbeat_s: float = 0.5,
        disk_sync_s: float = 0.0001,
        attempt_s: float = 0.3,
        timeout_s: float = 3600.0,
        compact_after: int = 0,
    ) -> None:
        self.node_id = node_id
        self.network = network
        named, size = parse_policy(policy)
        settings = checked(
            **named,
            confirm=confirm,
            heartbeat_ns=round(heartbeat_s * SECOND),
            disk_sync_ns=round(disk_sync_s * SECOND),
            attempt_ns=round(attempt_s * SECOND),
            timeout_ns=round(timeout_s * SECOND),
            wait_timeout_ns=round(timeout_s * SECOND),
            compact_after=compact_after,
        )
        if network.first_leader is None:
            network.settle_on(node_id, settings, size=size)
        elif node_id not in network.names:
            raise ValueError(f"{node_id!r} is no node of {network.first_leader}'s network")

    def add_sync_follower(self, node_id: str) -> None:
        """A write waits until `node_id` has it on disk. Before the first operation. Raises `ValueError` after
        that.
        """
        self.network.add_follower(node_id, synchronous=True)

    def add_async_follower(self, node_id: str) -> None:
        """`node_id` follows, and no write waits for it. Before the first operation. Raises `ValueError` after
        that.
        """
        self.network.add_follower(node_id, synchronous=False)

    async def write(self, key: str, value: Value) -> Lsn:
        """Set `key`; returns its log position once the write is acknowledged under the policy.

        Raises `NotLeader` where this node knows that it was deposed, `OutcomeUnknown` where it learnt so
        after it took the write or where `timeout_s` has passed.
        """
        return await self._write(write_request(key, value))

    async def delete(self, key: str) -> Lsn:
        """Delete `key`. Returns and raises as `write`."""
        return await self._write(Request(operation="delete", keys=(key,)))

    async def cas(self, key: str, expected: Value | None, value: Value) -> Lsn:
        """Set `key` if its value is `expected` (`None`: absent). Raises `CompareFailed` if not, else as
        `write`.
        """
        return await self._write(cas_request(key, expected, value))

    async def read(self, key: str) -> Any:
        """The value of `key`, linearizable: the leader first confirms with the members that it still leads.

        Raises `NotLeader` where it does not. Waits as long as the members are silent.
        """
        request = Request(operation="read", keys=(key,), mode="leader")
        outcome = await self.network.call(None, request, nodes=(self.node_id,), prepare=self._aim)
        return outcome.items[0][1]

    @property
    def current_lsn(self) -> Lsn:
        """The position of the last entry in this node's log, acknowledged or not."""
        node = self.network.node(self.node_id)
        last: Lsn = node.core.log.last if node.core is not None else ORIGIN
        return last

    async def _write(self, request: Request) -> Lsn:
        outcome = await self.network.call(None, request, nodes=(self.node_id,), prepare=self._aim)
        assert outcome.position is not None
        return outcome.position

    def _aim(self, session: ClientSession) -> None:
        """This node is meant, in whatever epoch it is."""
        core = self.network.node(self.node_id).core
        session.leader, session.epoch = self.node_id, core.epoch if core is not None else 0


class Follower:
    """A node that replicates; `run` it in a nursery. Cancelling `run` crashes the node."""

    def __init__(self, node_id: str, network: Network) -> None:
        self.node_id = node_id
        self.network = network

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Switch the node on, and off when cancelled; `await nursery.start(follower.run)` returns once it is
        on.

        Raises `ValueError` where no leader named it as a follower.
        """
        node = self.network.switch_on(self.node_id)
        task_status.started()
        try:
            await trio.sleep_forever()
        finally:
            if node.up:
                node.crash()

    async def read(self, key: str) -> Any:
        """The value of `key` as far as this node has heard: any age. Raises `Refused` if it is down."""
        request = Request(operation="read", keys=(key,), mode="replica")
        outcome = await self.network.call(None, request, nodes=(self.node_id,))
        return outcome.items[0][1]

    @property
    def current_lsn(self) -> Lsn:
        """How far what this node shows goes."""
        node: SimNode = self.network.node(self.node_id)
        position: Lsn = node.core.position if node.core is not None else ORIGIN
        return position

    @property
    def lag(self) -> int | None:
        """How many acknowledged entries this node does not show yet; `None` while it does not run, or nobody
        leads.
        """
        return self.network.lag().get(self.node_id)


def write_request(key: str, value: Value, needs: tuple[str, ...] = ()) -> Request:
    """A write. Raises `TypeError` for what is no value."""
    return Request(operation="write", keys=(key,), value=_value(value), needs=needs)


def cas_request(key: str, expected: Value | None, value: Value, needs: tuple[str, ...] = ()) -> Request:
    """A compare-and-set. Raises `TypeError` for what is no value."""
    if expected is not None:
        _value(expected)
    return Request(operation="cas", keys=(key,), expected=expected, value=_value(value), needs=needs)


def _value(value: Value) -> Value:
    if not isinstance(value, bytes | str):
        raise TypeError(f"a value is bytes or text, not {type(value).__name__}")
    return value


def parse_policy(policy: str) -> tuple[dict[str, Any], int | None]:
    """The settings that a policy stands for, and how many members it speaks of. Raises `ValueError`."""
    if policy in ("sync", "none"):
        return {"policy": policy}, None
    match policy.split():
        case [size, "of", members] if size.isdigit() and members.isdigit() and 1 <= int(size) <= int(members):
            return {"policy": "quorum", "quorum": int(size)}, int(members)
    raise ValueError(f'policy is "sync", "none" or like "2 of 3", not {policy!r}')


def checked(**settings: Any) -> dict[str, Any]:
    """The settings. Raises `ValueError`, which names the field, where one is not what it can be."""
    try:
        msgspec.convert(settings, Settings)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None
    for name, value in settings.items():
        if name in POSITIVE and value <= 0:
            raise ValueError(f"{name.removesuffix('_ns')} has to be more than 0")
        if name.endswith(("_ns", "_entries", "_after")) and value < 0:
            raise ValueError(f"{name.removesuffix('_ns')} cannot be less than 0")
    return settings
