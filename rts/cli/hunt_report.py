"""What a hunt found, as text: the tables first, then what contradicts a claim, then everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import click

from rts.cli.coverage import coverage
from rts.cli.matrix import LEGEND, render
from rts.cli.tables import matrices
from rts.cli.text import aligned, hanging, long_time, plural
from rts.harness.summary import Outcome, Result, Summary


class Found(NamedTuple):
    """A cell of a row."""

    result: Result
    guarantee: str
    outcome: Outcome

    @property
    def row(self) -> str:
        """What to call the row: its configuration, or its seeded bug."""
        return self.result.configuration if self.result.bug is None else f"bug {self.result.bug}"


def report(summary: Summary, failures: Mapping[str, str], *, columns: int) -> Iterator[str]:
    """The lines of the report on `summary`, at most `columns` wide where words allow it.

    `failures` maps the path of a saved counterexample to its failure report, for those to be shown in full.
    """
    for matrix in matrices(summary):
        yield ""
        yield from render(matrix, columns=columns)
    if any(result.bug is None for result in summary.results):
        yield ""
        yield from (f"  {line}" for line in LEGEND)
    yield from _unexpected(summary, failures, columns=columns)
    yield from _bugs(summary, failures)
    yield from _counterexamples(summary, columns=columns)
    ran = [result for result in summary.results if result.operations]
    if ran:
        yield from _heading("Coverage")
        yield from coverage(ran, columns=columns)
    yield from _errors(summary, columns=columns)
    yield ""
    yield from _totals(summary)


def cells(summary: Summary) -> Iterator[Found]:
    """Every cell of every row, in the summary's order."""
    for result in summary.results:
        for guarantee, outcome in result.guarantees.items():
            yield Found(result, guarantee, outcome)


def _heading(text: str, **style: str) -> Iterator[str]:
    yield ""
    yield click.style(text, bold=True, **style)  # type: ignore[arg-type]  # click types each style apart
    yield ""


def _unexpected(summary: Summary, failures: Mapping[str, str], *, columns: int) -> Iterator[str]:
    found = [Found(result, name, result.guarantees[name]) for result, name in summary.unexpected]
    broken = [cell for cell in found if cell.outcome.verdict == "violated"]
    kept = [cell for cell in found if cell.outcome.verdict != "violated"]
    if broken:
        yield from _heading("Broken, and claimed to hold", fg="red")
        for number, cell in enumerate(broken):
            if number:
                yield ""
            yield from _in_full(cell, failures, columns=columns)
    if kept:
        yield from _heading("Expected to break, and not found broken", fg="red")
        rows = [
            (cell.row, cell.guarantee, f"judged in {plural(cell.outcome.schedules_judged, 'schedule')}")
            for cell in kept
        ]
        yield from aligned(rows)


def _in_full(cell: Found, failures: Mapping[str, str], *, columns: int) -> Iterator[str]:
    path = cell.outcome.counterexample
    text = failures.get(path or "")
    if text is not None:
        yield from text.rstrip("\n").split("\n")
        return
    yield f"  {cell.row}: {cell.guarantee}, {_size(cell.outcome)}"
    if cell.outcome.explanation:
        yield hanging("", cell.outcome.explanation, indent=4, label_width=0, columns=columns)
    if path is not None:
        yield f"    {path}"


def _bugs(summary: Summary, failures: Mapping[str, str]) -> Iterator[str]:
    rows = [result for result in summary.results if result.bug is not None]
    if not rows:
        return
    yield from _heading("Seeded bugs")
    for result in rows:
        broken = [
            cell for cell in cells(summary) if cell.result is result and cell.outcome.verdict == "violated"
        ]
        if not result.bug_found:
            yield f"  {result.bug}: not found in {plural(result.schedules, 'schedule')}"
        for cell in broken:
            facts = (f"{cell.guarantee} broken", _size(cell.outcome), *_effort(cell.outcome))
            yield f"  {result.bug}: {', '.join(facts)}"
            text = failures.get(cell.outcome.counterexample or "")
            if text is not None:
                yield ""
                yield from text.rstrip("\n").split("\n")


def _counterexamples(summary: Summary, *, columns: int) -> Iterator[str]:
    found = [
        cell
        for cell in cells(summary)
        if cell.result.bug is None and cell.outcome.verdict == "violated" and not cell.outcome.unexpected
    ]
    if not found:
        return
    yield from _heading("Counterexamples")
    for row in dict.fromkeys(cell.row for cell in found):
        yield f"  {row}"
        of_row = [cell.outcome for cell in found if cell.row == row]
        names = [(cell.guarantee, _size(cell.outcome)) for cell in found if cell.row == row]
        lines = aligned(names, indent=4)
        paths = [outcome.counterexample or "not saved" for outcome in of_row]
        beside = max(map(len, lines)) + 2
        for line, path in zip(lines, paths, strict=True):
            if beside + max(map(len, paths)) <= columns:
                yield line.ljust(beside) + path
            else:
                yield line
                yield f"      {path}"


def _size(outcome: Outcome) -> str:
    parts = []
    if outcome.steps is not None:
        parts.append(plural(outcome.steps, "step"))
    if outcome.operations is not None:
        parts.append(plural(outcome.operations, "operation"))
    if outcome.shrink_s is None:
        parts.append("not shrunk")
    return ", ".join(parts)


def _effort(outcome: Outcome) -> list[str]:
    parts = []
    if outcome.found_after_schedules is not None and outcome.found_after_s is not None:
        schedules = plural(outcome.found_after_schedules, "schedule")
        parts.append(f"found after {schedules} ({outcome.found_after_s:.1f} s)")
    if outcome.shrink_s is not None:
        parts.append(f"shrunk in {outcome.shrink_s:.1f} s")
    return parts


def _errors(summary: Summary, *, columns: int) -> Iterator[str]:
    if not summary.errors:
        return
    yield from _heading("Errors of the harness or the system: no verdict", fg="red")
    for error in summary.errors:
        where = error.configuration if error.bug is None else f"bug {error.bug}"
        text = f"{error.kind}, {where}: {error.message}"
        yield hanging("", text, indent=2, label_width=2, columns=columns)
        if error.path is not None:
            yield f"    {error.path}"


def _totals(summary: Summary) -> Iterator[str]:
    schedules = sum(result.schedules for result in summary.results)
    operations = sum(result.operations for result in summary.results)
    simulated = sum(result.simulated_s for result in summary.results)
    rate = operations / summary.wall_s if summary.wall_s else 0.0
    yield (
        f"{plural(schedules, 'schedule')}, {plural(operations, 'operation')} in {summary.wall_s:.1f} s "
        f"({rate:,.0f}/s), {long_time(simulated)} simulated."
    )
    wrong = len(summary.unexpected)
    if wrong:
        yield f"{plural(wrong, 'cell')} not as claimed."
    elif any(result.bug is None for result in summary.results):
        yield "No cell contradicts a claim."
    yield f"seed {summary.seed}, {summary.digest}"
    if not summary.complete:
        yield f"Stopped early ({summary.stop_reason}): this is what was found so far."
    interrupted = summary.stop_reason == "interrupted"
    yield f"{'to go on' if interrupted else 'again'}: {summary.command}"
