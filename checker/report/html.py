"""Reports and histories for notebooks: plain HTML, with each violation drawn on a timeline.

One element that stands by itself: no script, no style sheet, nothing from elsewhere, and every text escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from checker.history import History
from checker.report.drawing import draw_timeline
from checker.report.rows import counts, operations_of, remark, sentences, table_of
from checker.report.writes import writes_line
from checker.verdict import Report, Violation

_COLOURS = {"holds": "#1a7f37", "violated": "#b3261e", "unknown": "#9a6700"}
_MOST_OPERATIONS = 20
_MOST_DRAWN = 40
"""Operations of one violation beyond which a drawing shows nothing any more."""


def render_html(report: Report) -> str:
    """Return a report as HTML: the table of verdicts, what became of the writes, then each violation."""
    where = f"{report.file}: " if report.file else ""
    parts = [
        f"<p>{escape(where)}{counts(report)}: {_verdict(report.verdict)}</p>",
        _verdict_table(report),
    ]
    if line := writes_line(report.durability):
        parts.append(f"<p>{escape(line)}</p>")
    for name, verdict in report.guarantees.items():
        for number, violation in enumerate(verdict.violations, 1):
            of = f" ({number} of {verdict.violation_count:,})" if verdict.violation_count > 1 else ""
            parts += [f"<h4>{escape(name)}{of}</h4>", *_violation(violation, report.history)]
    return _whole(parts)


def render_history(history: History) -> str:
    """Return the first operations of a history as an HTML table."""
    first = [history.operation(row) for row in range(min(len(history), _MOST_OPERATIONS))]
    heading, rows = table_of(first)
    parts = [f"<p>{escape(repr(history))}</p>", _table(heading, rows)]
    if len(history) > len(first):
        parts.append(f"<p>… and {len(history) - len(first):,} more</p>")
    return _whole(parts)


def _whole(parts: Sequence[str]) -> str:
    return "<div>\n" + "\n".join(parts) + "\n</div>"


def _verdict(verdict: str) -> str:
    return f'<b style="color: {_COLOURS[verdict]}">{verdict}</b>'


def _verdict_table(report: Report) -> str:
    rows = "".join(
        f"<tr>{_cell(name)}<td>{_verdict(verdict.verdict)}</td>{_cell(verdict.evidence or '')}"
        f"{_cell(f'{verdict.judged:,}')}{_cell(f'{verdict.ambiguous:,}')}{_cell(f'{verdict.violation_count:,}')}"
        f"{_cell(remark(name, verdict) if verdict.verdict != 'violated' else '')}</tr>\n"
        for name, verdict in report.guarantees.items()
    )
    names = ("guarantee", "verdict", "evidence", "judged", "ambiguous", "violations", "reason")
    return f"<table>\n{_heading(names)}{rows}</table>"


def _violation(violation: Violation, history: History | None) -> list[str]:
    parts = [f"<p>{escape(violation.explanation)}</p>"]
    if history is not None:
        operations = operations_of(violation, history)
        if len(operations) <= _MOST_DRAWN:
            edges, witness = violation.cycle, violation.operations
            parts.append(draw_timeline(operations, edges=edges, highlighted=witness))
        parts.append(_table(*table_of(operations)))
    if violation.cycle:
        items = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in sentences(violation))
        parts.append(f"<ul>\n{items}</ul>")
    return parts


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    return f"<table>\n{_heading(heading)}{lines}</table>"


def _heading(names: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in names)}</tr>\n"


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"
