"""What a storage holds, in memory, and the part of every storage that is not about durability."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from rts.core.raft.log import AppendRecord, Entry, Log, Record, Snapshot, SnapshotRecord, StateRecord
from rts.ids import Lsn, Member


class Contents:
    """Term, vote and log, as records make them."""

    def __init__(self) -> None:
        self.term = 0
        self.vote: Member | None = None
        self.log = Log()

    def take(self, record: Record) -> None:
        """Do what a record says. Raises `ValueError` where it speaks of entries that are not there."""
        match record:
            case StateRecord():
                self.term, self.vote = record.term, record.vote
            case AppendRecord():
                if not self.log.base.index <= record.after <= self.log.last_index:
                    held = f"the log is from {self.log.base.index} to {self.log.last_index}"
                    raise ValueError(f"nothing can follow on index {record.after}: {held}")
                self.log.truncate(record.after)
                self.log.append(record.entries)
            case SnapshotRecord():
                self.log.start_at(record.snapshot, record.base)


class RecordStorage(ABC):
    """A storage whose every change is a record (see `Storage` for what its methods do)."""

    def __init__(self) -> None:
        self.contents = Contents()

    @abstractmethod
    def write(self, record: Record) -> None:
        """Take in a record, to be durable at the next sync."""

    def save_state(self, term: int, vote: Member | None) -> None:
        """See `Storage`."""
        self.write(StateRecord(term, vote))

    def load_state(self) -> tuple[int, Member | None]:
        """See `Storage`."""
        return self.contents.term, self.contents.vote

    def append_log(self, entries: Sequence[Entry]) -> None:
        """See `Storage`. Raises `ValueError` where the first does not follow on the last."""
        after = self.contents.log.last_index
        if entries and entries[0].lsn.index != after + 1:
            raise ValueError(f"entry {entries[0].lsn.index} does not follow on entry {after}")
        self.write(AppendRecord(after, tuple(entries)))

    def truncate_log_after(self, index: int) -> None:
        """See `Storage`. Raises `ValueError` where the log does not reach so far, or no longer back to it."""
        self.write(AppendRecord(index, ()))

    def load_log(self) -> tuple[Entry, ...]:
        """See `Storage`."""
        return tuple(self.contents.log.entries)

    def save_snapshot(self, snapshot: Snapshot, base: Lsn | None) -> None:
        """See `Storage`."""
        self.write(SnapshotRecord(snapshot, base))

    def load_snapshot(self) -> tuple[Snapshot, Lsn]:
        """See `Storage`."""
        return self.contents.log.snapshot, self.contents.log.base
