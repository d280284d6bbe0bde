"""Which of two schedules is the simpler one.

`measure` orders all schedules: fewer steps first, then steps that are easier to understand, fewer names,
plainer settings, fewer details, rounder and shorter pauses. Every candidate that shrinking accepts measures
less than the one before it, so shrinking ends, and ends in the same place from many starts.
"""

from __future__ import annotations

import functools
from typing import Any

from rts.harness.kinds import PLACES, kind_of
from rts.harness.profile import Profile
from rts.schedule import AnyStep, Schedule, keys_of, sessions_of


def measure(schedule: Schedule, profile: Profile) -> tuple[Any, ...]:
    """How complicated a schedule is: of two, the simpler one compares less."""
    steps = schedule.steps
    return (
        len(steps),
        sum(kind_of(step).cost for step in steps),
        len(sessions_of(schedule)) + len(keys_of(schedule)),
        sum(_setting_cost(profile, name, value) for name, value in schedule.settings.items()),
        schedule.jitter,
        sum(kind_of(step).details(step) for step in steps),
        sum(step.after_ns not in tidy_pauses_ns(profile) for step in steps),
        sum(step.after_ns for step in steps) + sum(_lag_ns(step) for step in steps),
        len(schedule.nodes),
        tuple((PLACES[type(step)], *_names(step)) for step in steps),
        tuple(step.after_ns for step in steps),
    )


@functools.cache
def _tidy(delays_ns: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({0, *(factor * delay_ns for delay_ns in delays_ns for factor in (1, 2, 5))}))


def tidy_pauses_ns(profile: Profile) -> tuple[int, ...]:
    """The pauses that a shrunk schedule should have, the shortest first: round numbers.

    What is left when steps are dropped is a sum of their pauses; the next round number says the same.
    """
    return _tidy(profile.delays_ns)


def _setting_cost(profile: Profile, name: str, value: object) -> int:
    values = profile.settings.get(name, ())
    return values.index(value) if value in values else len(values)


def _lag_ns(step: AnyStep) -> int:
    delay_ns: int = getattr(step, "delay_ns", 0)
    jump_ns: int = getattr(step, "jump_ns", 0)
    return delay_ns + abs(jump_ns)


def _names(step: AnyStep) -> tuple[str, ...]:
    """Every name in a step, in one fixed order, with long numbers after short ones."""
    fields = (
        getattr(step, name, None) for name in ("session", "key", "source", "target", "node", "candidate")
    )
    return (
        *(f"{len(name)}{name}" for name in fields if name is not None),
        *(f"{len(name)}{name}" for name in getattr(step, "group", ())),
    )
