"""The report of one failure as plain text, the same on the command line and in pytest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import checker
from checker.describe import duration
from checker.report.text import explain_violation
from rts.harness.describe import step_rows
from rts.harness.judge import Judgement
from rts.runs import Run

MOST_EVENTS = 12

# What was seen, in the words of somebody who uses the store.
_ANOMALIES = {
    "read-your-writes": "a session did not see its own write",
    "monotonic-reads": "a session saw a value, and later an older one",
    "monotonic-writes": "the writes of one session took effect in another order",
    "writes-follow-reads": "a write was ordered before the write that its session had read",
    "consistent-prefix": "an effect was seen without its cause",
    "bounded-staleness": "a read was staler than its bound",
    "linearizable": "no order of the operations explains what the clients saw",
    "no-lost-acknowledged-writes": "an acknowledged write is gone",
    "convergence": "after everything healed, two nodes hold different values",
    "unique-positions": "two acknowledged writes have one position in the log",
    "no-aborted-reads": "a read returned what a refused write wrote",
    "no-thin-air-reads": "a read returned what nobody had written",
    "liveness": "the store did not make progress",
}
_BROKEN_INVARIANT = "an invariant of the store broke"


def failure_report(run: Run, judgement: Judgement, guarantee: str, *, path: Path | None) -> str:
    """What went wrong, the steps that led there, the argument, and how to see it again.

    `path` is where the history is saved, `None` if it is not.
    """
    schedule = run.schedule
    anomaly = _ANOMALIES.get(guarantee, _BROKEN_INVARIANT)
    bug = f", with the seeded bug {run.bug}" if run.bug else ""
    lines = [
        f"{guarantee} violated: {anomaly}",
        f"  {schedule.system}, {schedule.configuration} (mode {schedule.mode}){bug}",
        *(f"  setting {name} = {value}" for name, value in schedule.settings.items()),
        "",
        "steps",
        *_aligned(step_rows(schedule)),
        "",
        *_evidence(run, judgement, guarantee),
    ]
    if path is not None:
        shown = _as_typed(path)
        lines += ["", f"saved   {shown}", f"replay  rts replay {shown}", f"pytest  pytest {shown}"]
    return "\n".join(lines) + "\n"


def _evidence(run: Run, judgement: Judgement, guarantee: str) -> list[str]:
    verdict = judgement.verdicts.get(guarantee)
    breaches = [breach for breach in judgement.breaches if breach.guarantee == guarantee]
    if breaches:
        first = breaches[0]
        where = f" at {first.node}" if first.node else ""
        before = [event for event in run.events if event[0] <= first.at_ns][-MOST_EVENTS:]
        return [
            f"seen {duration(first.at_ns)} into the run{where}",
            *(f"  {line}" for line in first.explanation.splitlines()),
            "",
            f"the last {len(before)} events before it",
            *_aligned([(duration(int(event[0])), str(event[1]), _rest(event)) for event in before]),
        ]
    if verdict is None or not verdict.violations:
        return [f"{guarantee} is not violated in this run"]
    return ["operations", *_explained(guarantee, verdict.violations[0], judgement.history)]


def _explained(guarantee: str, violation: checker.Violation, history: checker.History) -> list[str]:
    """The checker's account without its headline: operations, a sentence for each edge, the argument."""
    return [f"  {line}" for line in explain_violation(guarantee, violation, history).splitlines()[1:]]


def _rest(event: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in event[2:])


def _aligned(rows: list[Any]) -> list[str]:
    """Rows as lines of columns; columns that are empty throughout are left out."""
    if not rows:
        return ["  none"]
    shown = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    widths = {column: max(len(row[column]) for row in rows) for column in shown}
    return [
        ("  " + "  ".join(row[column].ljust(widths[column]) for column in shown)).rstrip() for row in rows
    ]


def _as_typed(path: Path) -> str:
    """The path as one would type it: relative to the current folder if it is inside."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
