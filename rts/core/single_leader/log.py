"""The replicated log: entries, the snapshot they stand on, and what a node keeps on its disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from rts.ids import ORIGIN, Lsn, Member

# --- commands -----------------------------------------------------------------------------------------------


class Put(msgspec.Struct, frozen=True, tag="put", array_like=True, gc=False):
    """Set `key` to `value`; `None` deletes it. `client` and `request` say whose write it is, so that it is
    done once."""

    key: str
    value: Any
    client: str
    request: int


class StartEpoch(msgspec.Struct, frozen=True, tag="start-epoch", array_like=True):
    """The no-op that opens an epoch: who leads it, the members whose word counts from here on, and whether it
    was forced.

    A forced epoch may lack acknowledged entries of earlier ones.
    """

    leader: str
    members: tuple[Member, ...]
    forced: bool = False


class ChangeMembers(msgspec.Struct, frozen=True, tag="members", array_like=True):
    """From here on these members' word counts."""

    members: tuple[Member, ...]


Command: TypeAlias = Put | StartEpoch | ChangeMembers


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One entry of the log."""

    lsn: Lsn
    command: Command


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """All that the log up to `lsn` amounts to: values with their versions, the last request of each client,
    the members, the leader.

    `forced` is the newest epoch that was forced (0: none).
    """

    lsn: Lsn
    values: dict[str, tuple[Any, Lsn]]
    requests: dict[str, tuple[int, Lsn]]
    members: tuple[Member, ...]
    leader: str | None
    forced: int = 0


EMPTY = Snapshot(ORIGIN, {}, {}, (), None)

# --- records on the disk ------------------------------------------------------------------------------------


class EpochRecord(msgspec.Struct, frozen=True, tag="epoch", array_like=True):
    """The node has promised itself to `epoch`."""

    epoch: int


class AppendRecord(msgspec.Struct, frozen=True, tag="append", array_like=True):
    """What was after index `after` is gone; `entries` are there instead. `committed` was known to be
    acknowledged."""

    after: int
    entries: tuple[Entry, ...]
    committed: int


class SnapshotRecord(msgspec.Struct, frozen=True, tag="snapshot", array_like=True):
    """The log starts at `snapshot`; `keeps`: entries after it stay."""

    snapshot: Snapshot
    keeps: bool


Record: TypeAlias = EpochRecord | AppendRecord | SnapshotRecord


class Membership(NamedTuple):
    """Who the `members` are from index `since` on, and who they were `before`."""

    since: int
    members: tuple[Member, ...]
    before: tuple[Member, ...]


def _members(entry: Entry) -> tuple[Member, ...]:
    assert not isinstance(entry.command, Put)
    return entry.command.members


class Log:
    """Entries by index, above the snapshot that the compacted ones became."""

    __slots__ = ("entries", "snapshot")

    def __init__(self, snapshot: Snapshot = EMPTY, entries: Iterable[Entry] = ()) -> None:
        self.snapshot = snapshot
        self.entries = list(entries)

    @property
    def base(self) -> int:
        """The index of the last entry that was compacted away."""
        return self.snapshot.lsn.index

    @property
    def beginning(self) -> Lsn:
        """The position before the first entry that is here (the name that all logs share)."""
        return self.snapshot.lsn

    @property
    def last(self) -> Lsn:
        """The position of the last entry."""
        return self.entries[-1].lsn if self.entries else self.snapshot.lsn

    @property
    def last_index(self) -> int:
        """The index of the last entry."""
        return self.snapshot.lsn.index + len(self.entries)

    def at(self, index: int) -> Entry:
        """The entry at `index`, which must be above the base and in the log."""
        return self.entries[index - self.snapshot.lsn.index - 1]

    def lsn_at(self, index: int) -> Lsn | None:
        """The position at `index`; `None` where the log does not reach or no longer knows."""
        offset = index - self.snapshot.lsn.index
        if offset == 0:
            return self.snapshot.lsn
        if offset < 0 or offset > len(self.entries):
            return None
        return self.entries[offset - 1].lsn

    def after(self, index: int) -> tuple[Entry, ...]:
        """The entries above `index`."""
        return tuple(self.entries[max(0, index - self.snapshot.lsn.index) :])

    def between(self, low: int, high: int) -> list[Entry]:
        """The entries above `low` up to and including `high`."""
        base = self.snapshot.lsn.index
        return self.entries[low - base : high - base]

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries at the end."""
        self.entries.extend(entries)

    def truncate(self, after: int) -> None:
        """Drop the entries above index `after`."""
        del self.entries[max(0, after - self.snapshot.lsn.index) :]

    def start_at(self, snapshot: Snapshot, *, keeps: bool) -> None:
        """Stand on `snapshot` instead; `keeps`: entries above it stay, else all go."""
        self.entries = list(self.after(snapshot.lsn.index)) if keeps else []
        self.snapshot = snapshot

    def members(self) -> Membership:
        """The newest members that this log names, and those before them."""
        newest: Entry | None = None
        for entry in reversed(self.entries):
            if not isinstance(entry.command, Put):
                if newest is not None:
                    return Membership(newest.lsn.index, _members(newest), _members(entry))
                newest = entry
        if newest is not None:
            return Membership(newest.lsn.index, _members(newest), self.snapshot.members)
        return Membership(self.base, self.snapshot.members, self.snapshot.members)

    def leader_of_last_epoch(self) -> tuple[int, str | None]:
        """The newest epoch whose start is in the log, and its leader."""
        for entry in reversed(self.entries):
            if isinstance(entry.command, StartEpoch):
                return entry.lsn.epoch, entry.command.leader
        return self.snapshot.lsn.epoch, self.snapshot.leader

    def newest_forced(self) -> int:
        """The newest epoch in this log that was forced (0: none)."""
        return max(self.snapshot.forced, newest_forced(self.entries))

    def first_index_of(self, epoch: int) -> int:
        """The lowest index above the base that holds an entry of `epoch` (which must have one)."""
        return next(entry.lsn.index for entry in self.entries if entry.lsn.epoch == epoch)


def newest_forced(entries: Iterable[Entry]) -> int:
    """The newest epoch among `entries` that was forced (0: none)."""
    forced = (e.lsn.epoch for e in entries if isinstance(e.command, StartEpoch) and e.command.forced)
    return max(forced, default=0)


class Recovered(msgspec.Struct, frozen=True):
    """What a node finds on its disk when it starts: the epoch it promised itself to, its log, and what it
    knew to be acknowledged."""

    epoch: int
    snapshot: Snapshot
    entries: tuple[Entry, ...]
    committed: int


def recover(records: Iterable[Record]) -> Recovered:
    """Replay the records of a disk, in order. A blank disk gives epoch 0 and an empty log."""
    epoch, committed, log = 0, 0, Log()
    for record in records:
        match record:
            case EpochRecord():
                epoch = record.epoch
            case AppendRecord():
                log.truncate(record.after)
                log.append(record.entries)
                committed = record.committed
            case SnapshotRecord():
                log.start_at(record.snapshot, keeps=record.keeps)
                index = record.snapshot.lsn.index
                committed = max(committed, index) if record.keeps else index
    return Recovered(epoch, log.snapshot, tuple(log.entries), committed)


def founding(leader: str, members: tuple[Member, ...]) -> tuple[Record, ...]:
    """The records that every disk of a new cluster holds: epoch 1 and its first entry."""
    first = Entry(Lsn(1, 1), StartEpoch(leader, members))
    return (EpochRecord(1), AppendRecord(0, (first,), 1))


Role: TypeAlias = Literal["leader", "follower", "candidate"]
