"""Several registers that are read and written together: the object that transactions are operations of."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from checker.history import Operation
from checker.search.problem import Problem, pose
from checker.search.specification import Effect, Specification
from checker.sequential.deeds import Word, deeds_of
from checker.sequential.growing import Growing, appended, held
from checker.sequential.lists import Items, cut
from checker.values import identity

State: TypeAlias = dict[str, tuple[Any, Hashable]]
"""The values of all keys that have one, each with its identity."""

_Deed: TypeAlias = tuple[Word, str, Any, Hashable]
"""A deed, with the identity of its value."""
_ABSENT = (None, None)


def registers(grows: Mapping[str, Growing]) -> Specification:
    """Return the specification of registers by key, and of transactions of reads, writes and appends on them.

    `grows` says of each key that is appended to what grows in it.
    """
    # An operation is stepped over in many states. It is kept with what it does, so that its id stays its own.
    known: dict[int, tuple[Operation, list[_Deed]]] = {}

    def deeds(operation: Operation) -> list[_Deed]:
        found = known.get(id(operation))
        if found is None:
            found = known[id(operation)] = operation, []
            for deed in deeds_of(operation):
                value = held(deed.value, grows.get(deed.key, "nothing"))
                found[1].append((deed.word, deed.key, value, identity(value)))
        return found[1]

    def step(state: State, operation: Operation) -> tuple[bool, State]:
        after = dict(state)
        for word, key, value, same in deeds(operation):
            if word == "find":
                if after.get(key, _ABSENT)[1] != same:
                    return False, state
            elif word == "write":
                after[key] = value, same
            else:
                allowed, value = appended(after.get(key, _ABSENT)[0], value, grows[key])
                if not allowed:
                    return False, state
                after[key] = value, identity(value)
        return True, after

    return Specification(
        name="registers",
        initial={},
        step=step,
        partition=_partition,
        identify=_identify,
        effect=_effect,
        alike=_alike,
        show=_show,
    )


def pose_registers(operations: Sequence[Operation], *, grows: Mapping[str, Growing], items: Items) -> Problem:
    """Return the problem of linearizing some operations of several registers, in the order of invocation.

    `items` are those of all operations.
    """
    return pose(registers(grows), cut(operations, items))


def _partition(_operation: Operation) -> Hashable:
    return "registers"


def _identify(state: State) -> Hashable:
    return frozenset((key, same) for key, (_, same) in state.items() if same is not None)


def _show(state: State) -> dict[str, Any]:
    return {key: value for key, (value, _) in state.items() if value is not None}


def _effect(operation: Operation) -> Effect:
    words = {deed.word for deed in deeds_of(operation)}
    if words <= {"find"}:
        return "observes"
    return "blind" if words == {"write"} else "depends"


def _alike(operation: Operation) -> Hashable:
    return tuple((deed.word, deed.key, identity(deed.value)) for deed in deeds_of(operation))
