"""What a hunt found, as one HTML page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from string import Template

from rts.cli.coverage import followers_share
from rts.cli.hunt_report import cells
from rts.cli.matrix import LEGEND, SIGNS, Cell, Matrix
from rts.cli.tables import matrices
from rts.cli.text import long_time, plural, short_count
from rts.harness.summary import Summary

_PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --red: #c0392b; --green: #2e7d32 }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin-bottom: 0 } h2 { font-size: 1.15rem; margin-top: 2.5rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .9rem }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap }
td { font-variant-numeric: tabular-nums } th { font-weight: 600 }
.number { text-align: right } .holds { color: var(--green) } .unknown, .unclaimed, .note { opacity: .65 }
.unexpected { background: var(--red); color: white; font-weight: 600 }
details { border-bottom: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer }
pre { background: var(--soft); padding: 1rem; overflow-x: auto; font-size: .85rem }
code { font-size: .9em }
</style>
</head>
<body>
<h1>$title</h1>
<p class="note">$totals<br><code>$command</code></p>
$body
</body>
</html>
""")


def page(summary: Summary, failures: Mapping[str, str]) -> str:
    """The page. `failures` maps the path of a saved counterexample to its failure report."""
    schedules = sum(result.schedules for result in summary.results)
    operations = sum(result.operations for result in summary.results)
    stopped = "" if summary.complete else f", stopped early: {summary.stop_reason}"
    systems = ", ".join(dict.fromkeys(result.system for result in summary.results)) or "nothing"
    return _PAGE.substitute(
        title=escape(f"rts hunt: {systems}"),
        totals=escape(
            f"seed {summary.seed}, {plural(schedules, 'schedule')}, {plural(operations, 'operation')}, "
            f"{summary.wall_s:.1f} s{stopped}. {summary.digest}"
        ),
        command=escape(summary.command),
        body="\n".join(
            (*_tables(summary), *_counterexamples(summary, failures), *_coverage(summary), *_errors(summary))
        ),
    )


def _tables(summary: Summary) -> Iterator[str]:
    found = matrices(summary)
    for matrix in found:
        yield f"<h2>{escape(matrix.title[:1].upper() + matrix.title[1:])}</h2>"
        yield from _matrix(matrix)
    if found:
        yield f'<p class="note">{"<br>".join(escape(line) for line in LEGEND)}</p>'


def _matrix(matrix: Matrix) -> Iterator[str]:
    heads = "".join(f"<th>{escape(column)}</th>" for column in matrix.columns)
    yield f'<div class="scroll"><table><tr><th></th>{heads}</tr>'
    for row in matrix.rows:
        shown = "".join(_cell(matrix.cells.get(row, {}).get(column)) for column in matrix.columns)
        yield f"<tr><th>{escape(row)}</th>{shown}</tr>"
    yield "</table></div>"
    if matrix.note:
        yield f'<p class="note">{escape(matrix.note)}</p>'


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    kind = "unexpected" if cell.unexpected else cell.verdict
    claim = "unclaimed" if cell.expected is None else ""
    title = f"{cell.verdict}; {cell.judged:,} judged; claimed: {cell.expected or 'nothing'}"
    judged = short_count(cell.judged) if cell.judged else "–"
    return f'<td class="{kind} {claim}" title="{title}">{SIGNS[cell.verdict]} {judged} {cell.mark}</td>'


def _counterexamples(summary: Summary, failures: Mapping[str, str]) -> Iterator[str]:
    broken = [cell for cell in cells(summary) if cell.outcome.verdict == "violated"]
    if not broken:
        return
    yield "<h2>Counterexamples</h2>"
    for cell in sorted(broken, key=lambda cell: not cell.outcome.unexpected):
        outcome = cell.outcome
        size = "" if outcome.steps is None else f", {plural(outcome.steps, 'step')}"
        claimed = ", claimed to hold" if outcome.unexpected else ""
        opened = " open" if outcome.unexpected else ""
        title = f"{escape(cell.row)}: <b>{escape(cell.guarantee)}</b>{size}{claimed}"
        yield f"<details{opened}><summary>{title}</summary>"
        text = failures.get(outcome.counterexample or "") or outcome.explanation
        if text:
            yield f"<pre>{escape(text)}</pre>"
        if outcome.counterexample:
            yield f"<p><code>rts replay {escape(outcome.counterexample)}</code></p>"
        yield "</details>"


def _coverage(summary: Summary) -> Iterator[str]:
    if not summary.results:
        return
    yield "<h2>Coverage</h2>"
    rows = [
        (
            result.configuration if result.bug is None else f"bug {result.bug}",
            f"{result.schedules:,}",
            f"{result.operations:,}",
            *(f"{count:,}" for count in (result.ok, result.fail, result.info)),
            followers_share(result),
            long_time(result.simulated_s),
        )
        for result in summary.results
    ]
    yield from _numbers(
        ("row", "schedules", "operations", "ok", "fail", "info", "reads by followers", "simulated"), rows
    )
    for result in summary.results:
        name = result.configuration if result.bug is None else f"bug {result.bug}"
        yield f"<details><summary>{escape(name)}: faults and rare states</summary>"
        faults = [(kind, f"{tally.drawn:,}", f"{tally.took_hold:,}") for kind, tally in result.faults.items()]
        yield from _numbers(("fault", "drawn", "took hold"), faults)
        yield from _numbers(
            ("rare state", "reached"), [(state, f"{count:,}") for state, count in result.states.items()]
        )
        yield "</details>"


def _numbers(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield '<div class="scroll"><table>'
    for tag, cells_of_row in (("th", heads), *(("td", row) for row in rows)):
        first, *others = cells_of_row
        numbers = "".join(f'<{tag} class="number">{escape(other)}</{tag}>' for other in others)
        yield f"<tr><{tag}>{escape(first)}</{tag}>{numbers}</tr>"
    yield "</table></div>"


def _errors(summary: Summary) -> Iterator[str]:
    if summary.errors:
        yield "<h2>Errors</h2>"
    for error in summary.errors:
        yield f"<p><b>{escape(error.kind)}, {escape(error.configuration)}</b>: {escape(error.message)}</p>"
