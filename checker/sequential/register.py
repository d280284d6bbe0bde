"""The register: read, write, delete, compare-and-set and append, and how long each state of it matters."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import Enum, auto
from functools import partial
from typing import Any

from checker.history import Operation
from checker.history.columns import FOREVER
from checker.search.problem import Horizon, Problem, pose
from checker.search.specification import Effect, Specification
from checker.sequential.growing import Growing, appended, held
from checker.sequential.needs import Needs
from checker.values import identity


class Forgotten(Enum):
    """States that nobody will see: of them only what can be appended matters."""

    STRING = auto()
    LIST = auto()
    OTHER = auto()


def register(*, grows: Growing = "nothing") -> Specification:
    """Return the specification of one register per key.

    A string that is appended to an absent value begins a string where `strings` grow, and else a list; where
    `lists` grow, an empty one is an absent value.
    """

    def step(state: Any, operation: Operation) -> tuple[bool, Any]:
        match operation.op:
            case "read":
                return _identify(state) == identity(held(operation.value, grows)), state
            case "write":
                return True, held(operation.value, grows)
            case "delete":
                return True, None
            case "cas":
                found = _identify(state) == identity(held(operation.expected, grows))
                return found, held(operation.value, grows)
            case "append":
                return _appended(state, operation.value, grows)
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


def _appended(state: Any, item: Any, grows: Growing) -> tuple[bool, Any]:
    if isinstance(state, Forgotten):
        return state is Forgotten.LIST or (state is Forgotten.STRING and isinstance(item, str)), state
    return appended(state, item, grows)


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


def pose_register(operations: Sequence[Operation], *, grows: Growing) -> Problem:
    """Return the problem of linearizing some operations of one register, in the order of invocation."""
    return pose(register(grows=grows), operations, horizon=partial(_horizon, grows))


def _horizon(grows: Growing, operations: Sequence[Operation], returns: Sequence[int]) -> Horizon:
    expected = [
        (held(operation.expected if operation.op == "cas" else operation.value, grows), until)
        for operation, until in zip(operations, returns, strict=True)
        if operation.op == "cas" or (operation.op == "read" and until != FOREVER)
    ]
    return Horizon(until=partial(_until, Needs(expected, grows=grows != "nothing")), forget=_forget)


def _until(needs: Needs, state: Any) -> int:
    return FOREVER if isinstance(state, Forgotten) else needs.until(state)
