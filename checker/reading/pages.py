"""A file in pages: stretches of a few megabytes that end where a line ends, in one buffer that is used again.

A page lies in its buffer with a margin on both sides, so that words can be taken from before a line's first
byte, and from past its last, without looking where the page ends; the margin behind it is blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Bools, Ints
from checker.reading.words import WORD, Words

PAGE = 4 << 20
"""Bytes that are read at a time: what numpy's temporaries need then stays in the processor's caches."""
MARGIN = 1024
"""More than the letters of a piece, its slot and a word."""

_ONE = np.uint64(1)
_NEWLINE, _RETURN, _SPACE, _BACKSLASH, _ASCII = 10, 13, 32, 92, 128


class Page:
    """Some whole lines of a file.

    `starts` and `ends` are the lines' places in `buffer`, without the newline; `offset` is where in the file
    the buffer would begin. `cut` says that the page is one line, the file's last, without its newline.
    """

    def __init__(self, buffer: bytearray, stop: int, *, offset: int, cut: bool) -> None:
        self.buffer, self.offset, self.cut = buffer, offset - MARGIN, cut
        self._bytes: NDArray[np.uint8] = np.frombuffer(buffer, dtype=np.uint8)
        here = self._bytes[MARGIN:stop]
        control = _places(here < _SPACE)
        control += MARGIN
        newline = self._bytes[control] == _NEWLINE
        self.ends: Ints = control if newline.all() else control[newline]
        if cut:
            self.ends = np.append(self.ends, stop)
        self.starts: Ints = np.concatenate(([MARGIN], self.ends[:-1] + 1))
        self._odd = self._odd_places(here, control[~newline], stop)

    def __len__(self) -> int:
        return len(self.ends)

    def _odd_places(self, here: NDArray[np.uint8], control: Ints, stop: int) -> Ints:
        """Return the places of bytes that a line must not have if it is to be read by its template."""
        odd = control
        if len(odd):
            odd = odd[(self._bytes[odd] != _RETURN) | (self._bytes[odd + 1] != _NEWLINE)]
        if self.buffer.find(b"\\", MARGIN, stop) >= 0:
            odd = np.concatenate((odd, np.flatnonzero(here == _BACKSLASH) + MARGIN))
        if here.max() >= _ASCII and not _is_utf8(self.buffer[MARGIN:stop]):
            odd = np.concatenate((odd, np.flatnonzero(here >= _ASCII) + MARGIN))
        return odd

    def plain_lines(self, first: int) -> Ints:
        """Return the numbers of the lines, from `first` on, that have no byte which only msgspec reads."""
        plain: Bools = np.ones(len(self), dtype=np.bool_)
        plain[:first] = False
        plain[self.ends.searchsorted(self._odd)] = False
        return np.flatnonzero(plain)

    def line(self, number: int) -> bytes:
        """Return the bytes of one line."""
        return bytes(self.buffer[self.starts[number] : self.ends[number]])

    def words(self, places: Ints, width: int) -> Words:
        """Return the `width` words that begin at each of some places in the buffer."""
        # An unaligned byte string at every byte: one copy for each place, however many words it takes.
        shape, kind = (len(self.buffer) - width * WORD + 1,), np.dtype(f"V{width * WORD}")
        at_every_byte: NDArray[np.void] = np.ndarray(shape, kind, self.buffer, strides=(1,))
        taken: Words = at_every_byte[places].view("<u8").reshape(-1, width)
        return taken


def _places(marked: Bools) -> Ints:
    """Return the places of few marked bytes, those looked for eight at a time."""
    eights = marked[: len(marked) // WORD * WORD].view(np.uint64)
    at = np.flatnonzero(eights != 0)  # of truth values numpy looks for the few at once
    held = eights[at]
    if (held & (held - _ONE)).any() or marked[len(eights) * WORD :].any():
        return np.flatnonzero(marked)  # two in one word, or some behind the last
    places: Ints = np.bitwise_count(held - _ONE) >> np.uint8(3)
    return places + at * WORD


def _is_utf8(text: bytearray) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def pages(stream: BinaryIO, *, size: int = PAGE) -> Iterator[Page]:
    """Yield a stream's pages; each is good until the next is asked for."""
    buffer = bytearray(size + 2 * MARGIN)
    held = offset = 0
    while got := _read_into(stream, memoryview(buffer)[MARGIN + held : -MARGIN]):
        filled = MARGIN + held + got
        stop = buffer.rfind(b"\n", MARGIN + held, filled) + 1
        if stop:
            rest = buffer[stop:filled]
            buffer[stop : stop + MARGIN] = bytes(MARGIN)
            yield Page(buffer, stop, offset=offset, cut=False)
            buffer[MARGIN : MARGIN + len(rest)] = rest
            held, offset = len(rest), offset + stop - MARGIN
        else:
            held = filled - MARGIN
            if filled == len(buffer) - MARGIN:
                buffer = buffer + bytes(held)  # longer in a new one: pages hold on to the old
    if held:
        buffer[MARGIN + held : MARGIN + held + MARGIN] = bytes(MARGIN)
        yield Page(buffer, MARGIN + held, offset=offset, cut=True)


def _read_into(stream: BinaryIO, buffer: memoryview) -> int:
    """Fill a buffer as far as the stream goes; returns how far."""
    return stream.readinto(buffer)  # type: ignore[attr-defined, no-any-return]  # all that `open` returns have it
