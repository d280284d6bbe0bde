"""A few operations drawn as text: a line for each session, time from left to right.

    s0  ├ 0 writes k=2 ┤├ 2 reads k=null ┤

What counts in an argument is which operation ended before which one started, so the drawing keeps the order
of all starts and ends and nothing of the distances between them. What never returned has no end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.describe import value_text
from checker.history import Operation
from checker.history.columns import FOREVER

_VERBS = {"write": "writes", "read": "reads", "delete": "deletes", "cas": "replaces", "append": "appends"}


def draw(operations: Sequence[Operation]) -> list[str]:
    """Return the lines of the drawing, sessions in the order in which they appear.

    Meant for a handful of operations: it is as wide as they need.
    """
    if not operations:
        return []
    bars = [
        _Bar(operation.start, _stop(operation, operations), _label(operation)) for operation in operations
    ]
    columns = _columns(bars)
    sessions = list(dict.fromkeys(operation.session for operation in operations))
    margin = max(map(len, sessions)) + 2
    lines = []
    for session in sessions:
        line = [" "] * (columns[FOREVER] + 1)
        for operation, bar in zip(operations, bars, strict=True):
            if operation.session == session:
                begin, stop = columns[bar.start], columns[bar.stop]
                width = max(0, stop - begin - 1)
                text = f"├{bar.label:┄<{width}}" if _end(operation) == FOREVER else f"├{bar.label:─<{width}}┤"
                line[begin : begin + len(text)] = text
        lines.append(f"{session:<{margin}}{''.join(line).rstrip()}")
    return lines


class _Bar(NamedTuple):
    """What is drawn of an operation: from one moment to another, with a label inside."""

    start: int
    stop: int
    label: str


def _end(operation: Operation) -> int:
    return FOREVER if operation.end is None or operation.status == "info" else operation.end


def _stop(operation: Operation, operations: Sequence[Operation]) -> int:
    """Return where the bar stops: what never returned gives way to the session's next operation."""
    later = [
        other.start
        for other in operations
        if other.session == operation.session and other.start > operation.start
    ]
    return min(_end(operation), *later, FOREVER) if later else _end(operation)


def _label(operation: Operation) -> str:
    verb = _VERBS.get(operation.op, "runs")
    value = value_text(operation.value)
    match operation.op:
        case "delete":
            what = f"{operation.key}"
        case "cas":
            what = f"{operation.key}={value_text(operation.expected)} by {value}"
        case "append":
            what = f"{value} to {operation.key}"
        case "txn":
            what = "a transaction"
        case _:
            what = f"{operation.key}={value}"
    failed = ", fails" if operation.status == "fail" else ""
    return f" {operation.index} {verb} {what}{failed} "


def _columns(bars: list[_Bar]) -> dict[int, int]:
    """Return the column of each moment: far enough from the earlier ones for what is written between them."""
    columns: dict[int, int] = {}
    column = -1
    for moment in sorted({FOREVER, *(moment for bar in bars for moment in (bar.start, bar.stop))}):
        column += 1
        for bar in bars:
            if bar.start < moment and (bar.stop == moment or bar.start == bar.stop or moment == FOREVER):
                column = max(column, columns[bar.start] + len(bar.label) + 1 + (bar.start == bar.stop))
        columns[moment] = column
    return columns
