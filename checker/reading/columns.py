"""Columns from the bytes of a file, a page at a time.

Theory of operation: of each page the scanner reads what it can, msgspec the lines that are left, and both
fill the same small arrays; these are joined at the end, and held to the same rules as operations made by
hand. What no array here can hold (a time beyond 62 bits, positions of several shapes) is so rare that such a
file is read in the plain way instead: `Unusual` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import UNSET
from numpy.typing import DTypeLike, NDArray

from checker.history.columns import DELETE, FOREVER, KINDS, LIMIT, NOT_SAID, PHASES, STATUSES, Columns, Ints
from checker.history.rules import check_indices, check_operations, closed_ends, session_order
from checker.reading import values as values_of
from checker.reading.growing import Growing
from checker.reading.lines import decode_fields
from checker.reading.names import NameTable
from checker.reading.pages import Page
from checker.reading.places import NULL, UNSAID, Marks, joined_marks, rank_marks
from checker.reading.scan import UNKNOWN, Found, Scanner
from checker.reading.templates import LONGEST_LIST, Holds, Template
from checker.reading.values import Oddities, ValueWords, joined_values, number_values
from checker.values import NULL as NULL_VALUE

_NAMES = ("session", "key", "node")
_MARKS = ("position", "version")
_PLAIN = ("offset", "index", "start", "end", "kind", "status", "final", *_NAMES)
_DTYPES: dict[str, DTypeLike] = {"kind": np.int8, "status": np.int8, "final": np.bool_}
_MARGIN = 1.02
"""Lines grow shorter or longer: a little more room than the first page lets one expect."""
_KEPT = (32 << 20) - (64 << 10)
"""The most bytes of an array that glibc's allocator learns to keep once it was given back."""
_CLASSES = {
    Holds.NULL: values_of.NOTHING,
    Holds.NUMBER: values_of.NUMBER,
    Holds.TEXT: values_of.TEXT,
}


class Unusual(Exception):
    """The file holds what only operations in memory can."""


