"""The register: read, write, delete, compare-and-set and append, and how long each state of it matters.

A string that is appended to a string is joined to it; to a list, whatever is appended becomes one more
item. An absent value (null) is an empty string for strings if the key's reads return strings, else an
empty list. To anything else nothing can be appended.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import Enum, auto
from functools import partial
from typing import Any

from checker.history import Operation
from checker.history.columns import FOREVER
from checker.linearizability.needs import Needs
from checker.linearizability.problem import Horizon, Problem, pose
from checker.linearizability.specification import Effect, Specification
from checker.values import identity


class Forgotten(Enum):
    """States that nobody will see: of them only what can be appended matters."""

    STRING = auto()
    LIST = auto()
    OTHER = auto()


def register(*, strings: bool = False) -> Specification:
    """Return the specification of one register per key.

    With `strings`, a string that is appended to an absent value begins a string, and else a list.
    """

    def step(state: Any, operation: Operation) -> tuple[bool, Any]:
        match operation.op:
            case "read":
                return _identify(state) == identity(operation.value), state
            case "write":
                return True, operation.value
            case "delete":
                return True, None
            case "cas":
                return _identify(state) == identity(operation.expected), operation.value
            case "append":
                return _appended(state, operation.value, strings=strings)
        return False, state

    return Specification(
        name="register",
        initial=None,
        step=step,
        partition=_partition,
        identify=_identify,
        effect=_effect,
        alike=_alike,
    )


def _appended(state: Any, item: Any, *, strings: bool) -> tuple[bool, Any]:
    if state is Forgotten.LIST or (state is Forgotten.STRING and isinstance(item, str)):
        return True, state
    if isinstance(item, str) and (isinstance(state, str) or (state is None and strings)):
        return True, (state or "") + item
    if state is None or isinstance(state, (list, tuple)):
        return True, [*(state or ()), item]
    return False, state


def _forget(state: Any) -> Any:
    """Return what stands for a state that nobody will see, nor anything that is appended to it."""
    if state is None or isinstance(state, Forgotten):
        return state
    if isinstance(state, str):
        return Forgotten.STRING
    return Forgotten.LIST if isinstance(state, (list, tuple)) else Forgotten.OTHER


def _partition(operation: Operation) -> Hashable:
    return None if operation.op == "txn" else operation.key


def _identify(state: Any) -> Hashable:
    return state if isinstance(state, Forgotten) else identity(state)


def _effect(operation: Operation) -> Effect:
    match operation.op:
        case "read":
            return "observes"
        case "write" | "delete":
            return "overwrites"
    return "depends"


def _alike(operation: Operation) -> Hashable:
    if operation.op == "delete":
        return "write", identity(None)
    if operation.op == "cas":
        return "cas", identity(operation.expected), identity(operation.value)
    return operation.op, identity(operation.value)


def pose_register(operations: Sequence[Operation]) -> Problem:
    """Return the problem of linearizing some operations of one register, in the order of invocation."""
    return pose(register_of(operations), operations, horizon=_horizon)


def register_of(operations: Sequence[Operation]) -> Specification:
    """Return the specification of one register: of strings, if its reads return some."""
    return register(
        strings=any(operation.op == "read" and isinstance(operation.value, str) for operation in operations)
    )


def _horizon(operations: Sequence[Operation], returns: Sequence[int]) -> Horizon:
    expected = [
        (operation.expected if operation.op == "cas" else operation.value, until)
        for operation, until in zip(operations, returns, strict=True)
        if operation.op == "cas" or (operation.op == "read" and until != FOREVER)
    ]
    grows = any(operation.op == "append" for operation in operations)
    return Horizon(until=partial(_until, Needs(expected, grows=grows)), forget=_forget)


def _until(needs: Needs, state: Any) -> int:
    return FOREVER if isinstance(state, Forgotten) else needs.until(state)
