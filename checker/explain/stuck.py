"""The argument that one operation has no place in any order of a few others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from checker.describe import deed, duration, listed, shortened, value_text
from checker.history import Operation
from checker.linearizability.orders import Order, states_around
from checker.search.specification import Specification

_SHOWN = 5
_LETTERS = {"read": "r", "cas": "c", "append": "a", "write": "w", "delete": "d"}


def tell_stuck(
    specification: Specification,
    operations: Sequence[Operation],
    stuck: int,
    *,
    left: Sequence[Operation] | None = None,
) -> str:
    """Return the argument that number `stuck` of some operations has no place among them.

    `left` are the same with what is left in lists that others appended to.
    """
    operation = operations[stuck]
    letter = _LETTERS.get(operation.op, "o")
    assert operation.end is not None
    left = operations if left is None else left
    states = states_around(specification, left, stuck)
    why = f"none of their orders leaves a place for {letter}"
    if states:
        alone = specification.partition(operation) == operation.key
        subject = (operation.key if alone else None) or "the state"
        shown = [_state(operations, specification.show(state), order) for state, order in states[:_SHOWN]]
        if len(states) > _SHOWN:
            shown.append(f"{len(states) - _SHOWN} more")
        why = f"wherever {letter} may stand among them, {subject} is {_either(shown)}"
        allowed = [state for state, _ in states if specification.step(state, left[stuck])[0]]
        if allowed:
            why += f"; and where {letter} could take effect, others could not after it"
        elif operation.op == "read":
            why += f", and {letter} found {value_text(left[stuck].value)}"
        elif operation.op == "cas":
            why += f", and {letter} found {value_text(operation.expected)}"
        elif any(word == "r" for word, _, _ in operation.ops or ()):
            why += f", and {letter} found something else"
        else:
            why += f", and {letter} is not allowed there"
    aside = (
        ""
        if [*left] == [*operations]
        else "(Of what was read, only what these operations wrote or appended is looked at.) "
    )
    return (
        f"Let {letter} = operation {operation.index} ({deed(operation)}). "
        f"Then what had to take effect before {letter} ended, at {duration(operation.end)}, "
        f"has an order without {letter}. {aside}But {why}: a contradiction."
    )


def _state(operations: Sequence[Operation], state: Any, order: Order) -> str:
    if not order:
        return f"{_text(state)} (at first)"
    names = [str(operations[number].index) for number in order]
    return f"{_text(state)} (after operation{'s' * (len(names) > 1)} {listed(names)})"


def _text(state: Any) -> str:
    try:
        return shortened(msgspec.json.encode(state, order="deterministic").decode())
    except TypeError:  # a state of someone's own specification need not be JSON
        return shortened(repr(state))


def _either(items: list[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} or {last}" if most else last
