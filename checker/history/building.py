"""Columns from operations in memory.

Theory of operation: each column comes from one comprehension over the operations, and its types are tested
as a set; only when that fails is the guilty row looked for. `reading` makes the same columns from the bytes
of a file, and is held to these by its tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import UNSET, UnsetType

from checker.history.columns import (
    DELETE,
    FOREVER,
    KINDS,
    LIMIT,
    NOT_SAID,
    PHASES,
    STATUSES,
    TXN,
    BadRow,
    Codes,
    Columns,
    Ints,
)
from checker.history.ranks import rank
from checker.history.rules import check_indices, check_operations, closed_ends, session_order
from checker.values import NULL, NotJson, ValueTable, identity

if TYPE_CHECKING:
    from checker.history.history import OperationFields


def build_columns(operations: Sequence[OperationFields], *, one_log: bool) -> Columns:
    """Return the columns of these operations.

    Raises `BadRow` for the first rule of `rts-history/1` that they break.
    """
    index = np.array(_integers(operations, "index"), dtype=np.int64)
    check_indices(index)
    kind = np.array(_codes(operations, "op", KINDS), dtype=np.int8)
    status = np.array(_codes(operations, "status", STATUSES), dtype=np.int8)
    final = np.array(_codes(operations, "phase", PHASES), dtype=np.bool_)
    sessions, session_names = _names(operations, "session", optional=False)
    keys, key_names = _names(operations, "key", optional=True)
    nodes, node_names = _names(operations, "node", optional=True)
    value, expected, value_count = _values(operations, kind)
    place, version, positions = rank(
        checked_positions(_column(operations, "position"), "position"),
        checked_positions(_column(operations, "version"), "version"),
        keys,
        one_log=one_log,
    )
    key = np.array(keys, dtype=np.int64)
    session = np.array(sessions, dtype=np.int64)
    start = np.array(_integers(operations, "start"), dtype=np.int64)
    end = closed_ends(start, _ends(operations), status)
    transactions = ((int(row), operations[row].ops) for row in (kind == TXN).nonzero()[0])
    check_operations(kind, key, expected, transactions=transactions)
    return Columns(
        size=len(operations),
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
        node=np.array(nodes, dtype=np.int64),
        final=final,
        by_session=session_order(session, start, end, session_names),
        session_count=len(session_names),
        key_names=key_names,
        node_names=node_names,
        value_count=value_count,
        positions=positions,
    )


def _column(operations: Sequence[OperationFields], field: str) -> list[Any]:
    return list(map(attrgetter(field), operations))


def _integers(operations: Sequence[OperationFields], field: str) -> list[int]:
    return checked_integers(_column(operations, field), field)


def checked_integers(numbers: list[Any], field: str) -> list[int]:
    """Return these numbers; raises `BadRow` for the first that is no integer, or beyond 62 bits."""
    if numbers and not (set(map(type, numbers)) <= {int} and max(numbers) < LIMIT and min(numbers) > -LIMIT):
        for row, number in enumerate(numbers):
            if type(number) is not int:
                raise BadRow(f"{number!r} is no integer", row=row, field=field)
            if abs(number) >= LIMIT:
                raise BadRow(f"{number} is beyond 62 bits", row=row, field=field)
    return numbers


def _codes(operations: Sequence[OperationFields], field: str, codes: dict[str, Any]) -> list[Any]:
    words = _column(operations, field)
    try:
        return [codes[word] for word in words]
    except (KeyError, TypeError):
        row, word = next(
            (row, word) for row, word in enumerate(words) if not isinstance(word, str) or word not in codes
        )
        raise BadRow(f"unknown {field} {word!r}", row=row, field=field) from None


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


def _values(operations: Sequence[OperationFields], kind: Codes) -> tuple[Ints, Ints, int]:
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


def checked_positions(items: list[Any], field: str) -> list[Any]:
    """Return these positions, lists as tuples; raises `BadRow` for the first that is none."""
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


def _ends(operations: Sequence[OperationFields]) -> Ints:
    """Return ends as a column, `FOREVER` for None."""
    ends = _column(operations, "end")
    checked_integers([0 if end is None else end for end in ends], "end")
    return np.array([FOREVER if end is None else end for end in ends], dtype=np.int64)
