"""What reports say of operations and verdicts, whatever they are rendered to."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from checker.describe import duration, position_text, value_text
from checker.history import History, Operation
from checker.verdict import Report, Verdict, Violation


def operations_of(violation: Violation, history: History) -> list[Operation]:
    """Return the operations of a violation and of its cycle, by index."""
    wanted = set(violation.operations)
    for edge in violation.cycle:
        wanted |= {edge.from_, edge.to}
    rows = np.isin(history.columns.index, sorted(wanted)).nonzero()[0].tolist()
    return sorted((history.operation(row) for row in rows), key=lambda operation: operation.index)


def counted(number: int, noun: str) -> str:
    """Return `1 key`, `2 keys`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def counts(report: Report) -> str:
    """Return how much a history holds: operations by status, sessions, keys."""
    statuses = f"{report.ok:,} ok, {report.fail:,} fail, {report.info:,} info"
    operations = f"{counted(report.operations, 'operation')} ({statuses})"
    return f"{operations}, {counted(report.sessions, 'session')}, {counted(report.keys, 'key')}"


def sentences(violation: Violation) -> list[str]:
    """Return one sentence for each edge of a violation's cycle."""
    return [f"{edge.from_} –{edge.edge}→ {edge.to}: {edge.reason}" for edge in violation.cycle]


def remark(name: str, verdict: Verdict) -> str:
    """Return what there is to say of a guarantee's verdict: how many violations, or why it is unknown."""
    if verdict.verdict == "violated":
        return f"{verdict.violation_count} found"
    weak = name in ("monotonic-writes", "writes-follow-reads")
    if verdict.verdict == "holds" and weak and verdict.evidence == "inferred":
        return "says little: without positions only a cycle could break it"
    return verdict.reason or ""


def table_of(operations: list[Operation]) -> tuple[list[str], list[list[str]]]:
    """Return operations as a heading and rows of text; columns that say nothing are left out."""
    rows = [_cells(operation) for operation in operations]
    shown = [name for name in rows[0] if any(row[name] for row in rows)] if rows else []
    return shown, [[row[name] for name in shown] for row in rows]


def _cells(operation: Operation) -> dict[str, str]:
    value = "" if operation.op == "delete" else value_text(operation.value)
    if operation.op == "cas":
        value = f"{value_text(operation.expected)} → {value}"
    if operation.op == "txn":
        value = value_text(operation.ops)
    end = "…" if operation.end is None else duration(operation.end)
    return {
        "index": str(operation.index),
        "session": operation.session,
        "op": operation.op,
        "key": operation.key or "",
        "value": value,
        "node": operation.node or "",
        "position": "" if operation.position is None else position_text(operation.position),
        "version": _version(operation.version),
        "time": f"{duration(operation.start)} – {end}",
        "status": operation.status,
    }


def _version(version: Any) -> str:
    if version is msgspec.UNSET:
        return ""
    return "initial" if version is None else position_text(version)
