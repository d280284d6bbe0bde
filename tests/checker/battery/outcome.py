"""Everything that the judge says of one history, as lines of text."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator

from rich.console import Console

from checker import History, Staleness, Verdict, check, happens_before, minimal_witness
from checker.graph.happens_before import shortest_cycle
from checker.report.text import explain_violation, render_text

MOST = 3
"""Violations of a guarantee that are named; the first one is told."""


def outcome(history: History, *, patience: int, versions: int, whole: bool) -> Iterator[str]:
    """Yield, line by line, what the judge says.

    `patience` (nanoseconds) and `versions` are the bounds on staleness. With `whole` the report as people see
    it, the happens-before graph and a minimal witness come, too.
    """
    timed = Staleness(patience, "ns")
    report = check(history, staleness=timed, max_violations=MOST)
    for name, verdict in report.guarantees.items():
        yield from judged(name, verdict)
    counted = Staleness(versions, "versions")
    behind = check(history, ["bounded-staleness"], staleness=counted, max_violations=MOST)
    yield from judged(f"bounded-staleness({counted})", behind.guarantees["bounded-staleness"])
    statuses = f"{report.ok} ok, {report.fail} fail, {report.info} info"
    where = f"{report.sessions} sessions, {report.keys} keys"
    yield f"{report.operations} operations, {statuses}, {where}: {report.verdict}"
    if whole:
        yield from _graph(history)
        broken = [name for name, verdict in report.guarantees.items() if verdict.verdict == "violated"]
        for name in broken[len(history) % max(len(broken), 1) :][:1]:
            part = minimal_witness(history, name, staleness=timed, attempts=2, time_limit=1e6)
            assert part is not None
            yield f"minimal witness of {name}: {[row.index for row in part.operations]}"
            told = explain_violation(name, report.guarantees[name].violations[0], history)
            yield from (f"| {line}" for line in told.splitlines())
        out = io.StringIO()
        render_text(report, history, Console(file=out, width=100, color_system=None, legacy_windows=False))
        yield from (f"| {line.rstrip()}" for line in out.getvalue().splitlines() if line.strip())


def judged(name: str, verdict: Verdict) -> Iterator[str]:
    """Yield what the verdict on one guarantee is."""
    counts = f"{verdict.judged} judged, {verdict.ambiguous} ambiguous"
    found = f", {verdict.violation_count} found" if verdict.violation_count else ""
    why = f" ({verdict.reason_code}: {verdict.reason})" if verdict.reason else ""
    yield f"{name}: {verdict.verdict}, {verdict.evidence}, {counts}{found}{why}"
    for number, violation in enumerate(verdict.violations):
        yield f"  {list(violation.operations)} of {violation.key}"
        if number == 0:
            yield f"    {violation.explanation}"
        if number == 0 and violation.cycle:
            yield "    " + ", ".join(f"{edge.from_} –{edge.edge}→ {edge.to}" for edge in violation.cycle)


def _graph(history: History) -> Iterator[str]:
    graph = happens_before(history)
    kinds = Counter(kind for _, _, kind in graph.edges(data="edge"))
    yield "happens-before: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    for edge in shortest_cycle(graph):
        yield f"  {edge.from_} –{edge.edge}→ {edge.to}, because {edge.reason}"
