"""A simulated cluster of the telemetry store: machines, network, operator and clients, ready to be driven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from rts.client.requests import Outcome, Request
from rts.client.session import ClientSession
from rts.client.tokens import Tokens
from rts.core.single_leader.log import Record, founding, recover
from rts.core.single_leader.replica import Replica
from rts.core.single_leader.settings import Settings
from rts.errors import ScheduleError
from rts.ids import Member
from rts.sim.client import SimClient
from rts.sim.disk import SimDisk
from rts.sim.faults import Faults
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.operator import Operator
from rts.sim.pump import Pump
from rts.sim.trace import Trace


class RecordCodec:
    """A replica's records as bytes (`rts.storage.disk.Codec`)."""

    def __init__(self) -> None:
        self._decoder = msgspec.msgpack.Decoder[Record](Record)

    def encode(self, record: Record) -> bytes:
        """See `Codec`."""
        return msgspec.msgpack.encode(record)

    def decode(self, payload: bytes) -> Record:
        """See `Codec`."""
        record: Record = self._decoder.decode(payload)
        return record


CODEC = RecordCodec()


def first_members(settings: Settings) -> tuple[Member, ...]:
    """The members that a new cluster's first epoch names."""
    match settings.policy:
        case "sync":
            return tuple(Member(node, 1) for node in settings.synchronous)
        case "quorum":
            return tuple(Member(node, 1) for node in settings.members)
        case "none":
            return ()


def check_settings(nodes: Sequence[str], settings: Settings) -> None:
    """Raise `ScheduleError`, which names the field, where settings and nodes do not fit together."""
    leader = nodes[0]
    if settings.policy == "sync":
        if not settings.synchronous:
            raise ScheduleError("settings.synchronous: policy `sync` needs at least one synchronous follower")
        for node in settings.synchronous:
            if node not in nodes or node == leader:
                raise ScheduleError(
                    f"settings.synchronous: {node} is not a follower of {leader} in {', '.join(nodes)}"
                )
    if settings.policy == "quorum":
        for node in settings.members:
            if node not in nodes:
                raise ScheduleError(f"settings.members: {node} is not one of the nodes {', '.join(nodes)}")
        if leader not in settings.members:
            raise ScheduleError(f"settings.members: the first leader, {leader}, is not among them")
        if not 1 <= settings.quorum <= len(settings.members):
            raise ScheduleError(
                f"settings.quorum: {settings.quorum} is not between 1 and {len(settings.members)} members"
            )


class Cluster:
    """All of it, in one virtual time.

    The first of `nodes` leads epoch 1. `replica` and `session` are the classes to run (a bug is a subclass of
    one); `watch` is called after each event of a node; `network` is a new one unless given. Raises
    `ScheduleError` where the settings do not fit the nodes.
    """

    def __init__(
        self,
        nodes: Sequence[str],
        settings: Settings,
        *,
        jitter: int = 0,
        replica: type[Replica] = Replica,
        session: type[ClientSession] = ClientSession,
        watch: Callable[[SimNode], None] | None = None,
        users: dict[str, str] | None = None,
        network: SimNetwork | None = None,
    ) -> None:
        check_settings(nodes, settings)
        self.settings = settings
        self.names = tuple(nodes)
        self.network = network or SimNetwork(Pump(), Trace(), jitter=jitter)
        self.pump = self.network.pump
        self.trace = self.network.trace
        self.session = session
        self.tokens = Tokens(settings.tokens, users)
        self.clients: dict[str, SimClient] = {}
        self.sessions: dict[str, ClientSession] = {}
        records = founding(self.names[0], first_members(settings))
        self.nodes: dict[str, SimNode] = {}
        for name in self.names:
            disk = SimDisk(self.pump, self.trace, CODEC, sync_ns=settings.disk_sync_ns)
            disk.durable.extend(records)

            def boot(found: list[Any], identity: int, name: str = name) -> Replica:
                return replica(name, self.names, settings, recover(found), identity)

            node = SimNode(name, self.pump, self.network, self.trace, disk, boot, watch)
            node.on_note = self._on_note
            self.nodes[name] = node
            self.network.join(name, node, node=True)
        self.operator = Operator(self.network, self.nodes, self.trace, leader=self.names[0])
        self.faults = Faults(self.network, self.nodes, self.trace, self.operator)

    def start(self) -> None:
        """Switch every machine on."""
        for node in self.nodes.values():
            self.pump.at(self.pump.now, node.start)

    def client(
        self,
        name: str,
        begun: Callable[[SimClient, Request], None],
        ended: Callable[[SimClient, Request, Outcome], None],
        *,
        nodes: Sequence[str] | None = None,
        local: bool = False,
    ) -> SimClient:
        """A new client session at address `name`, which knows of all nodes or of some; `local`: no time away
        from them."""
        session = self.session(
            name,
            nodes or self.names,
            leader=self.operator.leader,
            epoch=self.operator.led,
            settings=self.settings,
            tokens=self.tokens,
        )
        client = SimClient(session, self.pump, self.network, self.trace, begun, ended)
        self.clients[name] = client
        self.sessions[name] = session
        self.network.join(name, client, node=False, local=local)
        self.operator.clients.append(name)
        return client

    def leaders(self) -> list[SimNode]:
        """The nodes that run and think that they lead."""
        return [node for node in self.nodes.values() if node.up and node.core.role == "leader"]

    def leader(self) -> SimNode | None:
        """Of those the one with the highest epoch."""
        return max(self.leaders(), key=lambda node: int(node.core.epoch), default=None)

    def is_settled(self) -> bool:
        """Whether one node leads, and all have the same log, all of it acknowledged and visible."""
        leader = self.leader()
        if leader is None or len(self.leaders()) > 1:
            return False
        last = leader.core.log.last
        return all(
            node.up
            and node.core.log.last == last
            and node.core.applied == last.index
            and not node.disk.pending
            for node in self.nodes.values()
        )

    def _on_note(self, node: SimNode, what: str, detail: Any) -> None:
        if what == "leads" and any(other is not node for other in self.leaders()):
            self.trace.reach("two live leaders")
