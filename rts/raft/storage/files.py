"""A storage in a directory of files.

    disk                 the number of this disk
    00000007.log         the newest segments of the log (see `segments`)
    3-1024.snapshot      the snapshot that the log stands on, by its last entry's term and index

The log is the truth: a snapshot counts from the moment that a checkpoint in the log names it, and what the
log no longer needs is removed only after that. So a crash between any two steps leaves the state before or
the state after.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

import msgspec
import trio

from rts.core.raft.log import Record, Snapshot, SnapshotRecord
from rts.core.raft.settings import Chance
from rts.ids import Lsn
from rts.raft.storage.contents import RecordStorage
from rts.raft.storage.protocol import FIRST_DISK
from rts.raft.storage.segments import SUFFIX, Checkpoint, read_segments, segment_path
from rts.raft.storage.system import TEMPORARY, FileSystem
from rts.raft.storage.writer import Writer
from rts.storage.wal import CorruptLog, frame, read

SNAPSHOT = ".snapshot"
LARGEST_DISK = 1 << 53

_encode = msgspec.msgpack.Encoder().encode
_snapshot_decoder = msgspec.msgpack.Decoder(Snapshot)


class NewStart(NamedTuple):
    """A snapshot, and the record that the next segment begins with."""

    snapshot: Snapshot
    checkpoint: bytes


class FileStorage(RecordStorage):
    """See `rts.raft.storage.protocol.Storage`.

    `directory` is made if it is not there: `founding` for a member that the cluster begins with; else its
    number is drawn from `chance`, so that a replaced disk is never taken for the one before it. A directory
    that is there already is what it is. A segment of the log is followed by another after `segment_bytes`.

    Opening cuts off what a crash tore. It raises `CorruptLog`, with the file and the byte, where anything
    else is damaged; `FileNotFoundError` where a file is missing; `BlockingIOError` where another process has
    the directory open.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        founding: bool = True,
        chance: Chance | None = None,
        segment_bytes: int = 64 << 20,
        system: FileSystem | None = None,
    ) -> None:
        super().__init__()
        if not founding and chance is None:
            raise TypeError("a disk that is not a founding one draws its number from `chance`")
        self.directory = Path(directory)
        self.segment_bytes = segment_bytes
        self._system = system or FileSystem()
        self._pending: list[bytes | NewStart] = []
        self._writer = Writer()
        self._failed = False
        self._number = 0
        self._size = 0
        self._segment: int | None = None
        self.directory.mkdir(parents=True, exist_ok=True)
        self._lock: int | None = os.open(self.directory, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.disk = self._read_disk(FIRST_DISK if chance is None or founding else None, chance)
            self._recover()
        except BaseException:
            self.close()
            raise

    # --- opening --------------------------------------------------------------------------------------------

    def _read_disk(self, number: int | None, chance: Chance | None) -> int:
        """The number of this disk, which is given now if the directory is new."""
        path = self.directory / "disk"
        if not path.exists():
            if any(self.directory.glob(f"*{SUFFIX}")):
                raise FileNotFoundError(f"{path} is missing, and the disk's number with it")
            if number is None:
                assert chance is not None
                number = chance.randrange(FIRST_DISK + 1, LARGEST_DISK)
            self._system.write_whole(path, frame(str(number).encode()))
            self._system.sync_directory(self.directory.parent)
        return int(read_whole(path))

    def _recover(self) -> None:
        """Read everything back, and tidy up what a crash left behind."""
        segments = read_segments(self.directory)
        for segment in segments:
            for offset, record in segment.records:
                try:
                    self._replay(record)
                except CorruptLog:
                    raise
                except ValueError as error:
                    raise CorruptLog(offset, str(segment.path)) from error
        if segments:
            last = segments[-1]
            self._number, self._size = last.number, last.size
            if last.torn:
                self._system.cut(last.path, last.size)
            self._segment = self._system.open(last.path)
        self._remove_all_but(
            {segment.path for segment in segments} | {self._snapshot_path(self.contents.log.snapshot.lsn)}
        )

    def _replay(self, record: object) -> None:
        contents = self.contents
        if isinstance(record, Checkpoint):
            contents.term, contents.vote = record.term, record.vote
            snapshot = read_snapshot(self._snapshot_path(record.snapshot))
            contents.log = type(contents.log)(snapshot, record.entries, record.base)
        else:
            contents.take(record)  # type: ignore[arg-type]  # the only other records in a segment

    def _snapshot_path(self, lsn: Lsn) -> Path:
        return self.directory / f"{lsn.epoch}-{lsn.index}{SNAPSHOT}"

    # --- writing --------------------------------------------------------------------------------------------

    def write(self, record: Record) -> None:
        """See `RecordStorage`."""
        self.contents.take(record)
        if isinstance(record, SnapshotRecord):
            log = self.contents.log
            checkpoint = Checkpoint(
                self.contents.term, self.contents.vote, log.snapshot.lsn, log.base, tuple(log.entries)
            )
            self._pending.append(NewStart(record.snapshot, frame(_encode(checkpoint))))
        else:
            self._pending.append(frame(_encode(record)))

    async def sync(self) -> None:
        """See `Storage`. A thread waits for the disk, unless that is quick."""
        if self._failed:
            raise OSError(f"{self.directory} is closed, or failed before and holds nobody knows what")
        pending, self._pending = self._pending, []
        if not pending:
            await trio.lowlevel.checkpoint()
            return
        starts_over = any(isinstance(item, NewStart) for item in pending)
        await self._writer.do(lambda: self._write_out(pending), long=starts_over)

    def _write_out(self, pending: list[bytes | NewStart]) -> None:
        self._failed = True
        records: list[bytes] = []
        for item in pending:
            if isinstance(item, NewStart):
                self._append(records)
                records = []
                self._start_over(item)
            else:
                records.append(item)
        self._append(records)
        self._failed = False

    def _append(self, records: list[bytes]) -> None:
        """Put records at the end of the log, durably."""
        if not records:
            return
        if self._segment is None or self._size >= self.segment_bytes:
            self._begin_segment()
        assert self._segment is not None
        data = b"".join(records)
        self._system.write(self._segment, data)
        self._system.sync(self._segment)
        self._size += len(data)

    def _begin_segment(self) -> None:
        """Go on in a new file."""
        before, self._segment = self._segment, None
        if before is not None:
            os.close(before)
        self._number += 1
        self._size = 0
        self._segment = self._system.open(segment_path(self.directory, self._number))
        self._system.sync_directory(self.directory)

    def _start_over(self, start: NewStart) -> None:
        """Keep the snapshot, begin a segment that needs only it, and remove what came before."""
        snapshot_path = self._snapshot_path(start.snapshot.lsn)
        self._system.write_whole(snapshot_path, frame(_encode(start.snapshot)))
        self._begin_segment()
        self._append([start.checkpoint])
        self._remove_all_but({snapshot_path, segment_path(self.directory, self._number)})

    def _remove_all_but(self, needed: set[Path]) -> None:
        """Remove logs and snapshots that nothing stands on any more, and files that were never finished."""
        for path in sorted(self.directory.iterdir()):
            if path.suffix in (SUFFIX, SNAPSHOT, TEMPORARY) and path not in needed:
                self._system.remove(path)

    def close(self) -> None:
        """See `Storage`."""
        self._writer.close()
        self._failed = True
        descriptors, self._segment, self._lock = (self._segment, self._lock), None, None
        for descriptor in descriptors:
            if descriptor is not None:
                os.close(descriptor)


def read_whole(path: Path) -> bytes:
    """What is in a file that holds one record. Raises `CorruptLog` where it is damaged or cut short."""
    try:
        payloads, torn = read(path.read_bytes())
    except CorruptLog as error:
        raise CorruptLog(error.offset, str(path)) from None
    if torn or len(payloads) != 1:
        raise CorruptLog(0, str(path))
    return payloads[0]


def read_snapshot(path: Path) -> Snapshot:
    """A snapshot's file. Raises as `read_whole`."""
    try:
        return _snapshot_decoder.decode(read_whole(path))
    except msgspec.MsgspecError:
        raise CorruptLog(0, str(path)) from None
