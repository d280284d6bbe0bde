"""A storage in memory: durable as long as the object lives, for tests and for trying things out."""

from __future__ import annotations

import trio

from rts.core.raft.log import Record
from rts.raft.storage.contents import Contents, RecordStorage
from rts.raft.storage.protocol import FIRST_DISK


class MemoryStorage(RecordStorage):
    """See `rts.raft.storage.protocol.Storage`.

    `disk`: another number than the first for a node that is to join a cluster. `fails`, when set, is what the
    next sync raises.
    """

    def __init__(self, *, disk: int = FIRST_DISK) -> None:
        super().__init__()
        self.disk = disk
        self.fails: OSError | None = None
        self._durable = Contents()
        self._pending: list[Record] = []

    def write(self, record: Record) -> None:
        """See `RecordStorage`."""
        self.contents.take(record)
        self._pending.append(record)

    async def sync(self) -> None:
        """See `Storage`."""
        await trio.lowlevel.checkpoint()
        if self.fails is not None:
            raise self.fails
        pending, self._pending = self._pending, []
        for record in pending:
            self._durable.take(record)

    def close(self) -> None:
        """Lose what was not synced, as a crash does; the storage may be used again."""
        self._pending = []
        log = self._durable.log
        self.contents = Contents()
        self.contents.term, self.contents.vote = self._durable.term, self._durable.vote
        self.contents.log = type(log)(log.snapshot, log.entries, log.base)
