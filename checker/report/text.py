"""The report for people: a table of verdicts, what became of the writes, then each violation with its
operations, edges and argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.history import History, Operation
from checker.report.rows import counts, operations_of, remark, sentences, table_of
from checker.report.writes import writes_line
from checker.verdict import Report, Violation

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_STYLES = {"holds": "green", "violated": "bold red", "unknown": "yellow"}
_WIDTH = 100


def render_text(report: Report, history: History, console: Console) -> None:
    """Print a report to a rich console; on what is no terminal the same, without colours."""
    from rich.text import Text

    where = f"{report.file}: " if report.file else ""
    console.print(Text(f"{where}{counts(report)}: {report.verdict}"), soft_wrap=True)
    console.print(_verdict_table(report))
    if line := writes_line(report.durability):
        console.print(Text(line), width=_WIDTH)
    for name, verdict in report.guarantees.items():
        for number, violation in enumerate(verdict.violations, 1):
            console.print()
            of = f" ({number} of {verdict.violation_count})" if verdict.violation_count > 1 else ""
            console.print(Text(f"{name}{of}", style="bold"))
            console.print(operations_table(operations_of(violation, history)))
            for sentence in sentences(violation):
                console.print(Text(sentence), width=_WIDTH)
            console.print(Text(violation.explanation), width=_WIDTH)


def explain_violation(name: str, violation: Violation, history: History) -> str:
    """Return a violation of guarantee `name` as plain text: its operations, its edges and the argument."""
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, width=_WIDTH, color_system=None, legacy_windows=False)
    console.print(Text(f"{name} is violated"))
    console.print(operations_table(operations_of(violation, history)))
    for sentence in sentences(violation):
        console.print(Text(sentence))
    console.print(Text(violation.explanation))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def operations_table(operations: list[Operation]) -> Table:
    """Return operations as a small table; columns that say nothing are left out."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    heading, rows = table_of(operations)
    for name in heading:
        table.add_column(name, justify="right" if name == "index" else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
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
            Text(remark(name, verdict)),
        )
    return table
