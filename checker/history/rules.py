"""The rules that make columns a history, each one test of whole columns.

Theory of operation: a rule that holds costs a few passes over an array; only when it is broken is the
guilty row looked for, the first in the order of the file. The rules are the same for operations made by hand
and for the bytes of a file, and so are their words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from checker.history.columns import (
    CAS,
    FOREVER,
    INFO,
    KINDS,
    NOT_SAID,
    STATUSES,
    TXN,
    BadRow,
    Codes,
    Ints,
)
from checker.values import NotJson, identity

_KIND_NAMES, _STATUS_NAMES = tuple(KINDS), tuple(STATUSES)
_FEW = 256
"""Below this a general sort is quicker than setting up a special one."""


def check_indices(index: Ints) -> None:
    """Hold indices to being unique; raises `BadRow`."""
    if (index[1:] > index[:-1]).all():
        return
    order = index.argsort(kind="stable")
    again = order[1:][index[order[1:]] == index[order[:-1]]]
    if len(again):
        row = int(again.min())
        raise BadRow(f"duplicate index {int(index[row])}", row=row, field="index")


def closed_ends(start: Ints, end: Ints, status: Codes) -> Ints:
    """Return the ends, `FOREVER` for what is `info`, whatever its client's time-out said: it may still take
    effect.

    `end` is `FOREVER` where the file has none. Raises `BadRow` for an end before its start, or missing.
    """
    early = end < start
    if early.any():
        row = int(early.argmax())
        raise BadRow(f"end {int(end[row])} is before start {int(start[row])}", row=row, field="end")
    info = status == INFO
    endless = (end == FOREVER) & ~info
    if endless.any():
        row = int(endless.argmax())
        raise BadRow(f"status {_STATUS_NAMES[status[row]]!r} needs an end", row=row, field="end")
    end[info] = FOREVER
    return end


def check_operations(
    kind: Codes, key: Ints, expected: Ints, *, transactions: Iterable[tuple[int, Any]]
) -> None:
    """Hold each kind of operation to the fields that it needs; raises `BadRow`.

    `transactions` are the rows of the `txn`, each with its `ops`.
    """
    keyless = (kind != TXN) & (key < 0)
    if keyless.any():
        row = int(keyless.argmax())
        raise BadRow(f"a {_KIND_NAMES[kind[row]]} needs a key", row=row, field="key")
    for row, ops in transactions:
        _check_transaction(ops, row)
    blind = (kind == CAS) & (expected == NOT_SAID)
    if blind.any():
        raise BadRow("a cas needs the expected value", row=int(blind.argmax()), field="expected")


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


def session_order(session: Ints, start: Ints, end: Ints, names: list[str]) -> Ints:
    """Return the rows session by session, each in the order of time.

    Raises `BadRow` where operations of one session overlap or touch.
    """
    order = _by_session(session, start, len(names))
    before, after = order[:-1], order[1:]
    ended = end[before]
    # An open (`info`) operation overlaps nobody: its client went on without an answer.
    late = (session[before] == session[after]) & (ended != FOREVER) & (ended >= start[after])
    if late.any():
        row = int(after[int(late.argmax())])
        raise BadRow(
            f"overlaps an earlier operation of session {names[session[row]]!r}", row=row, field="start"
        )
    return order


def _by_session(session: Ints, start: Ints, count: int) -> Ints:
    """Sort by session and then by start; files are nearly in the order of time, and sessions are few."""
    if len(session) < _FEW:
        few: Ints = np.lexsort((start, session))
        return few
    in_time = None if (start[1:] >= start[:-1]).all() else start.argsort(kind="stable")
    number = session if in_time is None else session[in_time]
    # Sixteen bits at a time: a stable sort of such is a radix sort.
    order = (number & 0xFFFF).astype(np.uint16).argsort(kind="stable")
    if count > 1 << 16:
        order = order[(number[order] >> 16).argsort(kind="stable")]
    return order if in_time is None else in_time[order]
