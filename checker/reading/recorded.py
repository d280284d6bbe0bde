"""A recorded history: read from its bytes, and the bytes kept in reach."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, NamedTuple

import msgspec
import numpy as np

from checker.history import History, HistoryError, Operation, columns_of
from checker.history.columns import BadRow, Ints
from checker.reading.columns import Gathering, Unusual
from checker.reading.lines import decode_fields, decode_header, decode_line, decode_operation
from checker.reading.pages import PAGE, pages
from checker.reading.scan import FEW
from checker.reading.texts import Text


class Sizes(NamedTuple):
    """What is read in one go: a file of up to `short` bytes line by line, and else `page` bytes at a time, of
    which fewer than `few` lines of a form are read one by one; there the scanner has nothing to win."""

    short: int = 64 << 10
    page: int = PAGE
    few: int = FEW


class Recorded:
    """The operations of a file, decoded when asked for; `starts` says where their lines begin."""

    def __init__(self, text: Text, file: str, starts: Ints) -> None:
        self._text, self._file, self._starts = text, file, starts
        self._known: dict[int, Operation] = {}

    def data(self) -> bytes:
        """Return the very bytes of the file, decompressed."""
        with self._text.open() as file:
            return file.read()

    def operations(self) -> list[Operation]:
        """Return all operations."""
        lines, _ = _lines(self.data())
        return [
            decode_operation(line, file=self._file, number=number, cut=False)
            for number, line in enumerate(lines[1:], 2)
        ]

    def operation(self, row: int) -> Operation:
        """Return one operation; only its line is decoded."""
        if row not in self._known:
            with self._text.open() as file:
                file.seek(int(self._starts[row]))
                line = file.readline()
            self._known[row] = decode_operation(line, file=self._file, number=row + 2, cut=False)
        return self._known[row]


_SIZES = Sizes()


def read_text(text: Text, *, file: str, sizes: Sizes = _SIZES) -> History:
    """Return the history in the bytes of a file, named `file` in errors. Raises `HistoryError`."""
    with text.open() as stream:
        is_short = len(stream.read(sizes.short + 1)) <= sizes.short
    if not is_short:
        try:
            return _by_pages(text, file, sizes)
        except Unusual:
            pass
    return _by_lines(text, file)


def _by_pages(text: Text, file: str, sizes: Sizes) -> History:
    gathering = Gathering(file=file, few=sizes.few, length=text.size)
    header = None
    with text.open() as stream:
        for page in pages(stream, size=sizes.page):
            first = 0
            if header is None:
                header = decode_header(page.line(0), file=file, cut=page.cut)
                first = 1
            gathering.add(page, first=first)
    assert header is not None, "only a file that is longer than `short` comes here"
    try:
        columns, starts = gathering.columns(one_log=header.one_log)
    except BadRow as bad:
        line = None if bad.row is None else bad.row + 2
        raise HistoryError(bad.message, file=file, line=line, field=bad.field) from None
    return History(columns, header, recording=Recorded(text, file, starts), file=file)


def _by_lines(text: Text, file: str) -> History:
    with text.open() as stream:
        data = stream.read()
    lines, whole = _lines(data)
    if not lines:
        raise HistoryError("empty: no header", file=file, line=1)
    header = decode_header(lines[0], file=file, cut=not whole and len(lines) == 1)
    starts = np.fromiter(accumulate((len(line) + 1 for line in lines), initial=0), dtype=np.int64)[1:-1]
    del lines[0]
    try:
        operations: list[Any] = [decode_line(line) for line in lines]
    except (msgspec.DecodeError, UnicodeDecodeError):
        last = None if whole else len(lines) - 1
        operations = [
            decode_fields(line, file=file, number=row + 2, cut=row == last) for row, line in enumerate(lines)
        ]
    columns = columns_of(operations, header, file=file)
    return History(columns, header, recording=Recorded(text, file, starts), file=file)


def _lines(data: bytes) -> tuple[list[bytes], bool]:
    """Return the lines, and whether the last one has its newline."""
    lines = data.split(b"\n")
    whole = lines[-1] == b""
    if whole:
        lines.pop()
    return lines, whole