class Gathering:
    """Gathers the operations of a file's pages; `columns` joins them.

    `file` is named in errors; fewer than `few` lines of a form are read one by one. `length` is how many
    bytes are to come in all, if that is known. What is added after `columns` was called makes columns of
    its own, with the same numbers for the same names.
    """

    def __init__(self, *, file: str, few: int, length: int = 0) -> None:
        # Never written to. Once it is given back, glibc keeps memory for the next array, where it would ask
        # the kernel for fresh pages: a tenth of all that a long history costs. Other allocators do not mind.
        np.empty(_KEPT, dtype=np.int8)
        self.size = 0
        self._length = length
        self._expected_size = 0
        self._before = 0
        self._file = file
        self._scanner = Scanner(few=few)
        self._names = {field: NameTable() for field in _NAMES}
        self._oddities = Oddities()
        self._columns = {field: Growing(_DTYPES.get(field, np.int64)) for field in _PLAIN}
        self._values: list[ValueWords] = []
        self._expected: list[ValueWords] = []
        self._marks: dict[str, list[Marks]] = {field: [] for field in _MARKS}
        self._transactions: list[tuple[int, Any]] = []

    @property
    def session_names(self) -> list[str]:
        """The names of the sessions, by number."""
        return self._names["session"].names

    def add(self, page: Page, *, first: int) -> None:
        """Add a page's lines, from line `first` on.

        Raises `HistoryError` for a bad line, and `Unusual`.
        """
        found = self._scanner.read(page, first)
        rows = _Rows(found, first, self._scanner.templates)
        decoded = [
            decode_fields(
                page.line(first + row),
                file=self._file,
                number=self._before + self.size + row + 2,
                cut=page.cut,
            )
            for row in rows.unknown.tolist()
        ]
        if not self._expected_size and rows.size:
            bytes_each = (page.ends[-1] + 1 - page.starts[first]) / rows.size
            self._expected_size = int(self._length / bytes_each * _MARGIN)
        others = list(zip(rows.unknown.tolist(), decoded, strict=True))
        self._put("offset", page.starts[first:] + page.offset)
        self._put("index", rows.whole("index", [item.index for item in decoded]))
        self._put("start", rows.whole("start", [item.start for item in decoded]))
        self._put("end", rows.whole("end", [item.end for item in decoded]))
        self._put("kind", rows.code(lambda form: form.kind, [KINDS[item.op] for item in decoded]))
        self._put("status", rows.code(lambda form: form.status, [STATUSES[item.status] for item in decoded]))
        self._put(
            "final", rows.code(lambda form: form.final, [PHASES[item.phase] for item in decoded], np.bool_)
        )
        for field in _NAMES:
            named = [(row, name) for row, item in others if (name := getattr(item, field)) is not None]
            self._put(field, rows.names(field, self._names[field], named))
        self._values.append(rows.values("value", [item.value for item in decoded], self._oddities))
        self._expected.append(rows.values("expected", [item.expected for item in decoded], self._oddities))
        for field in _MARKS:
            self._marks[field].append(rows.marks(field, [getattr(item, field) for item in decoded]))
        self._transactions += [(self.size + row, item.ops) for row, item in others if item.op == "txn"]
        self.size += rows.size

    def columns(self, *, one_log: bool) -> tuple[Columns, Ints]:
        """Return the columns, and where in the file each operation's line begins.

        Raises `BadRow` for the first rule of `rts-history/1` that is broken, and `Unusual`.
        """
        index = self._join("index")
        check_indices(index)
        kind, status, key = self._join("kind"), self._join("status"), self._join("key")
        value, expected, value_count = self._number_values()
        value[kind == DELETE] = NULL_VALUE
        ranked = rank_marks(*(joined_marks(self._marks[field]) for field in _MARKS))
        if ranked is None:
            raise Unusual
        place, version, positions = ranked
        start = self._join("start")
        end = closed_ends(start, self._join("end"), status)
        check_operations(kind, key, expected, transactions=self._transactions)
        session, session_names = self._join("session"), self.session_names
        columns = Columns(
            size=self.size,
            index=index,
            session=session,
            kind=kind,
            status=status,
            key=key,
            value=value,
            expected=expected,
            start=start,
            end=end,
            place=place,
            version=version,
            node=self._join("node"),
            final=self._join("final"),
            by_session=session_order(session, start, end, session_names),
            session_count=len(session_names),
            key_names=self._names["key"].names,
            node_names=self._names["node"].names,
            value_count=value_count,
            positions=positions,
        )
        self._before, self.size, self._transactions = self._before + self.size, 0, []
        return columns, self._join("offset")

    def _put(self, field: str, part: NDArray[Any]) -> None:
        self._columns[field].extend(part, expected=self._expected_size)

    def _join(self, field: str) -> NDArray[Any]:
        return self._columns[field].done()

    def _number_values(self) -> tuple[Ints, Ints, int]:
        """Number the values, and after them what compare-and-sets expected."""
        expected = joined_values(self._expected)
        said = np.flatnonzero(expected.classes != values_of.ABSENT)
        self._values.append(expected.only(said))
        numbers, count = number_values(joined_values(self._values))
        wanted = np.full(self.size, NOT_SAID, dtype=np.int64)
        wanted[said] = numbers[self.size :]
        return numbers[: self.size], wanted, count


