"""The keys that neither positions nor zones decide: by what is read of them, or by search.

Each key is an object of its own; keys that transactions tie together are one (`objects`). Lists that are only
appended to tell their own order (`chains`); of other keys, reads mostly tell what was appended to what
(`swaps`). What is left is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeAlias

import numpy as np

from checker.describe import listed
from checker.history import Operation
from checker.history.columns import Bools, Ints
from checker.linearizability.conflict import Conflict
from checker.linearizability.objects import Object, object_of, overwrites, rows_of, tied_keys
from checker.linearizability.stuck import CONFIGURATIONS, Stuck, find_stuck, find_stuck_among
from checker.linearizability.swaps import Told, judge_told
from checker.prepared import Prepared
from checker.search.budget import Meter
from checker.search.deepening import Decision, decide

_SECONDS = 60.0
_BYTES = 2_000_000_000
"""What all searches of one history may take, where the caller does not say."""
_MOST_TIED = 10_000
_CONFIGURATIONS_TIED = 20_000
"""The operations and configurations of an object of several keys, where the caller sets no limit to time.

What is not decided by then takes long or is never decided (benchmarks/transactions.md), and nobody may have
asked for it.
"""
_BYTES_OF_PARTS = 100_000_000
"""What the states may take that are looked at for the sake of a short proof."""
_NAMED = 4

Cut: TypeAlias = Callable[[Sequence[Operation]], Sequence[Operation]]
"""Makes of some operations what is left of them without the others."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What the searches came to: which keys stay undecided, and why; the conflicts of others."""

    undecided: Bools
    conflicts: list[Conflict] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def search_keys(prepared: Prepared, keys: Bools) -> Searched:
    """Judge the keys that are set, within the time and memory that there is."""
    into = Searched(np.zeros(prepared.key_count, dtype=np.bool_))
    alone = (keys & ~prepared.transacted_key).nonzero()[0]
    objects = [object_of(prepared, np.array([key])) for key in alone.tolist()]
    objects += _tied(prepared, keys, into)
    objects = _judge_lists(prepared, objects, into)
    objects = _judge_told(prepared, objects, into)
    _search(prepared, objects, into)
    return into


def _tied(prepared: Prepared, keys: Bools, into: Searched) -> list[Object]:
    """Return the objects of keys that transactions tie together, but for those that are too large."""
    objects = []
    for tied in tied_keys(prepared, keys):
        rows = rows_of(prepared, tied)
        if len(rows) > _MOST_TIED and prepared.deadline is None and overwrites(prepared, rows):
            into.undecided[tied] = True
            into.doubts.append(
                f"transactions tie {_named(prepared, tied)} together: without a time limit no order is "
                f"looked for of more than {_MOST_TIED} operations, and these have {len(rows)}"
            )
        else:
            objects.append(object_of(prepared, tied))
    return objects


def _judge_lists(prepared: Prepared, objects: list[Object], into: Searched) -> list[Object]:
    """Judge the objects that are only appended to, and return the others."""
    for each in objects:
        if each.is_lists and (stuck := each.stuck_in(each.operations, Meter())) is not None:
            into.conflicts.append(_conflict(prepared, each, stuck))
    return [each for each in objects if not each.is_lists]


def _judge_told(prepared: Prepared, objects: list[Object], into: Searched) -> list[Object]:
    """Judge the registers whose reads tell what each append found, and return the other objects."""
    grown: list[Object] = []
    others: list[Object] = []
    for each in objects:
        (grown if each.grows and each.is_register else others).append(each)
    told = judge_told([(each.operations, next(iter(each.grows.values()))) for each in grown])
    for each, reads in zip(grown, told, strict=True):
        if reads is None:
            others.append(each)
        elif reads.contradictions:
            conflict = _contradiction(prepared, each, reads)
            if conflict is not None:
                into.conflicts.append(conflict)
            else:
                others.append(each)
    return others


def _contradiction(prepared: Prepared, each: Object, told: Told) -> Conflict | None:
    """Return the few operations that show what contradicts itself, if the search agrees."""

    def stuck_in(some: Sequence[Operation], meter: Meter) -> int | None:
        return each.stuck_in(told.cut(some), meter)

    found = find_stuck_among(
        each.operations,
        told.contradictions,
        stuck_in,
        Meter(deadline=prepared.deadline),
        written=told.written(),
    )
    return None if found is None else _proof(prepared, each, found, told.cut)


def _search(prepared: Prepared, objects: list[Object], into: Searched) -> None:
    """Judge some objects by trying orders."""
    memory = min(prepared.memory_limit, _BYTES)
    most = [_most(prepared, each.room(memory)) for each in objects]
    decisions = decide(
        [each.pose(each.operations) for each in objects],
        deadline=prepared.deadline if prepared.deadline is not None else perf_counter() + _SECONDS,
        memory=memory,
        most=most,
    )
    for each, decision, bound in zip(objects, decisions, most, strict=True):
        if decision.stuck is not None:
            into.conflicts.append(_conflict(prepared, each, decision.stuck))
        elif decision.answer == "open":
            into.undecided[each.keys] = True
            into.doubts.append(_doubt(prepared, each, decision, bound))


def _most(prepared: Prepared, room: int | None) -> int | None:
    """Return how many configurations of an object are looked at, where there is room for so many states."""
    if room is None or prepared.deadline is not None:
        return room
    return min(room, _CONFIGURATIONS_TIED)


def _conflict(prepared: Prepared, each: Object, stuck: int) -> Conflict:
    """Return the few operations of an object that show that it has no order."""
    most = each.room(_BYTES_OF_PARTS) or CONFIGURATIONS
    found = find_stuck(each.operations, stuck, each.stuck_in, items=each.items, most=most)
    return _proof(prepared, each, found, each.cut)


def _proof(prepared: Prepared, each: Object, found: Stuck, cut: Cut) -> Conflict:
    parts = tuple(each.rows[list(found.operations)].tolist()), (int(each.rows[found.stuck]),)
    left = cut([each.operations[number] for number in found.operations])
    return Conflict(prepared.initial, "stuck", parts, specification=each.specification, left=tuple(left))


def _doubt(prepared: Prepared, each: Object, decision: Decision, bound: int | None) -> str:
    """Say why an object stays undecided, and how far the search got."""
    named = _named(prepared, each.keys)
    whose = "its" if len(each.keys) == 1 else "their"
    so_far = f"{decision.returned} of {whose} {len(each.operations)} operations were linearized"
    if prepared.deadline is None and bound == _CONFIGURATIONS_TIED < decision.configurations:
        return (
            f"transactions tie {named} together: without a time limit the search ends after {bound} "
            f"configurations, and by then {so_far}"
        )
    return f"the {decision.why} for {named} ran out: {so_far}, in {decision.configurations} configurations"


def _named(prepared: Prepared, keys: Ints) -> str:
    names = sorted(repr(prepared.columns.key_names[key]) for key in keys.tolist())
    if len(names) > _NAMED:
        names[_NAMED - 1 :] = [f"{len(names) - _NAMED + 1} more"]
    return f"key{'s' * (len(names) > 1)} {listed(names)}"
