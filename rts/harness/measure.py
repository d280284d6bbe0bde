"""Which of two schedules is the simpler one.

`measure` orders all schedules: fewer steps first, then steps that are easier to understand, fewer names,
plainer settings, fewer details, rounder and shorter pauses. Every candidate that shrinking accepts measures
less than the one before it, so shrinking ends, and ends in the same place from many starts.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

from rts.harness.profile import Profile
from rts.schedule import (
    AnyStep,
    ChangeMembers,
    CompareAndSet,
    CorruptDisk,
    Crash,
    Delete,
    Duplicate,
    FullDisk,
    Heal,
    Lag,
    Loss,
    Partition,
    Pause,
    Promote,
    Read,
    Rejoin,
    Reorder,
    Restart,
    Resume,
    Schedule,
    SkewClock,
    SlowDisk,
    TransferLeadership,
    Write,
    keys_of,
    sessions_of,
)

# From the kind of step that is easiest to understand to the hardest; those of one row are as easy.
_KINDS: Final[tuple[tuple[type[AnyStep], ...], ...]] = (
    (Write, Read),
    (Delete, Heal),
    (CompareAndSet,),
    (Lag,),
    (Partition, Crash, Restart),
    (Loss, Promote, ChangeMembers, TransferLeadership, Rejoin, Pause, Resume),
    (Reorder, Duplicate, SlowDisk, FullDisk, SkewClock, CorruptDisk),
)
_COST_OF_KIND: Final[Mapping[type[AnyStep], int]] = {
    kind: cost for cost, kinds in enumerate(_KINDS) for kind in kinds
}
_ORDERED_KINDS: Final[tuple[type[AnyStep], ...]] = (
    *(Lag, Loss, Duplicate, Reorder, Partition, Pause, Crash),
    *(SlowDisk, FullDisk, CorruptDisk, SkewClock, Promote, ChangeMembers, TransferLeadership),
    *(Write, Delete, CompareAndSet, Read),
    *(Restart, Resume, Rejoin, Heal),
)
_ORDER_OF_KIND: Final[Mapping[type[AnyStep], int]] = {
    kind: place for place, kind in enumerate(_ORDERED_KINDS)
}
_COST_OF_OLD: Final = {"leave": 0, "cut": 1, "crash": 2}


def measure(schedule: Schedule, profile: Profile) -> tuple[Any, ...]:
    """How complicated a schedule is: of two, the simpler one compares less."""
    steps = schedule.steps
    return (
        len(steps),
        sum(_COST_OF_KIND[type(step)] for step in steps),
        len(sessions_of(schedule)) + len(keys_of(schedule)),
        sum(_setting_cost(profile, name, value) for name, value in schedule.settings.items()),
        schedule.jitter,
        sum(_detail_cost(step) for step in steps),
        sum(step.after_ns not in tidy_pauses_ns(profile) for step in steps),
        sum(step.after_ns for step in steps) + sum(_lag_ns(step) for step in steps),
        len(schedule.nodes),
        tuple((_ORDER_OF_KIND[type(step)], *_names(step)) for step in steps),
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
    match step:
        case Lag(delay_ns=ns) | Duplicate(delay_ns=ns) | Reorder(delay_ns=ns) | SlowDisk(delay_ns=ns):
            return ns
        case SkewClock(jump_ns=ns):
            return abs(ns)
        case _:
            return 0


def _detail_cost(step: AnyStep) -> int:
    match step:
        case Write(needs=needs):
            return len(needs)
        case Read(replica=replica, mode=mode, needs=needs):
            return replica + (mode is not None) + len(needs)
        case Lag(source=source, target=target):
            return _wildcards(source, target)
        case Loss(source=source, target=target, percent=percent):
            return _wildcards(source, target) + (percent != 100)
        case Duplicate(source=source, target=target, percent=percent):
            return _wildcards(source, target) + (percent != 100)
        case Reorder(source=source, target=target, percent=percent):
            return _wildcards(source, target) + (percent != 100)
        case Partition(group=group, direction=direction):
            return len(group) + (direction != "both")
        case Crash(lose_disk=lose_disk, tear=tear, at_effect=at_effect):
            return 4 * lose_disk + 2 * tear + (0 if at_effect is None else 1 + at_effect)
        case SkewClock(drift_ppm=drift_ppm):
            return abs(drift_ppm)
        case Promote(candidate=candidate, old=old, forced=forced):
            return (candidate != "best") + _COST_OF_OLD[old] + 4 * forced
        case ChangeMembers(action=action):
            return int(action == "add-learner")
        case _:
            return 0


def _wildcards(*addresses: str) -> int:
    return 2 * addresses.count("*")


def _names(step: AnyStep) -> tuple[str, ...]:
    """Every name in a step, in one fixed order, with long numbers after short ones."""
    fields = (
        getattr(step, name, None) for name in ("session", "key", "source", "target", "node", "candidate")
    )
    return (
        *(f"{len(name)}{name}" for name in fields if name is not None),
        *(f"{len(name)}{name}" for name in getattr(step, "group", ())),
    )
