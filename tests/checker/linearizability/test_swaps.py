"""Keys that grow are told apart rightly: the verdict is whether some order of all operations is right."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from checker import Operation
from checker.linearizability.budget import Meter
from checker.linearizability.growing import growing
from checker.linearizability.stuck import find_stuck_among
from checker.linearizability.swaps import Contradiction, contradictions
from tests.checker.registers import appended, has_order, searching

SETTINGS = settings(
    max_examples=1_500,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

STRINGS: tuple[tuple[tuple[Any, ...], tuple[Any, ...]], ...] = (
    (("a", "b", "c"), ("", "p")),
    (("ab", "a", "b", "c"), ("", "a")),
    (("a.", "b.", "c.", "d."), ("a.", None)),
    (("a.", "b.", "c.", "d."), ("p.", "q.")),
)
LISTS: tuple[tuple[tuple[Any, ...], tuple[Any, ...]], ...] = (
    ((1, 2, 3), ([], [9])),
    (("a", "b", 1, True), ([1], [True])),
    ((1, 2), ([7], None)),
)
"""What is appended, mostly once, and what is written."""


@st.composite
def grown_keys(draw: st.DrawFn) -> list[Operation]:
    """Operations of one key, each of a session of its own; what is read was often there to be read."""
    strings = draw(st.booleans())
    items, values = draw(st.sampled_from(STRINGS if strings else LISTS))
    left = list(items)
    known: list[Any] = [None]
    operations = []
    span = draw(st.sampled_from((10, 40, 80)))
    for index in range(draw(st.integers(2, 8))):
        op: Any = draw(st.sampled_from(("read",) * 6 + ("append",) * 6 + ("write",) * 3 + ("delete", "cas")))
        status: Any = draw(st.sampled_from(("ok",) * 8 + ("info",)))
        start = draw(st.integers(0, span))
        seen = draw(st.sampled_from(known[-3:]))
        fields: dict[str, Any] = {"value": draw(st.sampled_from(values))}
        if op == "read":
            fields["value"] = seen
        elif op == "append":
            again = not left or draw(st.integers(0, 5)) == 0
            fields["value"] = draw(st.sampled_from(items if again else left))
            left = [item for item in left if item is not fields["value"]]
            known.append(appended(seen, fields["value"], strings=strings)[1])
        elif op == "delete":
            fields["value"] = None
        elif op == "cas":
            fields["expected"] = seen
        if op in ("write", "delete", "cas"):
            known.append(fields["value"])
        end = None if status == "info" else start + draw(st.integers(0, 15))
        if status == "ok" or op != "read":
            operations.append(
                Operation(
                    index=index,
                    session=f"s{index}",
                    op=op,
                    key="x",
                    start=start,
                    end=end,
                    status=status,
                    **fields,
                )
            )
    operations.sort(key=lambda operation: operation.start)
    return [structs.replace(operation, index=index) for index, operation in enumerate(operations)]


def told(operations: list[Operation]) -> Contradiction | None:
    """What contradicts itself among the operations of a key; None if nothing is told, or nothing grows."""
    grows = growing(operations).get("x")
    return contradictions([(operations, grows)])[0] if grows is not None else None


@given(grown_keys())
@SETTINGS
def test_what_is_told_is_whether_there_is_an_order(operations: list[Operation]) -> None:
    contradiction = told(operations)
    if contradiction is None:
        return
    assert has_order(operations) == (not contradiction)
    found = (
        find_stuck_among(operations, contradiction, searching(operations), Meter()) if contradiction else None
    )
    if found is not None:
        assert not has_order([operations[number] for number in found.operations])
