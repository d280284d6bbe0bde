"""The write-ahead log: records one after another, each with its length and checksums.

    length (4 bytes) · CRC-32 of the length (4) · CRC-32 of the payload (4) · payload

A log that ends within a record was torn by a crash: the torn record was never durable, and is cut off. A
record whose payload does not fit its checksum was damaged later: what it said is lost, so the log is refused
as a whole rather than shortened (Alagappan et al., *Protocol-Aware Recovery*, FAST 2018, §2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

HEADER = 12
"""So many bytes come before each payload."""


class Contents(NamedTuple):
    """What a log holds: whole payloads, and how many bytes of a torn one were cut off after them."""

    payloads: list[bytes]
    torn: int


class CorruptLog(ValueError):
    """A record is damaged; `offset` is where it starts, in bytes, and `path` the file, if it is in one."""

    def __init__(self, offset: int, path: str | None = None) -> None:
        where = "" if path is None else f"{path}: "
        super().__init__(f"{where}the record at byte {offset} does not fit its checksum")
        self.offset = offset
        self.path = path


def frame(payload: bytes) -> bytes:
    """One record as bytes."""
    length = len(payload).to_bytes(4, "big")
    return length + crc32(length).to_bytes(4, "big") + crc32(payload).to_bytes(4, "big") + payload


def frames(payloads: Iterable[bytes]) -> bytes:
    """Records as bytes."""
    return b"".join(map(frame, payloads))


def read(data: bytes) -> Contents:
    """Read a log back.

    Raises `CorruptLog` where a record is whole but damaged.
    """
    payloads: list[bytes] = []
    offset = 0
    while offset + HEADER <= len(data):
        length = data[offset : offset + 4]
        if crc32(length) != int.from_bytes(data[offset + 4 : offset + 8], "big"):
            raise CorruptLog(offset)
        end = offset + HEADER + int.from_bytes(length, "big")
        if end > len(data):
            break
        payload = data[offset + HEADER : end]
        if crc32(payload) != int.from_bytes(data[offset + 8 : offset + 12], "big"):
            raise CorruptLog(offset)
        payloads.append(payload)
        offset = end
    return Contents(payloads, len(data) - offset)
