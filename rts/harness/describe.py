"""A schedule's steps in words, for reports."""

from __future__ import annotations

from checker.describe import duration
from rts.harness.kinds import kind_of
from rts.schedule import AnyStep, Schedule


def step_rows(schedule: Schedule) -> list[tuple[str, str, str, str]]:
    """A row for each step: its number, the pause before it, its kind, and what it does in a few words."""
    return [
        (
            str(number),
            f"+{duration(step.after_ns)}" if step.after_ns else "",
            kind_of(step).tag,
            describe(step),
        )
        for number, step in enumerate(schedule.steps, start=1)
    ]


def describe(step: AnyStep) -> str:
    """What a step does, without its kind."""
    return kind_of(step).words(step)