class _Rows:
    """The operations of one page: what was found by form, and what msgspec decoded of the unknown lines."""

    def __init__(self, found: Found, first: int, templates: list[Template]) -> None:
        self.found, self._first, self._templates = found, first, templates
        self.form: Ints = found.form[first:].astype(np.int64)
        self.size = len(self.form)
        self.unknown = np.flatnonzero(self.form == UNKNOWN)

    def code(
        self, of: Callable[[Template], int], others: list[int], dtype: DTypeLike = np.int8
    ) -> NDArray[Any]:
        """Return what each row's form says, and of the unknown lines what they say themselves."""
        table = np.array([*map(of, self._templates), 0], dtype=dtype)
        # The form of unknown lines counts from the end of the table.
        same = (table[:-1] == table[0]).all()
        codes: NDArray[Any] = np.full(self.size, table[0]) if same else table[self.form]
        codes[self.unknown] = others
        return codes

    def _column(self, field: str, number: int = 0) -> Ints:
        column = self.found.numbers.get((field, number))
        if column is None:
            return np.zeros(self.size, dtype=np.int64)
        return column[self._first :].view(np.int64)

    def _with(self, field: str, what: Holds) -> slice | Ints:
        """Return the rows whose form has this in a field."""
        if not len(self.unknown) and all(form.has(field) is what for form in self._templates):
            return slice(None)
        return np.flatnonzero(self.code(lambda form: form.has(field) is what, [0] * len(self.unknown)))

    def whole(self, field: str, others: Sequence[int | None]) -> Ints:
        """Return a column of whole numbers, `FOREVER` where there is none."""
        column = self._column(field)
        if any(form.has(field) is not Holds.NUMBER for form in self._templates):
            there = self.code(lambda form: form.has(field) is Holds.NUMBER, [1] * len(self.unknown), np.bool_)
            column[~there] = FOREVER
        if any(number is not None and abs(number) >= LIMIT for number in others):
            raise Unusual
        column[self.unknown] = [FOREVER if number is None else number for number in others]
        return column

    def names(self, field: str, table: NameTable, others: list[tuple[int, str]]) -> NDArray[np.int32]:
        """Return the numbers of names, -1 where there is none."""
        out = np.full(self.size, -1, dtype=np.int32)
        rows = self._with(field, Holds.TEXT)
        columns = self.found.texts.get(field, [np.zeros(self._first + self.size, dtype=np.uint64)])
        table.number(rows, [column[self._first :][rows] for column in columns], others, out=out)
        return out

    def values(self, field: str, others: list[Any], oddities: Oddities) -> ValueWords:
        """Return values as classes and words."""
        classes = self.code(
            lambda form: _CLASSES.get(form.has(field), values_of.ABSENT),
            [values_of.ABSENT] * len(self.unknown),
        )
        columns = [column[self._first :] for column in self.found.texts.get(field, [])]
        if (field, 0) in self.found.numbers:
            numbers = self._column(field).view(np.uint64)
            columns[:1] = [np.where(classes == values_of.TEXT, columns[0], numbers)] if columns else [numbers]
        words = ValueWords(classes, columns)
        said = [
            (row, item) for row, item in zip(self.unknown.tolist(), others, strict=True) if item is not UNSET
        ]
        oddities.put(words, [row for row, _ in said], [item for _, item in said])
        return words

    def marks(self, field: str, others: list[Any]) -> Marks:
        """Return positions, or versions, as shapes and numbers."""
        shape = self.code(lambda form: _shape(form, field), [UNSAID] * len(self.unknown))
        count = max([1, *(form.lengths.get(field, 0) for form in self._templates)])
        columns = [self._column(field, number) for number in range(count)]
        for row, item in zip(self.unknown.tolist(), others, strict=True):
            if item is None or item is UNSET:
                shape[row] = NULL if item is None else UNSAID
                continue
            numbers = item if isinstance(item, tuple) else (item,)
            if not 0 < len(numbers) <= LONGEST_LIST or any(abs(number) >= LIMIT for number in numbers):
                raise Unusual
            shape[row] = len(item) if isinstance(item, tuple) else 0
            while len(columns) < len(numbers):
                columns.append(np.zeros(self.size, dtype=np.int64))
            for column, number in zip(columns, numbers, strict=False):
                column[row] = number
        said = np.flatnonzero(shape >= 0)
        return Marks(shape, [column[said] for column in columns])


def _shape(form: Template, field: str) -> int:
    match form.has(field):
        case Holds.NOTHING:
            return UNSAID
        case Holds.NULL:
            return NULL
        case Holds.LIST:
            return form.lengths[field]
        case _:
            return 0
