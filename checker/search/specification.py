"""Sequential specifications: what an object does when its operations come one after another.

A specification is a value: a record of small pure functions. Linearizability (Herlihy & Wing, 1990) is
asked against it: is there an order of the operations, true to real time, in which each step is allowed?
What a specification promises beyond its steps, in `effect` and `alike`, makes the search quicker and its
verdict no different.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from checker.history import Operation, OperationFields
from checker.values import identity

Effect: TypeAlias = Literal["observes", "overwrites", "blind", "depends"]
"""What an operation does to whatever state it finds.

- `observes`: it never changes the state. - `overwrites`: it is always allowed, and what it leaves does not
depend on what it found. - `blind`: it is always allowed. - `depends`: nothing is promised.
"""


def by_key(operation: Operation) -> Hashable:
    """Return the key of an operation, for objects that each have a key of their own."""
    return operation.key


def no_promise(_operation: Operation) -> Effect:
    """Promise nothing of an operation."""
    return "depends"


def but_for_its_times(operation: Operation) -> Hashable:
    """Return all that an operation says but its index and its times, to compare it with others."""
    fields = [
        (name, identity(value))
        for name in OperationFields.__struct_fields__
        if name not in ("index", "start", "end") and type(value := getattr(operation, name)) in _JSON
    ]
    return (*fields, identity(operation.extra))


def as_it_is(state: Any) -> Any:
    """Show a state as it is."""
    return state


_JSON = (type(None), bool, int, float, str, list, tuple, dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A sequential specification (Herlihy & Wing, 1990, section 2), as a record of pure functions.

    `initial` is the state that nobody's operation left. `step` takes a state and an operation and returns
    whether the operation is allowed there, and the state that it leaves; it must not change the state that
    it is given. Of an `info` operation it is asked as if it had taken effect, though its value may not be
    known. `partition` says which object an operation is of: each is judged alone; None leaves the operation
    out. `identify` returns something hashable, equal for two states exactly when they are one state (for
    states that are JSON values it may be left out). `effect` promises what an operation does to any state;
    operations of which `alike` returns equal things are interchangeable. `show` returns what a state looks
    like to people, as JSON if it can.
    """

    name: str
    initial: Any
    step: Callable[[Any, Operation], tuple[bool, Any]]
    partition: Callable[[Operation], Hashable] = by_key
    identify: Callable[[Any], Hashable] = identity
    effect: Callable[[Operation], Effect] = no_promise
    alike: Callable[[Operation], Hashable] = but_for_its_times
    show: Callable[[Any], Any] = as_it_is
