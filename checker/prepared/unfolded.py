"""Transactions and appends, unfolded into the reads and writes that the guarantees speak of.

A transaction is one operation that reads and writes several keys. What it read of a key before it wrote that
key itself comes from others; what it wrote last is what others can read, and what it wrote before that they
must not see: that stands as a failed write. A read of what it had just written says nothing, one of anything
else is a read like others. All its parts share its index and its time, so that no relation holds between
them.

An append adds an item to a list, a transaction's appends to one key all of theirs at once. Where the items
of a key are distinct and the lists that were read are prefixes of one another, they tell the order: each
append made the list that ends with its item, which is as good as a value of its own, and comes after the one
before. What nobody saw comes after all that was read, because a list only grows. Keys where that is not so
(other writes, but for those that failed, repeated items, forked lists) are left out, and with one log for all
keys only positions order anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET

from checker.history import History, Operation
from checker.history.columns import (
    APPEND,
    CAS,
    DELETE,
    FAIL,
    INFO,
    INITIAL,
    NOT_SAID,
    OK,
    READ,
    TXN,
    WRITE,
    Columns,
    Ints,
)
from checker.values import NULL, ValueTable, identity

_KINDS = {"r": READ, "w": WRITE, "append": APPEND}
_WORDS = {READ: "read", WRITE: "write", APPEND: "append"}


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A history of reads and writes alone.

    `history` has a row for each read and write; several rows have one index where they are parts of one
    transaction. `whole` is the row of each in the history that was unfolded. `opaque` names the keys whose
    appends do not tell their order; `derived` those whose places were read off the lists; `proved` has the
    rows of open appends whose item somebody saw.
    """

    history: History
    whole: Ints
    opaque: frozenset[str]
    derived: frozenset[str]
    proved: Ints


@dataclass(frozen=True, slots=True)
class _Part:
    """One read or write: the row of its operation, its kind, key and value, and whether it took effect."""

    row: int
    kind: int
    key: str
    value: Any
    intermediate: bool = False


def unfold(history: History) -> Unfolded:
    """Return a history of reads and writes that says what the given one says."""
    columns = history.columns
    parts = list(_parts(history))
    lists = {part.key: _Lists() for part in parts if part.kind == APPEND}
    for part in parts:
        if part.key in lists:
            lists[part.key].add(part, int(columns.status[part.row]))
    # Where all appends failed, other writes are none of a list.
    lists = {key: found for key, found in lists.items() if found.live or found.ordered()}
    acknowledged = _acknowledged(columns, parts)
    lacking = {key for key in lists if (columns.place[acknowledged[key]] == NOT_SAID).any()}
    ordered = {key for key, found in lists.items() if found.ordered()}
    if history.header.one_log:
        ordered -= lacking
    derived = ordered & lacking
    opaque = frozenset(lists) - ordered
    return _build(history, parts, {key: lists[key] for key in ordered}, frozenset(derived), opaque)


def _acknowledged(columns: Columns, parts: list[_Part]) -> dict[str, list[int]]:
    """Return by key the rows of its acknowledged appends."""
    rows: dict[str, list[int]] = {part.key: [] for part in parts}
    for part in parts:
        if part.kind == APPEND and columns.status[part.row] == OK:
            rows[part.key].append(part.row)
    return rows


def _parts(history: History) -> Iterator[_Part]:
    columns = history.columns
    for row, operation in enumerate(history.operations):
        kind = int(columns.kind[row])
        if kind != TXN:
            yield _Part(row, kind, operation.key or "", operation.value)
        else:
            yield from _transaction(row, operation)


def _transaction(row: int, operation: Operation) -> Iterator[_Part]:
    """Yield what a transaction read from others, then what it wrote."""
    reads: dict[tuple[str, Any], _Part] = {}
    writes: list[_Part] = []
    written: dict[str, list[_Part]] = {}
    for word, key, value in operation.ops or ():
        kind = _KINDS[word]
        if kind != READ:
            part = _Part(row, kind, key, value)
            written.setdefault(key, []).append(part)
            writes.append(part)
            continue
        seen = _from_others(written.get(key, []), value)
        if seen is not UNSET:
            reads.setdefault((key, identity(seen)), _Part(row, READ, key, seen))
    yield from reads.values()
    for part in writes:
        yield replace(part, intermediate=written[part.key][-1] is not part)


def _from_others(mine: list[_Part], value: Any) -> Any:
    """Return what a read shows of others' writes, `UNSET` if nothing: it returned its own."""
    if not mine:
        return value
    if mine[-1].kind == WRITE:
        return UNSET if identity(mine[-1].value) == identity(value) else value
    items = [part.value for part in mine]
    if isinstance(value, (list, tuple)) and [*value[len(value) - len(items) :]] == items:
        return list(value[: len(value) - len(items)]) or None
    return value


