"""What every duty of a Raft node stands on: its state, its storage, and how it speaks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from rts.core.effects import CancelTimer, Effect, Note, Persist, Reply, Send, SetTimer
from rts.core.events import Event, Persisted, PersistFailed, Received, Started, TimerFired
from rts.core.raft.log import (
    AppendRecord,
    Apply,
    Configure,
    Entry,
    Log,
    Record,
    Recovered,
    Snapshot,
    SnapshotRecord,
    StateRecord,
)
from rts.core.raft.machine import Replicated, Result, StateMachine
from rts.core.raft.messages import FromNode, ToClient
from rts.core.raft.roles import TRANSITIONS, Cause, Role
from rts.core.raft.settings import Chance, Settings
from rts.errors import DiskFailed, InvariantBroken
from rts.ids import ORIGIN, Lsn, Member


class RaftBase(ABC):
    """A node's state (Raft, figure 2) and the primitives that its duties share.

    `persisted` is the highest index that is durable in its own log, `committed` the highest known to be
    committed, `applied` the highest whose effect is in the state machine. `leader` is the one that it knows
    of in its term.
    """

    handlers: ClassVar[dict[type[Any], str]] = {}
    """Message type → the name of the method that handles it; each duty adds its own."""

    def __init__(
        self, own: Member, settings: Settings, recovered: Recovered, machine: StateMachine, chance: Chance
    ) -> None:
        self.own = own
        self.node = own.node
        self.settings = settings
        self.chance = chance
        self.now = 0
        self.effects: list[Effect] = []
        self.role: Role = "follower"
        self.leader: str | None = None
        self.term = recovered.term
        self.vote = recovered.vote
        self.log = Log(recovered.snapshot, recovered.entries, recovered.base)
        self.state = Replicated(machine)
        self.state.restore(recovered.snapshot.data)
        self.committed = self.applied = recovered.snapshot.lsn.index
        self.persisted = self.log.last_index
        self.persists = 0
        self._durable: dict[int, int] = {}
        self.read_configuration()
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
            self.persisted = max(self.persisted, self._durable[event.number])
            self._durable = {n: index for n, index in self._durable.items() if n > event.number}
            self.on_persisted(event.number)
        elif type(event) is TimerFired:
            self.on_timer(event.name)
        elif type(event) is Started:
            self.on_start()
        elif type(event) is PersistFailed:
            raise DiskFailed(f"{self.node} could not write to its disk: {event.reason}")
        return effects

    # --- what the duties below add --------------------------------------------------------------------------

    @abstractmethod
    def on_start(self) -> None:
        """The node runs, on what its disk holds."""

    @abstractmethod
    def on_persisted(self, number: int) -> None:
        """All persists up to `number` are durable."""

    @abstractmethod
    def on_timer(self, name: str) -> None:
        """A timer ran out."""

    @abstractmethod
    def on_applied(self, entry: Entry, result: Result | None) -> None:
        """A committed entry has had its effect."""

    @abstractmethod
    def on_role_left(self, role: Role) -> None:
        """The node has stopped being what it was."""

    # --- speaking -------------------------------------------------------------------------------------------

    def send(self, to: str, message: FromNode, *, before_persist: bool = False) -> None:
        """Send to a node; by default once all that was persisted before is durable."""
        self.effects.append(Send(to, message, before_persist))

    def reply(self, to: str, message: ToClient) -> None:
        """Answer a client. What is said rests on what is committed, hence durable on a majority: it waits for
        no disk."""
        self.effects.append(Reply(to, message, before_persist=True))

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

    def persist_state(self) -> None:
        """Make term and vote durable."""
        self.persist(StateRecord(self.term, self.vote))

    def append(self, after: int, entries: tuple[Entry, ...]) -> None:
        """Replace all above index `after` by `entries`, durably."""
        log = self.log
        truncates = after < log.last_index
        if truncates:
            self.note("tail truncated", log.last_index - after)
            log.truncate(after)
            self.forget_durable(after)
        log.append(entries)
        if truncates or any(type(entry.command) is Configure for entry in entries):
            self.read_configuration()
        self.persist(AppendRecord(after, entries))

    def forget_durable(self, after: int) -> None:
        """What was above index `after` is no longer in the log: that it was durable, or will be, says nothing
        of what comes there."""
        self.persisted = min(self.persisted, after)
        self._durable = {number: min(index, after) for number, index in self._durable.items()}

    def compact(self) -> None:
        """Let a snapshot take the place of the applied part of the log, once it is long enough."""
        limit, keep = self.settings.compact_after, self.settings.compact_keep
        log = self.log
        if limit and self.applied - log.snapshot.lsn.index >= limit:
            position = self.position
            configuration = log.configuration(self.applied)[1]
            base = log.lsn_at(max(log.base.index, self.applied - keep))
            log.start_at(Snapshot(position, configuration, self.state.snapshot()), base)
            self.persist(SnapshotRecord(log.snapshot, base))
            self.note("log compacted")

    # --- members --------------------------------------------------------------------------------------------

    def read_configuration(self) -> None:
        """Know the members that the log names, committed or not (thesis, §4.1)."""
        self.configured_at, self.configuration = self.log.configuration()

    @property
    def voters(self) -> tuple[Member, ...]:
        """Whose votes and acknowledgements count."""
        return self.configuration.voters

    def is_voter(self) -> bool:
        """Whether this node's, with this disk, do."""
        return self.own in self.voters

    @property
    def epoch(self) -> int:
        """The term, by the name that leaders' reigns have in every store."""
        return self.term

    # --- terms and roles ------------------------------------------------------------------------------------

    def is_old(self, term: int) -> bool:
        """Whether a message of `term` is from the past (Raft, §5.1)."""
        return term < self.term

    def observe(self, term: int) -> None:
        """Enter `term` if it is higher, as a follower that has not voted (Raft, §5.1)."""
        if term > self.term:
            self.term = term
            self.vote = None
            self.persist_state()
            self.leader = None
            self.become("higher term")

    def become(self, cause: Cause) -> None:
        """Change roles by the table. Raises `InvariantBroken` where it has no such change."""
        before = self.role
        after = TRANSITIONS.get((before, cause))
        if after is None:
            raise InvariantBroken(f"{self.node}, a {before}, met with {cause!r} in term {self.term}")
        self.role = after
        if after != before:
            self.on_role_left(before)

    # --- the state machine ----------------------------------------------------------------------------------

    @property
    def position(self) -> Lsn:
        """How far the state goes."""
        return self.log.lsn_at(self.applied) or ORIGIN

    def is_settled_in_term(self) -> bool:
        """Whether an entry of the current term is committed: then all that earlier terms left is, too."""
        lsn = self.log.lsn_at(self.committed)
        return lsn is not None and lsn.epoch == self.term

    def learn_committed(self, index: int) -> None:
        """All up to `index` is known to be committed."""
        if index > self.committed:
            self.committed = index
            self.apply_committed()

    def apply_committed(self) -> None:
        """Apply what is committed, in the order of the log (Raft, §5.3)."""
        while self.applied < self.committed:
            entry = self.log.at(self.applied + 1)
            self.applied = entry.lsn.index
            self.on_applied(entry, self.apply(entry))
        self.compact()

    def apply(self, entry: Entry) -> Result | None:
        """The effect of one entry, and what it gave."""
        command = entry.command
        return self.state.apply(entry.lsn, command) if isinstance(command, Apply) else None
