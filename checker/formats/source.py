"""Where the bytes come from: a file, a pipe, either compressed with Zstandard or not."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO

from checker.history import HistoryError

_HEAD = 1 << 14
_CHUNK = 1 << 17
_MAGIC = b"\x28\xb5\x2f\xfd"


def open_plain(stream: BinaryIO, *, compressed: bool = False) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a stream, and all of them as a stream, decompressed if need be.

    `compressed` says that it must be; else the first bytes tell.
    Raises `HistoryError`, as reading the stream does, for damaged or truncated Zstandard data.
    """
    head = stream.read(_HEAD)
    chunks: Iterator[bytes] = chain((head,), iter(lambda: stream.read(_CHUNK), b""))
    if compressed or head.startswith(_MAGIC):
        chunks = _decompressed(chunks)
        head = b""
        while len(head) < _HEAD and (chunk := next(chunks, b"")):
            head += chunk
        chunks = chain((head,), chunks)
    return head[:_HEAD], io.BufferedReader(_Chunks(chunks), _CHUNK)


def text_lines(stream: BinaryIO) -> Iterator[str]:
    """Return the lines of UTF-8 text, each with its end. Raises `HistoryError` with the line."""
    for number, line in enumerate(stream, 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise HistoryError("not UTF-8", line=number) from None
        yield text.removeprefix("\ufeff") if number == 1 else text


def _decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The contents of Zstandard frames, one after the other."""
    from zstandard import ZstdDecompressor, ZstdError

    frame = None
    for chunk in chunks:
        rest = chunk
        while rest:
            frame = frame or ZstdDecompressor().decompressobj()
            try:
                found = frame.decompress(rest)
            except ZstdError as wrong:
                raise HistoryError(f"damaged Zstandard data: {wrong}") from None
            if found:
                yield found
            rest = b""
            if frame.eof:
                rest, frame = frame.unused_data, None
    if frame is not None:
        raise HistoryError("truncated Zstandard data")


class _Chunks(io.RawIOBase):
    """A stream of the bytes that somebody else comes up with."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer of bytes and return how many it got, 0 at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
