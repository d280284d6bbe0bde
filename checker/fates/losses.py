"""What a lost write was lost across: the promotions and crashes that a history's trace tells of.

A trace is an object whose `events` are lists `[time, kind, …]`, the time on the clock of the operations. A
crash is `[time, "crash", node, …]`, a promotion `[time, "note", node, "leads", …]`. Traces are free in form:
what is not of this shape tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.fates.values import RoleChange


def role_changes(trace: Any) -> tuple[RoleChange, ...]:
    """Return the promotions and crashes of a header's `trace`, in the order of time."""
    events = trace.get("events") if isinstance(trace, dict) else None
    changes = []
    for event in events if isinstance(events, list) else ():
        match event:
            case [int(time), "crash", str(node), *_]:
                changes.append(RoleChange("crash", node, time))
            case [int(time), "note", str(node), "leads", *_]:
                changes.append(RoleChange("promotion", node, time))
    return tuple(sorted(changes, key=lambda change: change.time))


def lost_across(
    changes: Sequence[RoleChange], *, start: int, end: int, shown: int | None, missed: int
) -> RoleChange | None:
    """Return what a lost write was lost across, None if nothing in the trace explains it.

    `start` and `end` are the write's; `shown` is the start of the last read that shows it, `missed` the end
    of the first read after that which misses it. It is the first change between the last time at which the
    write was sure to be there (its acknowledgement, or the last read that shows it) and `missed`. If there is
    none, and no read shows the write, it was lost while its acknowledgement was on the way: it is the last
    change between `start` and `end`.
    """
    known = end if shown is None else max(end, shown)
    for change in changes:
        if known < change.time <= missed:
            return change
    if shown is not None:
        return None
    return next((change for change in reversed(changes) if start < change.time <= end), None)
