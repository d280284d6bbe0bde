"""Witnesses of transactions on lists: what others appended is cut out of what was read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from checker import Header, History, Operation, check
from checker.sequential.lists import lists_in
from checker.witness import minimal_witness
from checker.witness.lists import part_of_lists
from tests.checker.linearizability.test_chains import SETTINGS, lists
from tests.checker.literal import a, history, r, t

LONG = history(
    *(t(at, "a", f"x+={at} y+={at}", 10 * at, 10 * at + 5) for at in range(20)),
    t(20, "b", f"x={list(range(20))} y={list(range(18))}".replace(" ", "").replace("]y", "] y"), 300, 310),
    t(21, "b", "z=null", 320, 330),
)


def test_a_witness_of_lists_is_what_the_violation_names() -> None:
    """Operation 20 read two items of `y` too few; that of 18 or of 19 is enough to show it."""
    part = minimal_witness(LONG, "linearizable")
    assert part is not None
    assert [operation.index for operation in part.operations] == [19, 20]
    assert part.operations[1].ops == [["r", "x", [19]], ["r", "y", None]]
    assert part.header.expect == {"linearizable": "violated"}
    assert part.header.meta["operations_of_whole"] == 22
    assert check(part, ["linearizable"]).guarantees["linearizable"].verdict == "violated"


def test_other_guarantees_are_shown_by_parts_as_they_were() -> None:
    part = minimal_witness(LONG, "causal")
    if part is not None:
        assert all(operation == LONG.operations[operation.index] for operation in part.operations)


def test_of_several_violations_the_smallest_is_shown() -> None:
    two = history(
        *(t(at, "a", f"x+={at}", 10 * at, 10 * at + 5) for at in range(2)),
        t(2, "b", "x=[1,0]", 30, 40),
        t(3, "c", "y+=7", 0, 10),
        t(4, "c", "y=[8]", 30, 40),
    )
    part = minimal_witness(two, "linearizable")
    assert part is not None
    assert [operation.index for operation in part.operations] == [4]
    part = minimal_witness(two, "linearizable", attempts=1)
    assert part is not None
    assert [operation.index for operation in part.operations] == [0, 1, 2]


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        (t(1, "b", "x=[5] y=null", 20, 30), True),
        (t(1, "b", "x=[5] x+=7", 20, 30), True),
        (t(1, "b", "x=[5] y=7", 20, 30), False),
        (t(1, "b", "x=[5] y:=7", 20, 30), False),
        (t(1, "b", "x=[5] y:=null", 20, 30), False),
    ],
)
def test_what_does_more_than_append_and_read_is_no_part_of_lists(operation: Operation, found: bool) -> None:
    one = history(t(0, "a", "x+=5", 0, 10), operation)
    part = part_of_lists(one, lists_in(one.operations), {1})
    assert (part is not None) == found


def test_operations_come_in_the_order_of_the_history_whatever_their_indices() -> None:
    operations = (a(7, "a", "x=1", 0, 10), a(3, "a", "x=2", 12, 15), r(5, "a", "x=[1,2]", 20, 30))
    one = History.from_operations(operations, header=Header(name="n", system="s"))
    part = part_of_lists(one, lists_in(one.operations), (5, 7))
    assert part is not None
    assert [(operation.index, operation.value) for operation in part.operations] == [(7, 1), (5, [1])]
    assert part.header == one.header


@given(lists())
@settings(SETTINGS, max_examples=300)
def test_each_operation_of_a_witness_is_needed(operations: list[Operation]) -> None:
    whole = History.from_operations(operations)
    items = lists_in(operations)
    part = minimal_witness(whole, "linearizable")
    if part is None:
        return
    assert check(part, ["linearizable"]).guarantees["linearizable"].verdict == "violated"
    named = {operation.index for operation in part.operations}
    for left_out in sorted(named):
        fewer = part_of_lists(whole, items, named - {left_out})
        if fewer is not None:  # not where something was read of a key that nobody appended to
            assert check(fewer, ["linearizable"]).guarantees["linearizable"].verdict != "violated"
