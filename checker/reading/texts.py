"""Where a history's bytes are, so that any line of them can be had again.

A short file is kept in memory. A long one stays where it is, and is opened again for a line: it must not
have been changed since. What was compressed becomes a temporary file if it is long.
"""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from checker.history import HistoryError

KEPT = 32 << 20
"""Bytes that are kept in memory; what is longer stays on the disk."""
_PIECE = 1 << 20


class Text(Protocol):
    """The bytes of an uncompressed history file."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def open(self) -> BinaryIO:
        """Return a file of the bytes, at the first; raises `HistoryError` if they are not there any more."""


class InMemory:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._data)

    def open(self) -> BinaryIO:
        """Return a file of the bytes."""
        return io.BytesIO(self._data)


class OnDisk:
    """A file that stays where it is. Raises `HistoryError` if there is none, here and in `open`."""

    def __init__(self, name: str) -> None:
        self._name = name
        with self._opened() as file:
            self._stamp = _stamp(file)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self._stamp[0]

    def open(self) -> BinaryIO:
        """Return the file, opened; raises `HistoryError` if it was changed after it was first opened."""
        file = self._opened()
        if _stamp(file) != self._stamp:
            file.close()
            raise HistoryError("changed since it was read", file=self._name)
        return file

    def _opened(self) -> BinaryIO:
        try:
            return open(self._name, "rb")
        except OSError as wrong:
            raise HistoryError(wrong.strerror or str(wrong), file=self._name) from None


class Unnamed:
    """A temporary file without a name, gone when nobody asks for it any more."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        weakref.finalize(self, file.close)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return os.fstat(self._file.fileno()).st_size

    def open(self) -> BinaryIO:
        """Return the file, opened."""
        file = os.fdopen(os.dup(self._file.fileno()), "rb")
        file.seek(0)
        return file


def _stamp(file: BinaryIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def text_of(name: str) -> Text:
    """Return the bytes of a file, decompressed if its name ends in `.zst`.

    Raises `HistoryError` for a file that cannot be read.
    """
    there = OnDisk(name)
    try:
        if name.endswith(".zst"):
            return _decompressed(there, name)
        if there.size > KEPT:
            return there
        with there.open() as file:
            return InMemory(file.read())
    except OSError as wrong:
        raise HistoryError(wrong.strerror or str(wrong), file=name) from None


def _decompressed(there: Text, name: str) -> Text:
    """Decompress a file, in memory as long as it is short."""
    out: BinaryIO = io.BytesIO()
    try:
        with there.open() as file:
            for piece in _pieces(file, name):
                out.write(piece)
                if isinstance(out, io.BytesIO) and out.tell() > KEPT:
                    short, out = out, tempfile.TemporaryFile()  # noqa: SIM115  # closed by who keeps it
                    out.write(short.getvalue())
    except BaseException:
        out.close()
        raise
    if isinstance(out, io.BytesIO):
        return InMemory(out.getvalue())
    out.flush()
    return Unnamed(out)


def _pieces(file: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield what one or more Zstandard frames hold, a megabyte of them at a time."""
    import zstandard

    frame = None
    data = file.read(_PIECE)
    while data:
        frame = frame or zstandard.ZstdDecompressor().decompressobj()
        try:
            yield frame.decompress(data)
        except zstandard.ZstdError as wrong:
            raise HistoryError(f"damaged Zstandard data: {wrong}", file=name) from None
        data = b""
        if frame.eof:
            data, frame = frame.unused_data, None
        data = data or file.read(_PIECE)
    if frame is not None:
        raise HistoryError("truncated Zstandard data", file=name)