class _Lists:
    """What is known of one key's appends: who appended which item, and the lists that were read."""

    def __init__(self) -> None:
        self._appended: dict[Any, tuple[_Part, int]] = {}
        self._plain = True
        self.live = False
        self._reads: list[list[Any]] = []
        self._place: dict[Any, int] = {}
        self._aborted: int

    def add(self, part: _Part, status: int) -> None:
        """Take note of a read or write of the key."""
        if part.kind == APPEND:
            item = identity(part.value)
            self._plain &= item not in self._appended
            self._appended[item] = (part, status)
            self.live |= status != FAIL
        elif part.kind != READ:
            self._plain &= status == FAIL
        elif status == OK and part.value is not None:
            if isinstance(part.value, (list, tuple)):
                self._reads.append([identity(item) for item in part.value])
            else:
                self._plain = False

    def ordered(self) -> bool:
        """Whether the lists that were read tell the order of the appends."""
        longest = max(self._reads, key=len, default=[])
        self._place = {item: place for place, item in enumerate(longest, 1)}
        live = (self._appended.get(item, (None, FAIL))[1] != FAIL for item in longest)
        self._aborted = next((place for place, lives in enumerate(live, 1) if not lives), len(longest))
        return (
            self._plain
            and len(self._place) == len(longest)
            and all(read == longest[: len(read)] for read in self._reads)
        )

    def __len__(self) -> int:
        """How many places there are: one for each item that was seen, and one for all that were not."""
        return len(self._place) + 1

    def place(self, part: _Part) -> int | None:
        """Return where an append stands, counted from 1; None if nobody saw its item."""
        return self._place.get(identity(part.value))

    def version(self, value: Any) -> int:
        """Return the place that a read stands at: that of its last item, or the first one that failed."""
        return min(len(value), self._aborted) if isinstance(value, (list, tuple)) else INITIAL


def _build(
    history: History,
    parts: list[_Part],
    ordered: dict[str, _Lists],
    derived: frozenset[str],
    opaque: frozenset[str],
) -> Unfolded:
    """Put the parts in columns; `ordered` keys have lists that tell an order, which `derived` ones go by."""
    whole = np.array([part.row for part in parts], dtype=np.int64)
    columns, operations = history.columns, history.operations
    keys = {name: number for number, name in enumerate(columns.key_names)}
    key = np.array([keys.setdefault(part.key, len(keys)) for part in parts], dtype=np.int64)
    kind = np.array([part.kind for part in parts], dtype=np.int8)
    status = columns.status[whole]
    status[np.array([part.intermediate for part in parts], dtype=np.bool_)] = FAIL
    place, version = columns.place[whole], columns.version[whole]
    transaction = columns.kind[whole] == TXN
    version[transaction] = NOT_SAID
    values: list[Any] = [part.value for part in parts]
    proved: list[int] = []
    for row, part in enumerate(parts):
        if part.key not in ordered:
            continue
        found = ordered[part.key]
        if part.key in derived:
            version[row] = NOT_SAID
        if part.kind == READ:
            values[row] = found.version(part.value) or None
            continue
        seen = found.place(part) if part.kind == APPEND else None
        values[row] = seen or ["unseen", row]
        kind[row] = WRITE
        if part.key in derived:
            place[row] = columns.place_count + (seen or len(found))
        if status[row] == INFO and seen:
            proved.append(row)
    table = ValueTable()
    value = np.array(table.number_all(values), dtype=np.int64)
    expected = np.full(len(parts), NOT_SAID, dtype=np.int64)
    swaps = (kind == CAS).nonzero()[0]
    expected[swaps] = table.number_all([operations[row].expected for row in whole[swaps].tolist()])
    value[kind == DELETE] = NULL
    longest = max((len(ordered[name]) for name in derived), default=0)
    unfolded = replace(
        _rows(columns, whole),
        kind=kind,
        status=status,
        key=key,
        value=value,
        expected=expected,
        place=place,
        version=version,
        key_names=list(keys),
        value_count=len(table),
        positions=[*columns.positions, *range(longest)],
    )
    return Unfolded(
        History(unfolded, history.header, operations=[_operation(operations, part) for part in parts]),
        whole,
        opaque,
        derived,
        np.array(proved, dtype=np.int64),
    )


def _rows(columns: Columns, whole: Ints) -> Columns:
    """Return the columns of some rows, each named once or more often, in their order."""
    first = whole.searchsorted(np.arange(columns.size), "left")
    count = np.bincount(whole, minlength=columns.size)[columns.by_session]
    begin = first[columns.by_session]
    within = np.arange(int(count.sum())) - np.repeat(count.cumsum() - count, count)
    arrays: dict[str, Any] = {
        name: getattr(columns, name)[whole]
        for name in ("index", "session", "status", "start", "end", "node", "final")
    }
    return replace(columns, **arrays, size=len(whole), by_session=np.repeat(begin, count) + within)


def _operation(operations: list[Operation], part: _Part) -> Operation:
    operation = operations[part.row]
    if operation.op != "txn":
        return operation
    return msgspec.structs.replace(operation, op=_WORDS[part.kind], key=part.key, value=part.value)
