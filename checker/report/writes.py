"""What became of the writes, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.describe import duration, listed

if TYPE_CHECKING:
    from checker.fates import DurabilityReport


def writes_line(report: DurabilityReport | None) -> str:
    """Return the line, empty where there is nothing to say; fates that no write has are left out."""
    if report is None:
        return ""
    parts = [f"{report.stable:,} stable"]
    if report.lost:
        parts.append(f"{report.lost:,} lost{_remark(report)}")
    if report.stale:
        parts.append(f"{report.stale:,} stale for up to {duration(report.longest_staleness)}")
    if report.never_read:
        parts.append(f"{report.never_read:,} never read")
    others = [f"{report.acknowledged:,} acknowledged: {', '.join(parts)}"]
    if report.recovered:
        others.append(f"{report.recovered:,} recovered")
    if report.aborted:
        others.append(f"{report.aborted:,} failed and yet read")
    return f"writes: {'; '.join(others)}"


def _remark(report: DurabilityReport) -> str:
    """Return how sure the loss is, and what the writes were lost across."""
    remarks = []
    if report.presumed_lost == report.lost:
        remarks.append("presumed, for lack of final reads")
    elif report.presumed_lost:
        remarks.append(f"{report.presumed_lost:,} of them presumed, for lack of final reads")
    named = report.named["lost"]
    changes = {(change.time, change.kind, change.node) for write in named if (change := write.across)}
    if changes:
        first = "the first " if len(named) < report.lost else ""
        remarks.append(f"{first}across {listed([_event(*change) for change in sorted(changes)])}")
    return f" ({'; '.join(remarks)})" if remarks else ""


def _event(time: int, kind: str, node: str) -> str:
    return f"the {kind} of {node} at {duration(time)}"
