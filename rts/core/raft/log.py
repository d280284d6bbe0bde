"""The replicated log, the snapshot that its beginning became, and what a node keeps on its disk.

    snapshot: all up to 4 as one state
    ├──────────────┤
    1   2   3   4   5   6   7
            ├───────────────┤
          base    entries that are still here

Compaction leaves a few entries below the snapshot's end, for followers that are only a little behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import msgspec

from rts.ids import ORIGIN, Lsn, Member

# --- members ------------------------------------------------------------------------------------------------


class Configuration(msgspec.Struct, frozen=True, array_like=True):
    """Who votes, and who only follows: each a node together with the disk that its promises are on."""

    voters: tuple[Member, ...] = ()
    learners: tuple[Member, ...] = ()

    @property
    def members(self) -> tuple[Member, ...]:
        """All of them."""
        return (*self.voters, *self.learners)

    def member(self, node: str) -> Member | None:
        """The member that runs on `node`, if one does."""
        return next((member for member in self.members if member.node == node), None)

    def without(self, node: str) -> Configuration:
        """The same without `node`."""
        return Configuration(
            tuple(member for member in self.voters if member.node != node),
            tuple(member for member in self.learners if member.node != node),
        )

    def with_voter(self, member: Member) -> Configuration:
        """The same with `member` among the voters."""
        others = self.without(member.node)
        return Configuration(tuple(sorted((*others.voters, member))), others.learners)

    def with_learner(self, member: Member) -> Configuration:
        """The same with `member` among the learners."""
        others = self.without(member.node)
        return Configuration(others.voters, tuple(sorted((*others.learners, member))))


# --- entries ------------------------------------------------------------------------------------------------


class Noop(msgspec.Struct, frozen=True, tag="noop", array_like=True):
    """What a new leader appends first, to commit what earlier terms left (thesis, §6.4)."""


class Apply(msgspec.Struct, frozen=True, tag="apply", array_like=True, gc=False):
    """A client's command. `client` and `request` say whose and which, so that it is done once; answers to
    requests below `answered` have arrived and need not be remembered (thesis, §6.3)."""

    client: str
    request: int
    answered: int
    command: Any


class Configure(msgspec.Struct, frozen=True, tag="configure", array_like=True):
    """These are the members, from the moment that the entry is in a log (thesis, §4.1)."""

    configuration: Configuration


Command: TypeAlias = Noop | Apply | Configure


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of the log; its position is the term in which it was appended, and its index from 1."""

    lsn: Lsn
    command: Command


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """All that the log up to `lsn` amounts to: the members as of there, and the state as bytes."""

    lsn: Lsn = ORIGIN
    configuration: Configuration = Configuration()
    data: bytes = b""


EMPTY = Snapshot()

# --- records on the disk ------------------------------------------------------------------------------------


class StateRecord(msgspec.Struct, frozen=True, tag="state", array_like=True):
    """The node is in `term` and has voted for `vote` in it, or for nobody."""

    term: int
    vote: Member | None


class AppendRecord(msgspec.Struct, frozen=True, tag="append", array_like=True):
    """What was after index `after` is gone; `entries` are there instead."""

    after: int
    entries: tuple[Entry, ...]


class SnapshotRecord(msgspec.Struct, frozen=True, tag="snapshot", array_like=True):
    """The state starts at `snapshot`; the log's entries above `base` stay; `None`: none do."""

    snapshot: Snapshot
    base: Lsn | None


Record: TypeAlias = StateRecord | AppendRecord | SnapshotRecord


