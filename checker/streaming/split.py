"""A file dealt out into parts, each with all operations of some keys.

Theory of operation: the file is read once, a page at a time, and its lines are written as they are to the
part that their key belongs to. What only the whole file can show is looked at on the way: indices must
rise, operations of one session must come one after the other, positions must be of one shape where there is
one log. A part is then a history by itself, of the same sessions and the same times.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

import msgspec
import numpy as np

from checker.history import Header, HistoryError
from checker.history.columns import APPEND, FOREVER, LIMIT, BadRow, Columns, Ints
from checker.reading.columns import Gathering, Unusual
from checker.reading.lines import decode_header
from checker.reading.pages import Page, pages
from checker.reading.places import Positions
from checker.reading.recorded import Sizes
from checker.reading.texts import Text

_NEVER = -LIMIT


@dataclass
class Parts:
    """The parts of a file, and what was counted on the way.

    `counts` are the operations that are `ok`, `fail` and `info`; `has_final` says whether there is a final
    operation, `has_lists` whether there is one that appends, or has several keys.
    """

    header: Header
    paths: list[Path]
    counts: Ints = field(default_factory=lambda: np.zeros(3, dtype=np.int64))
    sessions: int = 0
    keys: int = 0
    has_final: bool = False
    has_lists: bool = False


def split(text: Text, *, file: str, folder: Path, count: int, sizes: Sizes) -> Parts:
    """Deal a file out into `count` parts in a folder; keys are dealt by their names alone.

    Raises `HistoryError` for everything that is wrong with it, and where it is not in the order of `index`.
    """
    with ExitStack() as stack:
        stream = stack.enter_context(text.open())
        paths = [folder / f"{number}.jsonl" for number in range(count)]
        writers = [stack.enter_context(open(path, "wb")) for path in paths]
        dealing: _Dealing | None = None
        for page in pages(stream, size=sizes.page):
            first = 0
            if dealing is None:
                header = decode_header(page.line(0), file=file, cut=page.cut)
                dealing = _Dealing(Parts(header, paths), writers, file, sizes.few)
                first = 1
            dealing.deal(page, first)
    if dealing is None:
        raise HistoryError("empty: no header", file=file, line=1)
    return dealing.parts


class _Dealing:
    """Deals out the lines of one page after the other."""

    def __init__(self, parts: Parts, writers: Sequence[BinaryIO], file: str, few: int) -> None:
        self.parts = parts
        self._writers, self._file = writers, file
        self._gathering = Gathering(file=file, few=few)
        self._part_of_key = np.zeros(0, dtype=np.int64)
        self._last_end = np.zeros(0, dtype=np.int64)
        self._last_index = _NEVER
        self._shape: int | None = None
        self._rows = 0
        flags = {name: getattr(parts.header, name) for name in ("format", "one_log", "real_time_writes")}
        for writer in writers:
            writer.write(msgspec.json.encode(flags) + b"\n")

    def deal(self, page: Page, first: int) -> None:
        """Write each line of a page, from line `first` on, to the part of its key. Raises `HistoryError`."""
        columns = self._columns(page, first)
        try:
            self._check(columns)
        except BadRow as bad:
            raise self._refusal(bad) from None
        self._rows += columns.size
        self._count(columns)
        if not self.parts.has_lists:
            self._write(page, first, self._parts_of(columns))

    def _columns(self, page: Page, first: int) -> Columns:
        try:
            self._gathering.add(page, first=first)
            return self._gathering.columns(one_log=self.parts.header.one_log)[0]
        except BadRow as bad:
            raise self._refusal(bad) from None
        except Unusual:
            raise HistoryError(
                "positions of several shapes, or numbers beyond 62 bits, are not judged part by part",
                file=self._file,
            ) from None

    def _refusal(self, bad: BadRow) -> HistoryError:
        line = None if bad.row is None else self._rows + bad.row + 2
        return HistoryError(bad.message, file=self._file, line=line, field=bad.field)

    def _check(self, columns: Columns) -> None:
        """Hold a page to what came before it; raises `BadRow`."""
        if not columns.size:
            return
        falls = np.flatnonzero(np.diff(columns.index, prepend=self._last_index) <= 0)
        if len(falls):
            message = "does not rise: a file that is judged part by part is in the order of `index`"
            raise BadRow(message, row=int(falls[0]), field="index")
        self._last_index = int(columns.index[-1])
        new = columns.session_count - len(self._last_end)
        self._last_end = np.append(self._last_end, np.full(new, _NEVER))
        late = np.flatnonzero(columns.start <= self._last_end[columns.session])
        if len(late):
            name = self._gathering.session_names[int(columns.session[late[0]])]
            message = f"overlaps an earlier operation of session {name!r}, or is not in the order of time"
            raise BadRow(message, row=int(late[0]), field="start")
        closed = columns.end != FOREVER
        np.maximum.at(self._last_end, columns.session[closed], columns.end[closed])
        if self.parts.header.one_log and isinstance(columns.positions, Positions):
            shape = columns.positions.shape
            self._shape = shape if self._shape is None else self._shape
            if shape != self._shape:
                message = "positions of one log (one_log) are not all of one shape"
                raise BadRow(message, row=None, field="position")

    def _count(self, columns: Columns) -> None:
        parts = self.parts
        parts.counts += np.bincount(columns.status, minlength=3)
        parts.sessions, parts.keys = columns.session_count, len(columns.key_names)
        parts.has_final |= bool(columns.final.any())
        parts.has_lists |= bool((columns.kind >= APPEND).any())

    def _parts_of(self, columns: Columns) -> Ints:
        new = columns.key_names[len(self._part_of_key) :]
        parts = [crc32(name.encode()) % len(self._writers) for name in new]
        self._part_of_key = np.append(self._part_of_key, np.array(parts, dtype=np.int64))
        part: Ints = self._part_of_key[columns.key]
        return part

    def _write(self, page: Page, first: int, part: Ints) -> None:
        order = part.argsort(kind="stable")
        bounds = part[order].searchsorted(np.arange(len(self._writers) + 1)).tolist()
        places = list(
            zip(page.starts[first:][order].tolist(), page.ends[first:][order].tolist(), strict=True)
        )
        for number, writer in enumerate(self._writers):
            lines = [page.buffer[start:end] for start, end in places[bounds[number] : bounds[number + 1]]]
            lines.append(bytearray())
            writer.write(b"\n".join(lines))
