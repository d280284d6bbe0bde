"""One object's operations against its specification, in whole numbers.

What the search asks again and again is asked of the specification once: states and classes of
interchangeable operations are numbered, and each step from a state by a class is kept in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from checker.history import Operation
from checker.history.columns import FOREVER
from checker.search.specification import Specification

REFUSED = -1
"""Where a step leads that is not allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What makes states alike that nobody will tell apart.

    `until` returns the last event (by its number) at which a state, or one that comes of it, can matter;
    `forget` returns what stands for a state after that.
    """

    until: Callable[[Any], int]
    forget: Callable[[Any], Any]


class Machine:
    """The steps of a specification by numbers: classes of operations, and states as they are come upon."""

    def __init__(
        self, specification: Specification, examples: Sequence[Operation], horizon: Horizon | None
    ) -> None:
        self._specification = specification
        self._examples = examples
        self._horizon = horizon
        self._numbers: dict[Hashable, int] = {}
        self.states: list[Any] = []
        self.until: list[int] = []
        """By state the last event at which it matters."""
        self.forgotten: list[int] = []
        """By state the one that stands for it after that."""
        self._steps: list[dict[int, int]] = [{} for _ in examples]
        self.effects = [specification.effect(example) for example in examples]
        self.initial = self.number(specification.initial)

    def number(self, state: Any) -> int:
        """Return the number of a state."""
        key = self._specification.identify(state)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.states)
            self.states.append(state)
            self.until.append(FOREVER)
            self.forgotten.append(number)
            if self._horizon is not None:
                self.until[number] = self._horizon.until(state)
                self.forgotten[number] = self.number(self._horizon.forget(state))
        return number

    def step(self, kind: int, state: int) -> int:
        """Return where an operation of a class leads from a state, `REFUSED` if it is not allowed."""
        led = self._steps[kind].get(state)
        if led is None:
            allowed, after = self._specification.step(self.states[state], self._examples[kind])
            led = self._steps[kind][state] = self.number(after) if allowed else REFUSED
        return led

    def at(self, state: int, event: int) -> int:
        """Return what stands for a state at an event; `REFUSED` stands for itself."""
        return state if state < 0 or self.until[state] >= event else self.forgotten[state]

    def is_barren(self, state: int) -> bool:
        """Whether nothing but what overwrites it is allowed at a state."""
        return all(
            effect == "overwrites" or self.step(kind, state) == REFUSED
            for kind, effect in enumerate(self.effects)
        )

    def stands_in(self, state: int) -> bool:
        """Whether a state stands for forgotten ones."""
        return self._horizon is not None and self.forgotten[state] == state


@dataclass(frozen=True, slots=True)
class Problem:
    """The operations of one object, numbered in the order of invocation, and their events.

    `events` lists each invocation as the operation's number and each return as its complement (`~number`),
    in the order of time, invocations first where times are equal (intervals are closed). `kinds` is each
    operation's class, `returns` the event of its return, `FOREVER` for one that is open, which has none.
    """

    machine: Machine
    events: list[int]
    kinds: list[int]
    returns: list[int]


Pose: TypeAlias = Callable[[Sequence[Operation]], Problem]
"""Makes a problem of some operations of one object."""


def pose(
    specification: Specification, operations: Sequence[Operation], *, horizon: HorizonOf | None = None
) -> Problem:
    """Return the problem of linearizing some operations of one object.

    They are `ok` or `info`, in the order of invocation. `horizon` makes one of the numbers of the
    events at which they return.
    """
    order: list[tuple[int, int, int]] = []
    for number, operation in enumerate(operations):
        order.append((operation.start, 0, number))
        if operation.status == "ok":
            assert operation.end is not None
            order.append((operation.end, 1, number))
    order.sort()
    events = [~number if returned else number for _, returned, number in order]
    returns = [FOREVER] * len(operations)
    for at, event in enumerate(events):
        if event < 0:
            returns[~event] = at
    numbers: dict[Hashable, int] = {}
    kinds: list[int] = []
    examples: list[Operation] = []
    for operation in operations:
        kind = numbers.setdefault(specification.alike(operation), len(numbers))
        if kind == len(examples):
            examples.append(operation)
        kinds.append(kind)
    seen = horizon(operations, returns) if horizon is not None else None
    return Problem(Machine(specification, examples, seen), events, kinds, returns)


HorizonOf = Callable[[Sequence[Operation], Sequence[int]], Horizon]