class Log:
    """Entries by index, above `base`."""

    __slots__ = ("base", "entries", "snapshot")

    def __init__(
        self, snapshot: Snapshot = EMPTY, entries: Iterable[Entry] = (), base: Lsn | None = None
    ) -> None:
        self.snapshot = snapshot
        self.base = snapshot.lsn if base is None else base
        self.entries = list(entries)

    @property
    def beginning(self) -> Lsn:
        """The position before the first entry that is here (the name that all logs share)."""
        return self.base

    @property
    def last(self) -> Lsn:
        """The position of the last entry."""
        return self.entries[-1].lsn if self.entries else self.base

    @property
    def last_index(self) -> int:
        """The index of the last entry."""
        return self.base.index + len(self.entries)

    def lsn_at(self, index: int) -> Lsn | None:
        """The position at `index`; `None` where the log does not reach or no longer knows."""
        offset = index - self.base.index
        if offset == 0:
            return self.base
        if offset < 0 or offset > len(self.entries):
            return None
        return self.entries[offset - 1].lsn

    def at(self, index: int) -> Entry:
        """The entry at `index`, which must be above the base and in the log."""
        return self.entries[index - self.base.index - 1]

    def between(self, low: int, high: int) -> list[Entry]:
        """The entries above `low` up to and including `high`; `low` is the base or above it."""
        base = self.base.index
        return self.entries[low - base : high - base]

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries at the end."""
        self.entries.extend(entries)

    def truncate(self, after: int) -> None:
        """Drop the entries above index `after`."""
        del self.entries[max(0, after - self.base.index) :]

    def start_at(self, snapshot: Snapshot, base: Lsn | None) -> None:
        """Stand on `snapshot`; the entries above `base` stay, all go where it is `None`."""
        if base is None:
            self.entries = []
            self.base = snapshot.lsn
        elif base.index > self.base.index:
            self.entries = self.entries[base.index - self.base.index :]
            self.base = base
        self.snapshot = snapshot

    def configuration(self, last: int | None = None) -> tuple[int, Configuration]:
        """The newest members that the log up to index `last` names, and the index of the entry that does; of
        what was compacted, those of the snapshot."""
        base = self.base.index
        entries = self.entries if last is None else self.between(base, max(base, last))
        for entry in reversed(entries):
            if type(entry.command) is Configure:
                if entry.lsn.index <= self.snapshot.lsn.index:
                    break
                return entry.lsn.index, entry.command.configuration
        return self.snapshot.lsn.index, self.snapshot.configuration

    def first_index_of(self, term: int) -> int:
        """The lowest index above the base that holds an entry of `term` (which must have one)."""
        return next(entry.lsn.index for entry in self.entries if entry.lsn.epoch == term)

    def last_index_of(self, term: int) -> int | None:
        """The highest index that holds an entry of `term`; `None` if none does."""
        for entry in reversed(self.entries):
            if entry.lsn.epoch <= term:
                return entry.lsn.index if entry.lsn.epoch == term else None
        return self.base.index if self.base.epoch == term else None


class Recovered(msgspec.Struct, frozen=True):
    """What a node finds on its disk when it starts."""

    term: int = 0
    vote: Member | None = None
    snapshot: Snapshot = EMPTY
    base: Lsn = ORIGIN
    entries: tuple[Entry, ...] = ()


def recover(records: Iterable[Record]) -> Recovered:
    """Replay the records of a disk, in order. A blank disk gives term 0, no members and an empty log."""
    term, vote, log = 0, None, Log()
    for record in records:
        match record:
            case StateRecord():
                term, vote = record.term, record.vote
            case AppendRecord():
                log.truncate(record.after)
                log.append(record.entries)
            case SnapshotRecord():
                log.start_at(record.snapshot, record.base)
    return Recovered(term, vote, log.snapshot, log.base, tuple(log.entries))


def founding(voters: Iterable[str], learners: Iterable[str] = ()) -> tuple[Record, ...]:
    """The records that every founding member's first disk holds: who the members are."""
    configuration = Configuration(
        tuple(sorted(Member(node, 1) for node in voters)), tuple(sorted(Member(node, 1) for node in learners))
    )
    return (SnapshotRecord(Snapshot(ORIGIN, configuration), None),)
