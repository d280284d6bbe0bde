"""Determinism is checked, not hoped for: a schedule is run twice, and the first differing event is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rts.runs import Run


def first_difference(first: Run, second: Run) -> str | None:
    """In one sentence, where two runs of one schedule part; `None` if they are one and the same run."""
    if first.digest == second.digest:
        return None
    return (
        _parting("event", first.events, second.events)
        or _parting("operation", first.operations, second.operations)
        or f"two runs of one schedule differ: {first.digest} and then {second.digest}"
    )


def _parting(what: str, first: Sequence[Any], second: Sequence[Any]) -> str | None:
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return f"two runs of one schedule differ at {what} {number}: {one!r}, and then {other!r}"
    if len(first) != len(second):
        shorter = min(len(first), len(second))
        extra = (first if len(first) > shorter else second)[shorter]
        return f"two runs of one schedule differ: only one of them has {what} {shorter}, {extra!r}"
    return None
