"""The orders of a few operations, all of them, for whoever wants to see why one more has no place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from checker.history import Operation
from checker.search.specification import Specification
from checker.sequential.deeds import end_of

Order: TypeAlias = tuple[int, ...]
_MOST_OPERATIONS = 60
_MOST = 10_000
"""Configurations that we are willing to look at for the sake of words."""


def states_around(
    specification: Specification, operations: Sequence[Operation], stuck: int
) -> list[tuple[Any, Order]] | None:
    """Return the states that an operation may find, with a shortest order that leads to each.

    The orders are of the other operations, by their numbers, and can all be completed with what must have
    taken effect before number `stuck` ended. None if there are too many orders to look at.
    """
    late = end_of(operations[stuck])
    others = [
        number
        for number, operation in enumerate(operations)
        if number != stuck and operation.start <= late and not _says_nothing(operation)
    ]
    if len(others) > _MOST_OPERATIONS:
        return None
    before = {
        number: {other for other in others if end_of(operations[other]) < operations[number].start}
        for number in (*others, stuck)
    }
    due = frozenset(number for number in others if end_of(operations[number]) < late)
    begin = (frozenset[int](), specification.identify(specification.initial))
    paths: dict[Any, tuple[Any, Order]] = {begin: (specification.initial, ())}
    follows: dict[Any, list[Any]] = {}
    queue = [begin]
    for at in queue:
        done = at[0]
        state, order = paths[at]
        for number in others:
            if number in done or not before[number] <= done:
                continue
            allowed, after = specification.step(state, operations[number])
            if allowed:
                led = (done | {number}, specification.identify(after))
                follows.setdefault(led, []).append(at)
                if led not in paths:
                    paths[led] = (after, (*order, number))
                    queue.append(led)
        if len(queue) > _MOST:
            return None
    completed = [at for at in queue if due <= at[0]]
    seen = set(completed)
    for at in completed:
        for earlier in follows.get(at, ()):
            if earlier not in seen:
                seen.add(earlier)
                completed.append(earlier)
    found: dict[Any, tuple[Any, Order]] = {}
    for at in queue:
        if at in seen and before[stuck] <= at[0]:
            found.setdefault(at[1], paths[at])
    return list(found.values())


def _says_nothing(operation: Operation) -> bool:
    return operation.status == "fail" or (operation.status == "info" and operation.op == "read")
