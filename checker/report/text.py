"""The report for people: a table of verdicts, then each violation with its operations, edges and argument."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checker.describe import duration, position_text, value_text
from checker.history import History, Operation
from checker.verdict import Report, Verdict, Violation

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_STYLES = {"holds": "green", "violated": "bold red", "unknown": "yellow"}
_WIDTH = 100


def render_text(report: Report, history: History, console: Console) -> None:
    """Print a report to a rich console; on what is no terminal the same, without colours."""
    from rich.text import Text

    counts = f"{report.operations} operations ({report.ok} ok, {report.fail} fail, {report.info} info)"
    where = f"{report.file}: " if report.file else ""
    console.print(
        Text(f"{where}{counts}, {report.sessions} sessions, {report.keys} keys: {report.verdict}"),
        soft_wrap=True,
    )
    console.print(_verdict_table(report))
    for name, verdict in report.guarantees.items():
        for number, violation in enumerate(verdict.violations, 1):
            console.print()
            of = f" ({number} of {verdict.violation_count})" if verdict.violation_count > 1 else ""
            console.print(Text(f"{name}{of}", style="bold"))
            console.print(operations_table(_operations(violation, history)))
            for sentence in _sentences(violation):
                console.print(Text(sentence), width=min(_WIDTH, console.width))
            console.print(Text(violation.explanation), width=min(_WIDTH, console.width))


def explain_violation(name: str, violation: Violation, history: History) -> str:
    """Return a violation of guarantee `name` as plain text: its operations, its edges and the argument."""
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, width=_WIDTH, color_system=None, force_terminal=False, legacy_windows=False)
    console.print(Text(f"{name} is violated"))
    console.print(operations_table(_operations(violation, history)))
    for sentence in _sentences(violation):
        console.print(Text(sentence))
    console.print(Text(violation.explanation))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def operations_table(operations: list[Operation]) -> Table:
    """Return operations as a small table; columns that say nothing are left out."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    rows = [_cells(operation) for operation in operations]
    shown = [name for name in rows[0] if any(row[name] for row in rows)] if rows else []
    for name in shown:
        table.add_column(name, justify="right" if name == "index" else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(row[name]) for name in shown))
    return table


def _verdict_table(report: Report) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("guarantee", "verdict", "evidence"):
        table.add_column(name, no_wrap=True)
    for name in ("judged", "ambiguous"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("reason", overflow="fold")
    for name, verdict in report.guarantees.items():
        table.add_row(
            name,
            Text(verdict.verdict, style=_STYLES[verdict.verdict]),
            verdict.evidence or "",
            str(verdict.judged),
            str(verdict.ambiguous),
            Text(_remark(name, verdict)),
        )
    return table


def _remark(name: str, verdict: Verdict) -> str:
    if verdict.verdict == "violated":
        return f"{verdict.violation_count} found"
    weak = name in ("monotonic-writes", "writes-follow-reads")
    if verdict.verdict == "holds" and weak and verdict.evidence == "inferred":
        return "says little: without positions only a cycle could break it"
    return verdict.reason or ""


def _operations(violation: Violation, history: History) -> list[Operation]:
    wanted = set(violation.operations)
    for edge in violation.cycle:
        wanted |= {edge.from_, edge.to}
    rows = [row for row, index in enumerate(history.columns.index.tolist()) if index in wanted]
    return sorted((history.operation(row) for row in rows), key=lambda operation: operation.index)


def _sentences(violation: Violation) -> list[str]:
    return [f"{edge.from_} –{edge.edge}→ {edge.to}: {edge.reason}" for edge in violation.cycle]


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
