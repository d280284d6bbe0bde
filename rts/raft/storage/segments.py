"""The log's files: segments of framed records, read back in order.

    00000001.log   00000002.log   00000003.log
    whole          whole          may end within a record

A segment is begun only when the one before it is durable, so only the last may be torn. A segment that begins
with a checkpoint needs none of those before it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from rts.core.raft.log import AppendRecord, Entry, StateRecord
from rts.ids import Lsn, Member
from rts.storage.wal import HEADER, CorruptLog, read

SUFFIX = ".log"


class Checkpoint(msgspec.Struct, frozen=True, tag="checkpoint", array_like=True):
    """All that the node knows, but for the snapshot of all up to `snapshot`, which is in a file of its
    own."""

    term: int
    vote: Member | None
    snapshot: Lsn
    base: Lsn
    entries: tuple[Entry, ...]


Stored: TypeAlias = StateRecord | AppendRecord | Checkpoint
"""What a segment's records say."""

_decoder = msgspec.msgpack.Decoder(Stored)


class Segment(NamedTuple):
    """One file: its number, its records with the byte that each begins at, the size of those that are whole,
    and how many bytes of a torn one follow."""

    number: int
    path: Path
    records: tuple[tuple[int, Stored], ...]
    size: int
    torn: int

    @property
    def is_complete(self) -> bool:
        """Whether it begins with all that was known before it."""
        return bool(self.records) and isinstance(self.records[0][1], Checkpoint)


def segment_path(directory: Path, number: int) -> Path:
    """The file of segment `number`, which counts from 1."""
    return directory / f"{number:08}{SUFFIX}"


def read_segments(directory: Path) -> list[Segment]:
    """The segments from the last complete one on, or all there are, in order.

    Raises `CorruptLog` where one that is not the last is torn, or any is damaged; `FileNotFoundError` where
    one is missing.
    """
    segments: list[Segment] = []
    number = max((int(path.stem) for path in directory.glob(f"*{SUFFIX}")), default=0)
    while number > 0 and not (segments and segments[-1].is_complete):
        segment = read_segment(segment_path(directory, number))
        if segment.torn and segments:
            raise CorruptLog(segment.size, str(segment.path))
        segments.append(segment)
        number -= 1
    return segments[::-1]


def read_segment(path: Path) -> Segment:
    """One segment. Raises `CorruptLog`, with the file and the byte, where it is damaged."""
    try:
        payloads, torn = read(path.read_bytes())
    except CorruptLog as error:
        raise CorruptLog(error.offset, str(path)) from None
    records: list[tuple[int, Stored]] = []
    offset = 0
    for payload in payloads:
        try:
            records.append((offset, _decoder.decode(payload)))
        except msgspec.MsgspecError:
            raise CorruptLog(offset, str(path)) from None
        offset += HEADER + len(payload)
    return Segment(int(path.stem), path, tuple(records), offset, torn)
