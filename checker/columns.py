"""A history's operations as numpy columns, and the rules that make it a history.

Theory of operation: each column comes from one comprehension over the operations, and each rule is one
test of a whole column; only when a test fails is the guilty row looked for. That is quick for twenty
operations and for millions, and a bad history is refused whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from checker.values import NULL, NotJson, ValueTable, identity

if TYPE_CHECKING:
    from checker.history import OperationFields

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

WRITE, DELETE, CAS, READ, APPEND, TXN = range(6)
OK, FAIL, INFO = range(3)
FOREVER = 2**63 - 1
"""The `end` of an operation that never returned."""

NOT_SAID = -1
"""The place of a write without position, the version of a read that does not say."""
INITIAL = 0
"""The place of the initial version: older than every position, which count from 1."""

_KINDS = {"write": WRITE, "delete": DELETE, "cas": CAS, "read": READ, "append": APPEND, "txn": TXN}
_STATUSES = {"ok": OK, "fail": FAIL, "info": INFO}
_PHASES = {"main": False, "final": True}
_LIMIT = 2**62


class BadRow(ValueError):
    """Row `row` (None: the whole history) breaks a rule in `field`."""

    def __init__(self, message: str, *, row: int | None, field: str | None) -> None:
        super().__init__(message)
        self.message, self.row, self.field = message, row, field


@dataclass(frozen=True, slots=True)
class Columns:
    """One array per field, one entry per operation.

    Sessions, keys, nodes and values are numbered in the order of their first appearance; a key or node of
    -1 is absent; value 0 is `null`. `start` and `end` are nanoseconds, `end` is `FOREVER` for what is
    `info`. `place` and `version` are ranks in `positions`, counted from 1; `INITIAL` and `NOT_SAID` stand
    beside them. `by_session` lists the rows session by session, each in the order of time.
    """

    size: int
    index: Ints
    session: Ints
    kind: Ints
    status: Ints
    key: Ints
    value: Ints
    expected: Ints
    start: Ints
    end: Ints
    place: Ints
    version: Ints
    node: Ints
    final: Bools
    by_session: Ints
    session_count: int
    key_names: list[str]
    node_names: list[str]
    value_count: int
    positions: list[Any]

    @property
    def place_count(self) -> int:
        """How many distinct positions there are: the highest place."""
        return len(self.positions)


def build_columns(operations: Sequence[OperationFields], *, one_log: bool) -> Columns:
    """Return the columns of these operations.

    Raises `BadRow` for the first rule of `rts-history/1` that they break.
    """
    indexes = _integers(operations, "index")
    if len(set(indexes)) != len(indexes):
        seen: set[int] = set()
        for row, index in enumerate(indexes):
            if index in seen:
                raise BadRow(f"duplicate index {index}", row=row, field="index")
            seen.add(index)
    kind = np.array(_codes(operations, "op", _KINDS), dtype=np.int64)
    status = np.array(_codes(operations, "status", _STATUSES), dtype=np.int64)
    final = np.array(_codes(operations, "phase", _PHASES), dtype=np.bool_)
    sessions, session_names = _names(operations, "session", optional=False)
    keys, key_names = _names(operations, "key", optional=True)
    nodes, node_names = _names(operations, "node", optional=True)
    value, expected, value_count = _values(operations, kind)
    place, version, positions = _places(operations, keys, one_log=one_log)
    key = np.array(keys, dtype=np.int64)
    session = np.array(sessions, dtype=np.int64)
    start = np.array(_integers(operations, "start"), dtype=np.int64)
    end = _ends(operations, start, status)
    _check_shapes(operations, kind, key, expected)
    return Columns(
        size=len(operations),
        index=np.array(indexes, dtype=np.int64),
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
        node=np.array(nodes, dtype=np.int64),
        final=final,
        by_session=_session_order(session, start, end, session_names),
        session_count=len(session_names),
        key_names=key_names,
        node_names=node_names,
        value_count=value_count,
        positions=positions,
    )


def _column(operations: Sequence[OperationFields], field: str) -> list[Any]:
    return list(map(attrgetter(field), operations))


def _integers(operations: Sequence[OperationFields], field: str) -> list[int]:
    numbers = _column(operations, field)
    if numbers and not (
        set(map(type, numbers)) <= {int} and max(numbers) < _LIMIT and min(numbers) > -_LIMIT
    ):
        for row, number in enumerate(numbers):
            if type(number) is not int:
                raise BadRow(f"{number!r} is no integer", row=row, field=field)
            if abs(number) >= _LIMIT:
                raise BadRow(f"{number} is beyond 62 bits", row=row, field=field)
    return numbers


def _codes(operations: Sequence[OperationFields], field: str, codes: dict[str, Any]) -> list[Any]:
    words = _column(operations, field)
    try:
        return [codes[word] for word in words]
    except (KeyError, TypeError):
        for row, word in enumerate(words):
            if not isinstance(word, str) or word not in codes:
                raise BadRow(f"unknown {field} {word!r}", row=row, field=field) from None
        raise


def _names(
    operations: Sequence[OperationFields], field: str, *, optional: bool
) -> tuple[list[int], list[str]]:
    words = _column(operations, field)
    kinds = set(map(type, words))
    if not kinds <= ({str, type(None)} if optional else {str}):
        for row, word in enumerate(words):
            if not isinstance(word, str) and not (optional and word is None):
                raise BadRow(f"{word!r} is no string", row=row, field=field)
    numbers: dict[str, int] = {}
    if type(None) in kinds:
        return [-1 if word is None else numbers.setdefault(word, len(numbers)) for word in words], list(
            numbers
        )
    return [numbers.setdefault(word, len(numbers)) for word in words], list(numbers)


def _values(operations: Sequence[OperationFields], kind: Ints) -> tuple[Ints, Ints, int]:
    table = ValueTable()
    values, expected = _column(operations, "value"), _column(operations, "expected")
    said = [row for row, item in enumerate(expected) if item is not UNSET]
    expected_column = np.full(len(values), NOT_SAID, dtype=np.int64)
    try:
        column = np.array(table.number_all(values), dtype=np.int64)
        if said:
            expected_column[said] = table.number_all([expected[row] for row in said])
    except NotJson:
        for field, items in (("value", values), ("expected", expected)):
            for row, item in enumerate(items):
                try:
                    identity(None if item is UNSET else item)
                except NotJson as wrong:
                    raise BadRow(str(wrong), row=row, field=field) from None
        raise
    column[kind == DELETE] = NULL
    return column, expected_column, len(table)


def _places(
    operations: Sequence[OperationFields], keys: list[int], *, one_log: bool
) -> tuple[Ints, Ints, list[Any]]:
    positions = _positions(operations, "position")
    versions = _positions(operations, "version")
    distinct = set(positions)
    distinct.update(versions)
    distinct -= {None, UNSET}
    if len({0 if type(position) is int else len(position) for position in distinct}) > 1:
        _check_one_shape(positions, versions, keys, one_log=one_log)
        ordered = sorted(
            distinct, key=lambda position: (0, position) if type(position) is int else (1, *position)
        )
    else:
        ordered = sorted(distinct)
    rank: dict[Any, int] = {position: number for number, position in enumerate(ordered, 1)}
    rank[UNSET] = NOT_SAID
    rank[None] = INITIAL
    version = np.array([rank[item] for item in versions], dtype=np.int64)
    rank[None] = NOT_SAID
    place = np.array([rank[item] for item in positions], dtype=np.int64)
    return place, version, ordered


def _positions(operations: Sequence[OperationFields], field: str) -> list[Any]:
    items = _column(operations, field)
    kinds = set(map(type, items))
    if kinds <= {int, type(None), UnsetType}:
        return items
    if kinds <= {int, tuple, type(None), UnsetType}:
        lists = [item for item in items if type(item) is tuple]
        if min(map(len, lists)) and set(map(type, chain.from_iterable(lists))) <= {int}:
            return items
    for row, item in enumerate(items):
        if type(item) in (list, tuple):
            if not item or any(type(part) is not int for part in item):
                raise BadRow(f"{item!r} is no list of integers", row=row, field=field)
        elif type(item) is not int and item is not None and item is not UNSET:
            raise BadRow(f"{item!r} is neither an integer nor a list of integers", row=row, field=field)
    return [tuple(item) if type(item) is list else item for item in items] if list in kinds else items


def _check_one_shape(positions: list[Any], versions: list[Any], keys: list[int], *, one_log: bool) -> None:
    shapes: dict[int, int] = {}
    for row, key in enumerate(keys):
        for field, item in (("position", positions[row]), ("version", versions[row])):
            if item is None or item is UNSET:
                continue
            shape = 0 if type(item) is int else len(item)
            if shapes.setdefault(0 if one_log else key, shape) != shape:
                where = "the file (one_log)" if one_log else "the key"
                raise BadRow(
                    f"{item!r} is not of the shape of {where}'s other positions", row=row, field=field
                )


def _ends(operations: Sequence[OperationFields], start: Ints, status: Ints) -> Ints:
    raw = _column(operations, "end")
    if not set(map(type, raw)) <= {int, type(None)}:
        for row, item in enumerate(raw):
            if type(item) is not int and item is not None:
                raise BadRow(f"{item!r} is no integer", row=row, field="end")
    try:
        end = np.array([FOREVER if item is None else item for item in raw], dtype=np.int64)
    except OverflowError:
        row = next(row for row, item in enumerate(raw) if item is not None and abs(item) >= _LIMIT)
        raise BadRow(f"{raw[row]} is beyond 62 bits", row=row, field="end") from None
    early = end < start
    if early.any():
        row = int(early.argmax())
        raise BadRow(f"end {raw[row]} is before start {int(start[row])}", row=row, field="end")
    info = status == INFO
    endless = (end == FOREVER) & ~info
    if endless.any():
        row = int(endless.argmax())
        raise BadRow(f"status {operations[row].status!r} needs an end", row=row, field="end")
    end[info] = FOREVER  # whatever the client's time-out said: it may still take effect
    return end


def _check_shapes(operations: Sequence[OperationFields], kind: Ints, key: Ints, expected: Ints) -> None:
    if ((kind != TXN) & (key < 0)).any():
        for row, operation in enumerate(operations):
            if operation.op != "txn" and operation.key is None:
                raise BadRow(f"a {operation.op} needs a key", row=row, field="key")
    if (kind == TXN).any():
        for row, operation in enumerate(operations):
            if operation.op == "txn":
                _check_transaction(operation.ops, row)
    keyless = (kind == CAS) & (expected == NOT_SAID)
    if keyless.any():
        raise BadRow("a cas needs the expected value", row=int(keyless.argmax()), field="expected")


def _check_transaction(ops: Any, row: int) -> None:
    if not isinstance(ops, (list, tuple)):
        raise BadRow("a txn needs a list of operations", row=row, field="ops")
    for item in ops:
        good = isinstance(item, (list, tuple)) and len(item) == 3
        if not good or item[0] not in ("r", "w", "append") or not isinstance(item[1], str):
            raise BadRow(f'{item!r} is not ["r" or "w" or "append", key, value]', row=row, field="ops")
        try:
            identity(item[2])
        except NotJson as wrong:
            raise BadRow(str(wrong), row=row, field="ops") from None


def _session_order(session: Ints, start: Ints, end: Ints, names: list[str]) -> Ints:
    order: Ints = np.lexsort((start, session))
    if len(order) > 1:
        before, after = order[:-1], order[1:]
        same = session[before] == session[after]
        # An open (`info`) operation is exempt, so what counts is the last end among those that have one.
        ends = np.where(end[before] == FOREVER, -_LIMIT, end[before])
        late = same & (ends >= start[after])
        if not late.any() and (same & (end[before] == FOREVER)).any():
            late = _overlap_past_open(session, start, end, order)
        if late.any():
            row = int(after[int(late.argmax())])
            raise BadRow(
                f"overlaps an earlier operation of session {names[session[row]]!r}", row=row, field="start"
            )
    return order


def _overlap_past_open(session: Ints, start: Ints, end: Ints, order: Ints) -> Bools:
    """Compare each operation with the last closed one before it, open ones left out."""
    closed = order[end[order] != FOREVER]
    late = np.zeros(len(order) - 1, dtype=np.bool_)
    before, after = closed[:-1], closed[1:]
    bad = (session[before] == session[after]) & (end[before] >= start[after])
    if bad.any():
        row = after[int(bad.argmax())]
        late[int(np.flatnonzero(order == row)[0]) - 1] = True
    return late
