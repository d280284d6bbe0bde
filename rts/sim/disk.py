"""The simulated disk: durable after a while, and what a crash leaves is what a real write-ahead log would
find.

Records stay objects as long as nothing happens to them. A crash that tears, or a byte that flips, happens to
their bytes: they are framed, damaged, and read back by the same `rts.storage.wal` that reads real files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rts.sim.pump import Pump
from rts.sim.trace import Trace
from rts.storage import wal
from rts.storage.disk import Codec


class SimDisk:
    """One node's disk (`rts.storage.disk.Disk`). A sync takes `sync_ns`, and `slow_ns` more while it is
    slow."""

    def __init__(self, pump: Pump, trace: Trace, codec: Codec, *, sync_ns: int, identity: int = 1) -> None:
        self.pump = pump
        self.trace = trace
        self.codec = codec
        self.sync_ns = sync_ns
        self.identity = identity
        self.durable: list[Any] = []
        self.pending: list[Any] = []
        self.slow: tuple[int, int] | None = None
        self.full: int | None = None
        self.flipped: int | None = None
        self.replaced: list[int] = []
        self._waiting: list[tuple[int, Callable[[int], None], Callable[[int, str], None]]] = []
        self._syncing = 0
        self._life = 0

    def persist(
        self, number: int, record: Any, done: Callable[[int], None], failed: Callable[[int, str], None]
    ) -> None:
        """See `Disk`. What arrives during a sync is synced together by the next one (group commit)."""
        self.pending.append(record)
        self._waiting.append((number, done, failed))
        if not self._syncing:
            self._start_sync()

    def _start_sync(self) -> None:
        delay = self.sync_ns
        if self.slow is not None:
            delay += self.slow[0]
            self.trace.hold(self.slow[1])
        self._syncing = len(self._waiting)
        self.pump.at(self.pump.now + delay, self._sync, self._life)

    def _sync(self, life: int) -> None:
        if life != self._life:
            return
        count, self._syncing = self._syncing, 0
        number, done, failed = self._waiting[count - 1]
        if self.full is not None:
            self.trace.hold(self.full)
            failed(self._waiting[0][0], "no space left")
            return
        self.durable += self.pending[:count]
        del self.pending[:count], self._waiting[:count]
        if self.pending:
            self._start_sync()
        done(number)

    def records(self) -> list[Any]:
        """See `Disk`: through bytes where a byte has flipped."""
        if self.flipped is not None and self.durable:
            self.trace.hold(self.flipped)
            data = bytearray(wal.frames(map(self.codec.encode, self.durable)))
            data[len(data) // 2] ^= 0x40
            return [self.codec.decode(payload) for payload in wal.read(bytes(data)).payloads]
        return self.durable

    def crash(self, *, tear: bool) -> int:
        """Lose what is not synced; `tear`: all but the last bytes of it reached the disk. How many records
        were lost."""
        self._abandon()
        unsynced, self.pending = self.pending, []
        if tear and unsynced:
            data = wal.frames(map(self.codec.encode, unsynced))
            contents = wal.read(data[:-3])
            self.durable += [self.codec.decode(payload) for payload in contents.payloads]
            return len(unsynced) - len(contents.payloads)
        return len(unsynced)

    def replace(self) -> None:
        """A blank disk takes this one's place."""
        self.replaced.append(self.identity)
        self.identity += 1
        self.durable, self.pending, self.flipped = [], [], None
        self._abandon()

    def _abandon(self) -> None:
        """Nobody waits for what is under way any more."""
        self._life += 1
        self._waiting = []
        self._syncing = 0

    def mend(self) -> None:
        """Space and speed are as at the start."""
        self.slow = self.full = None
