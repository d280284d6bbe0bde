"""Random histories of one register with everything that it can do, and all orders of them tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from checker import Operation, Specification
from checker.linearizability.stuck import StuckIn
from checker.search.budget import Meter
from checker.search.deepening import attempt
from checker.search.problem import Problem
from checker.sequential.growing import Growing, growing
from checker.sequential.register import pose_register, register
from tests.checker.brute_force import precedes, same


def _grows(operations: Sequence[Operation]) -> Growing:
    found = growing(operations)
    return found.get("x", "nothing")


def register_of(operations: Sequence[Operation]) -> Specification:
    """The specification of the register that these are operations of."""
    return register(grows=_grows(operations))


def posed(operations: Sequence[Operation]) -> Problem:
    """The problem of linearizing a register's operations."""
    return pose_register(operations, grows=_grows(operations))


def searching(operations: Sequence[Operation]) -> StuckIn:
    """What looks for the one that is stuck among some of a register's operations."""
    grows = _grows(operations)

    def stuck_in(some: Sequence[Operation], meter: Meter) -> int | None:
        return attempt(pose_register(some, grows=grows), meter, width=64).stuck

    return stuck_in


MIXES = (
    ("read", "write", "cas"),
    ("read", "read", "write", "cas", "delete"),
    ("read", "read", "append"),
    ("read", "append", "append", "write", "cas", "delete", "read"),
)


@st.composite
def registers(draw: st.DrawFn, *, most: int = 8) -> list[Operation]:
    """Operations of one key, each of a session of its own; what is read was often there to be read."""
    mix = draw(st.sampled_from(MIXES))
    values = draw(st.sampled_from(((1, 2), (1, 2, 3), (1, "a", "ab"), (["a"], "a", None), ([], ["a"], 1))))
    strings = draw(st.booleans())
    known: list[Any] = [None]
    operations = []
    for index in range(draw(st.integers(2, most))):
        start = draw(st.integers(0, 40))
        status: Any = draw(st.sampled_from(("ok", "ok", "ok", "ok", "ok", "info", "fail")))
        op: Any = draw(st.sampled_from(mix))
        seen = draw(st.sampled_from(known))
        fields: dict[str, Any] = {"value": draw(st.sampled_from(values))}
        if op == "read":
            fields["value"] = seen
        elif op == "cas":
            fields["expected"] = seen
        elif op == "delete":
            fields["value"] = None
        elif op == "append":
            fields["value"] = draw(st.sampled_from(("a", "b", "ab", 1)))
            allowed, grown = appended(seen, fields["value"], strings=strings)
            if allowed:
                known.append(grown)
        if op in ("write", "cas"):
            known.append(fields["value"])
        operations.append(
            Operation(
                index=index,
                session=f"s{index}",
                op=op,
                key="x",
                start=start,
                end=None if status == "info" else start + draw(st.integers(0, 15)),
                status=status,
                **fields,
            )
        )
    return operations


def appended(state: Any, item: Any, *, strings: bool) -> tuple[bool, Any]:
    """Whether an item can be appended to a state, and what comes of it."""
    if isinstance(item, str) and (isinstance(state, str) or (state is None and strings)):
        return True, (state or "") + item
    if state is None or isinstance(state, list):
        return True, [*(state or []), item]
    return False, state


def shows_strings(operations: list[Operation]) -> bool:
    """Whether some read of a register returned a string."""
    return any(o.op == "read" and o.status == "ok" and isinstance(o.value, str) for o in operations)


def has_order(operations: list[Operation], *, strings: bool | None = None) -> bool:
    """Whether some order of a register's operations is true to real time, and each finds what it says."""
    strings = shows_strings(operations) if strings is None else strings
    live = [o for o in operations if o.status == "ok" or (o.status == "info" and o.op != "read")]
    if not strings and any(o.op == "append" for o in live):
        live = [structs.replace(o, value=_held(o.value), expected=_held(o.expected)) for o in live]
    return _extend(live, None, strings=strings)


def _held(value: Any) -> Any:
    """An empty list that may grow is nothing else than what is absent."""
    return None if value == [] else value


def _extend(left: list[Operation], state: Any, *, strings: bool) -> bool:
    if all(o.status == "info" for o in left):
        return True
    for o in left:
        if any(precedes(other, o) for other in left if other is not o):
            continue
        after = None if o.op == "delete" else o.value
        if o.op == "append":
            allowed, after = appended(state, o.value, strings=strings)
        else:
            allowed = o.op in ("write", "delete") or same(o.expected if o.op == "cas" else o.value, state)
        if allowed and _extend([other for other in left if other is not o], after, strings=strings):
            return True
    return False
