"""What every duty of a replica stands on: its state, its storage, and how it speaks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rts.core.effects import CancelTimer, Effect, Note, Persist, Reply, Send, SetTimer
from rts.core.events import Event, Persisted, PersistFailed, Received, Started, TimerFired
from rts.core.single_leader.acknowledgement import Policy, Quorum, Synchronous, Unacknowledged
from rts.core.single_leader.log import (
    AppendRecord,
    Entry,
    EpochRecord,
    Log,
    Put,
    Record,
    Recovered,
    Role,
    Snapshot,
    SnapshotRecord,
    StartEpoch,
    newest_forced,
)
from rts.core.single_leader.messages import Fenced, Message
from rts.core.single_leader.settings import Settings
from rts.errors import DiskFailed
from rts.ids import ORIGIN, Lsn, Member


def policy_of(settings: Settings) -> Policy:
    """The acknowledgement policy that the settings name."""
    match settings.policy:
        case "sync":
            return Synchronous()
        case "quorum":
            return Quorum(settings.quorum)
        case "none":
            return Unacknowledged()


class ReplicaBase(ABC):
    """A replica's state and the primitives that its duties share.

    `epoch` is the highest that it has promised itself to; `committed` the highest index that it knows to be
    acknowledged, `applied` the highest whose effect is visible here, `persisted` the highest durable in its
    own log. `values` maps a key to its value and version.
    """

    handlers: ClassVar[dict[type[Any], str]] = {}
    """Message type → the name of the method that handles it; each duty adds its own."""

    def __init__(
        self, node: str, nodes: Sequence[str], settings: Settings, recovered: Recovered, disk: int
    ) -> None:
        self.node = node
        self.own = Member(node, disk)
        self.peers = tuple(sorted(name for name in nodes if name != node))
        self.settings = settings
        self.policy = policy_of(settings)
        self.now = 0
        self.effects: list[Effect] = []
        self.role: Role = "follower"
        self.epoch = recovered.epoch
        self.leader: str | None = None
        self.log = Log(recovered.snapshot, recovered.entries)
        self.committed = recovered.committed
        self.persisted = self.log.last_index
        self.values: dict[str, tuple[Any, Lsn]] = dict(recovered.snapshot.values)
        self.requests: dict[str, tuple[int, Lsn]] = dict(recovered.snapshot.requests)
        self.applied = recovered.snapshot.lsn.index
        self.read_log()
        self.persists = 0
        self._durable: dict[int, int] = {}
        bound: dict[type[Any], Callable[[str, Any], None]] = {}
        for kind, name in self.handlers.items():
            bound[kind] = getattr(self, name)
        self._handlers = bound

    # --- events ---------------------------------------------------------------------------------------------

    def step(self, event: Event, now: int, wall: int) -> list[Effect]:
        """See `rts.core.events.Core`."""
        self.now = now
        effects: list[Effect] = []
        self.effects = effects
        if type(event) is Received:
            self._handlers[type(event.message)](event.sender, event.message)
        elif type(event) is Persisted:
            self.persisted = self._durable[event.number]
            self._durable = {n: index for n, index in self._durable.items() if n > event.number}
            self.on_persisted()
        elif type(event) is TimerFired:
            self.on_timer(event.name)
        elif type(event) is Started:
            self.on_start()
        elif type(event) is PersistFailed:
            raise DiskFailed(f"{self.node} could not write to its disk: {event.reason}")
        return effects

    def on_start(self) -> None:
        """The node runs again, on what its disk holds."""
        self.apply_committed()
        self.resume()

    # --- what the duties below call upwards -----------------------------------------------------------------

    @abstractmethod
    def resume(self) -> None:
        """Take up the role that the disk speaks of."""

    @abstractmethod
    def on_persisted(self) -> None:
        """More of the own log is durable."""

    @abstractmethod
    def on_timer(self, name: str) -> None:
        """A timer ran out."""

    @abstractmethod
    def on_applied(self) -> None:
        """More of the log is visible."""

    @abstractmethod
    def step_down(self) -> None:
        """Stop leading, or trying to."""

    # --- speaking -------------------------------------------------------------------------------------------

    def send(self, to: str, message: Message) -> None:
        """Send to a node, once all that was persisted before is durable."""
        self.effects.append(Send(to, message))

    def reply(self, to: str, message: Message) -> None:
        """Answer a client, once all that was persisted before is durable."""
        self.effects.append(Reply(to, message))

    def set_timer(self, name: str, after_ns: int) -> None:
        """Ask to be woken."""
        self.effects.append(SetTimer(name, after_ns))

    def cancel_timer(self, name: str) -> None:
        """Ask not to be woken after all."""
        self.effects.append(CancelTimer(name))

    def note(self, what: str, detail: Any = None) -> None:
        """Say that something worth counting happened."""
        self.effects.append(Note(what, detail))

    # --- storage --------------------------------------------------------------------------------------------

    def persist(self, record: Record) -> None:
        """Make a record durable; when it is, the log is durable as far as it reaches now."""
        self.persists += 1
        self._durable[self.persists] = self.log.last_index
        self.effects.append(Persist(self.persists, record))

    def append(self, after: int, entries: tuple[Entry, ...]) -> None:
        """Replace all above index `after` by `entries`, durably."""
        log = self.log
        truncates = after < log.last_index
        if truncates:
            log.truncate(after)
            self._forget_durable(after)
        log.append(entries)
        if truncates or any(type(entry.command) is not Put for entry in entries):
            self.read_log()
        self.persist(AppendRecord(after, entries, self.committed))

    def read_log(self) -> None:
        """Know what the log says of the members, and of epochs that were forced."""
        self.membership = self.log.members()
        self.newest_forced = self.log.newest_forced()

    def _forget_durable(self, after: int) -> None:
        """What was above index `after` is no longer in the log: that it was durable says nothing of what
        comes there."""
        self.persisted = min(self.persisted, after)
        self._durable = {number: min(index, after) for number, index in self._durable.items()}

    def install(self, snapshot: Snapshot, *, keeps: bool) -> None:
        """Start the log at `snapshot`, durably."""
        self.log.start_at(snapshot, keeps=keeps)
        if not keeps:
            self._forget_durable(snapshot.lsn.index)
        self.read_log()
        self.persist(SnapshotRecord(snapshot, keeps))

    # --- members --------------------------------------------------------------------------------------------

    @property
    def members(self) -> tuple[Member, ...]:
        """Whose word counts, by the newest entry that says so, acknowledged or not."""
        return self.membership.members

    def configurations(self) -> tuple[tuple[Member, ...], ...]:
        """The sets of members that must each agree: while one is replaced, those before the change as well.

        Else a deposed leader could replace the member whose promise deposed it (joint consensus: Raft, §6).
        """
        since, members, before = self.membership
        if since > self.committed and members != before and self.policy.changes_one_at_a_time():
            return before, members
        return (members,)

    # --- epochs ---------------------------------------------------------------------------------------------

    def is_old(self, epoch: int) -> bool:
        """Whether a message of `epoch` comes from a leader that was deposed."""
        return epoch < self.epoch

    def observe(self, epoch: int, leader: str | None) -> None:
        """Promise oneself to `epoch` if it is higher, and stop leading a lower one."""
        if epoch > self.epoch:
            self.epoch = epoch
            self.persist(EpochRecord(epoch))
            self.step_down()
            self.leader = leader
        elif self.leader is None and epoch == self.epoch:
            self.leader = leader

    def fence(self, sender: str) -> None:
        """Tell a deposed leader so."""
        self.send(sender, Fenced(self.epoch, self.leader))

    def on_fenced(self, sender: str, message: Fenced) -> None:
        """A member has promised itself to a higher epoch."""
        self.observe(message.epoch, message.leader)

    # --- the state machine ----------------------------------------------------------------------------------

    @property
    def position(self) -> Lsn:
        """How far the visible state goes."""
        return self.log.lsn_at(self.applied) or ORIGIN

    def learn_committed(self, index: int) -> None:
        """All up to `index` is known to be acknowledged."""
        if index > self.committed:
            self.committed = index
            self.apply_committed()

    def apply_committed(self) -> None:
        """Make acknowledged entries visible, in the order of the log."""
        if self.applied < self.committed:
            for entry in self.log.between(self.applied, self.committed):
                self.apply(entry)
            self.applied = self.committed
            self.on_applied()

    def apply(self, entry: Entry) -> None:
        """Make one entry visible."""
        command = entry.command
        if isinstance(command, Put):
            self.values[command.key] = (command.value, entry.lsn)
            self.requests[command.client] = (command.request, entry.lsn)

    def compact(self) -> None:
        """Replace the applied part of the log by a snapshot, once it is long enough."""
        limit = self.settings.compact_after
        if limit and self.applied - self.log.base >= limit:
            self.install(self.snapshot(), keeps=True)
            self.note("log compacted")

    def snapshot(self) -> Snapshot:
        """All that is visible, as of the position up to which it is."""
        compacted = self.log.between(self.log.base, self.applied)
        members, leader = self.log.snapshot.members, self.log.snapshot.leader
        for entry in compacted:
            command = entry.command
            if not isinstance(command, Put):
                members = command.members
            if isinstance(command, StartEpoch):
                leader = command.leader
        forced = max(self.log.snapshot.forced, newest_forced(compacted))
        return Snapshot(self.position, dict(self.values), dict(self.requests), members, leader, forced)
