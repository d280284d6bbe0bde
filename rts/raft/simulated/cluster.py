"""A simulated Raft cluster: machines, network, operator and clients, ready to be driven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from rts.client.raft import MODES, RaftSession
from rts.client.requests import Outcome, Request
from rts.core.keyvalue import KeyValue
from rts.core.raft.log import AppendRecord, Apply, Entry, Record, founding, recover
from rts.core.raft.node import RaftCore
from rts.core.raft.settings import Settings
from rts.errors import ScheduleError
from rts.ids import Member
from rts.raft.simulated.operator import Operator
from rts.sim.client import SimClient
from rts.sim.disk import SimDisk
from rts.sim.faults import Faults
from rts.sim.network import SimNetwork, mix
from rts.sim.node import SimNode
from rts.sim.pump import Pump
from rts.sim.trace import Trace


class RecordCodec:
    """A node's records as bytes (`rts.storage.disk.Codec`)."""

    def __init__(self) -> None:
        self._decoder = msgspec.msgpack.Decoder[Record](Record)

    def encode(self, record: Record) -> bytes:
        """See `Codec`."""
        return msgspec.msgpack.encode(record)

    def decode(self, payload: bytes) -> Record:
        """See `Codec`. Commands are tuples again."""
        record: Record = self._decoder.decode(payload)
        if isinstance(record, AppendRecord):
            return AppendRecord(record.after, tuple(map(_with_tuple, record.entries)))
        return record


def _with_tuple(entry: Entry) -> Entry:
    command = entry.command
    if not isinstance(command, Apply):
        return entry
    return Entry(entry.lsn, msgspec.structs.replace(command, command=tuple(command.command)))


CODEC = RecordCodec()


class Dice:
    """A node's chance in one of its lives, from the schedule's seed alone (see `settings.Chance`)."""

    def __init__(self, seed: int, node: int, life: int) -> None:
        self.seed = seed
        self.of = node << 32 | life
        self.count = 0

    def randrange(self, start: int, stop: int) -> int:
        """See `Chance`."""
        self.count += 1
        return start + mix(self.seed, self.of, self.count) % (stop - start)


def check_settings(nodes: Sequence[str], settings: Settings) -> None:
    """Raise `ScheduleError`, which names the field, where settings and nodes do not fit together."""
    for field, named in (("voters", settings.voters), ("learners", settings.learners)):
        for node in named:
            if node not in nodes:
                raise ScheduleError(f"settings.{field}: {node} is not one of the nodes {', '.join(nodes)}")
    if not settings.voters:
        raise ScheduleError("settings.voters: somebody has to vote")
    both = set(settings.voters) & set(settings.learners)
    if both:
        raise ScheduleError(f"settings.learners: {', '.join(sorted(both))} cannot be a voter as well")
    low, high = settings.election_ns
    if not settings.heartbeat_ns < low <= high:
        raise ScheduleError(
            "settings.election_ns: heartbeat_ns has to be below its first, and that not above its second"
        )


class Cluster:
    """All of it, in one virtual time.

    The founding members are those of the settings; other nodes run with a blank disk, and may be added.
    `replica` and `session` are the classes to run (a bug is a subclass of one); `watch` is called after each
    event of a node. Raises `ScheduleError` where the settings do not fit the nodes.
    """

    def __init__(
        self,
        nodes: Sequence[str],
        settings: Settings,
        *,
        jitter: int = 0,
        replica: type[RaftCore] = RaftCore,
        session: type[RaftSession] = RaftSession,
        watch: Callable[[SimNode], None] | None = None,
    ) -> None:
        check_settings(nodes, settings)
        self.settings = settings
        self.names = tuple(nodes)
        self.network = SimNetwork(Pump(), Trace(), jitter=jitter)
        self.pump = self.network.pump
        self.trace = self.network.trace
        self.session = session
        self.clients: dict[str, SimClient] = {}
        self.nodes: dict[str, SimNode] = {}
        records = founding(settings.voters, settings.learners)
        for place, name in enumerate(self.names):
            disk = SimDisk(self.pump, self.trace, CODEC, sync_ns=settings.disk_sync_ns)
            if name in settings.voters or name in settings.learners:
                disk.durable.extend(records)

            def boot(found: list[Any], identity: int, name: str = name, place: int = place) -> RaftCore:
                chance = Dice(jitter, place, self.nodes[name].life)
                return replica(Member(name, identity), settings, recover(found), KeyValue(), chance)

            node = SimNode(name, self.pump, self.network, self.trace, disk, boot, watch)
            node.on_note = self._on_note
            self.nodes[name] = node
            self.network.join(name, node, node=True)
        self.operator = Operator(self.network, self.nodes, self.trace)
        self.faults = Faults(self.network, self.nodes, self.trace, self.operator)

    def start(self) -> None:
        """Switch every machine on; the first voter is told to stand, so that somebody leads soon."""
        for node in self.nodes.values():
            self.pump.at(self.pump.now, node.start)
        self.pump.at(self.pump.now, self.operator.begin, self.settings.voters[0])

    def client(
        self,
        name: str,
        begun: Callable[[SimClient, Request], None],
        ended: Callable[[SimClient, Request, Outcome], None],
    ) -> SimClient:
        """A new client session at address `name`."""
        leader = self.leader()
        first = leader.name if leader is not None else self.settings.voters[0]
        session = self.session(name, self.names, leader=first, settings=self.settings)
        client = SimClient(session, self.pump, self.network, self.trace, begun, ended)
        self.clients[name] = client
        self.network.join(name, client, node=False)
        return client

    def leaders(self) -> list[SimNode]:
        """The nodes that run and think that they lead."""
        return [node for node in self.nodes.values() if node.up and node.core.role == "leader"]

    def leader(self) -> SimNode | None:
        """Of those the one with the highest term."""
        return max(self.leaders(), key=lambda node: int(node.core.term), default=None)

    def members(self) -> list[SimNode]:
        """The nodes that are members by the newest leader's word, each with the disk that it was admitted
        with."""
        leader = self.leader()
        if leader is None:
            return []
        members = leader.core.configuration.members
        return [node for node in self.nodes.values() if Member(node.name, node.disk.identity) in members]

    def is_settled(self) -> bool:
        """Whether one node leads, and all members that can have the same log, all of it committed and
        applied."""
        leader = self.leader()
        if leader is None or len(self.leaders()) > 1:
            return False
        last = leader.core.log.last
        return leader.core.change is None and all(
            node.up
            and node.core.log.last == last
            and node.core.applied == last.index
            and not node.disk.pending
            for node in self.members()
        )

    def _on_note(self, node: SimNode, what: str, detail: Any) -> None:
        if what == "leads" and any(other is not node for other in self.leaders()):
            self.trace.reach("two live leaders")


def check_mode(mode: str) -> None:
    """Raise `ScheduleError` for a read mode that Raft's clients do not have."""
    if mode not in MODES:
        raise ScheduleError(f"mode: {mode!r} is none of {', '.join(MODES)}")
