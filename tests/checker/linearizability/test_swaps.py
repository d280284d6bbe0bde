"""Keys that grow are told apart rightly: the verdict is whether some order of all operations is right."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from checker import Operation
from checker.linearizability.stuck import find_stuck_among
from checker.linearizability.swaps import Told, judge_told
from checker.search.budget import Meter
from checker.sequential.growing import growing
from checker.sequential.makers import Makers
from tests.checker.registers import appended, has_order, searching, shows_strings

SETTINGS = settings(
    max_examples=500,
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


def told(operations: list[Operation]) -> Told | None:
    """What the reads of a key tell; None if nothing is told, or nothing grows."""
    grows = growing(operations).get("x")
    return judge_told([(operations, grows)])[0] if grows is not None else None


@given(grown_keys())
@SETTINGS
def test_what_is_told_is_whether_there_is_an_order(operations: list[Operation]) -> None:
    reads = told(operations)
    if reads is not None:
        assert has_order(operations) == (not reads.contradictions)


@given(grown_keys())
@SETTINGS
def test_a_proof_has_no_order_though_what_others_appended_is_cut_out(operations: list[Operation]) -> None:
    reads = told(operations)
    if reads is None or not reads.contradictions:
        return
    stuck_in = searching(operations)
    found = find_stuck_among(
        operations,
        reads.contradictions,
        lambda some, meter: stuck_in(reads.cut(some), meter),
        Meter(),
        written=reads.written(),
    )
    if found is None:  # as strings do not show in the part
        assert shows_strings(operations)
        return
    part = reads.cut([operations[number] for number in found.operations])
    assert not has_order(part, strings=shows_strings(operations))


@given(grown_keys(), st.data())
@SETTINGS
def test_an_order_of_all_is_one_of_what_is_left_of_some(
    operations: list[Operation], data: st.DataObject
) -> None:
    """Of those that are closed: with them come all who wrote what they found."""
    reads = told(operations)
    if reads is None or reads.contradictions:
        return
    some = {number for number in range(len(operations)) if data.draw(st.booleans())}
    makers = Makers(operations, range(len(operations)), written=reads.written())
    closed = some | {maker for number in some for _, maker in makers.of(number)}
    part = reads.cut([operations[number] for number in sorted(closed)])
    assert has_order(part, strings=shows_strings(operations))
