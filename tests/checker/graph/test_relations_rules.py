"""Which version is newer, and the reason that is given for it."""

from __future__ import annotations

import pytest

from checker import History, Operation
from checker.graph.relations import Relations
from checker.prepared import Prepared
from tests.checker.literal import history, r, w

CHAIN = (
    w(0, "a", "x=1", 0, 10, position=5),
    r(1, "b", "x=1", 20, 30),
    w(2, "b", "x=2", 40, None),
    r(3, "c", "x=2", 50, 60),
    w(4, "c", "x=3", 70, 80, position=5),
    w(5, "d", "x=4", 90, 100, position=7),
)
"""Operation 2 has no position, and stands between two writes that share theirs."""


def reason(one: History, older: int, newer: int) -> str:
    return Relations(Prepared(one)).version_order(older, newer).reason


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (0, 5, "operation 0 has position 5, below operation 5's 7"),
        (0, 4, "operation 0 is older than operation 4 by way of a write without position"),
        (0, 2, "operation 0 precedes operation 2 causally, or by way of other positions"),
        (2, 5, "operation 2 precedes operation 5 causally, or by way of other positions"),
    ],
)
def test_positions_are_a_reason_where_both_have_one(older: int, newer: int, expected: str) -> None:
    one = history(*CHAIN)
    assert newer in Relations(Prepared(one)).newer(older)
    assert reason(one, older, newer) == expected


def test_without_positions_causality_is_the_reason_or_the_leader() -> None:
    writes = (w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 30))
    assert reason(history(*writes), 0, 1) == "operation 0 is in the causal past of operation 1"
    assert reason(history(*writes, real_time_writes=True), 0, 1) == (
        "operation 0 precedes operation 1 causally, or as a write through one leader"
    )


def test_one_log_orders_only_what_stands_in_it() -> None:
    """Of another key: all above a position, but not what has none, nor anything above it."""
    one = history(
        *CHAIN,
        w(6, "e", "y=1", 0, 10, position=5),
        w(7, "e", "y=2", 20, 30, position=6),
        w(8, "f", "z=1", 0, 10, position=9),
        w(9, "f", "z=2", 20, 30),
        w(10, "e", "y=3", 40, None),
        r(11, "g", "y=3", 50, 60),
        one_log=True,
    )
    relations = Relations(Prepared(one))
    assert relations.newer(0).tolist() == [2, 4, 5, 7]
    assert relations.newer(2).tolist() == [4, 5]
    assert relations.newer(8).tolist() == [9]


def test_nothing_is_newer_than_what_nobody_wrote() -> None:
    one = history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=7", 20, 30))
    assert Relations(Prepared(one)).unseen(1).tolist() == []


def append(index: int, key: str, item: int) -> Operation:
    return Operation(
        index=index, session="a", op="append", key=key, value=item, start=20 * index, end=None, status="info"
    )


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (0, 1, "5 stands before 6 in what was read of z"),
        (1, 2, "7 is in nothing that was read of z, so operation 2 came later"),
    ],
)
def test_lists_tell_which_append_came_later(older: int, newer: int, expected: str) -> None:
    """What was read of another key, or nothing, or less than all, tells nothing."""
    one = history(
        append(0, "z", 5),
        append(1, "z", 6),
        Operation(index=2, session="b", op="append", key="z", value=7, start=0, end=5, status="ok"),
        append(3, "y", 7),
        r(4, "c", "z=null", 200, 210),
        r(5, "c", "z=[5]", 220, 230),
        r(6, "c", "z=[5,6]", 240, 250),
        r(7, "c", "y=[7]", 260, 270),
    )
    assert newer in Relations(Prepared(one)).newer(older)
    assert reason(one, older, newer) == expected
