"""What operations do, taken apart."""

from __future__ import annotations

import pytest

from checker import Operation
from checker.history.columns import FOREVER
from checker.sequential.deeds import Deed, deeds_of, end_of, writes_in
from tests.checker.literal import a, c, d, r, t, w


@pytest.mark.parametrize(
    ("operation", "deeds"),
    [
        (r(0, "s", "x=1", 0, 1), [Deed("find", "x", 1)]),
        (w(0, "s", "x=1", 0, 1), [Deed("write", "x", 1)]),
        (d(0, "s", "x", 0, 1), [Deed("write", "x", None)]),
        (d(0, "s", "x", 0, 1, version=3), [Deed("write", "x", None)]),
        (a(0, "s", "x=1", 0, 1), [Deed("append", "x", 1)]),
        (c(0, "s", "x=1>2", 0, 1), [Deed("find", "x", 1), Deed("write", "x", 2)]),
        (
            t(0, "s", "x=1 x:=2 y+=3 x=2", 0, 1),
            [Deed("find", "x", 1), Deed("write", "x", 2), Deed("append", "y", 3), Deed("find", "x", 2)],
        ),
        (t(0, "s", "", 0, 1), []),
    ],
)
def test_what_each_kind_of_operation_does(operation: Operation, deeds: list[Deed]) -> None:
    assert deeds_of(operation) == tuple(deeds)


@pytest.mark.parametrize("status", ["info", "fail"])
def test_what_an_operation_found_that_was_not_acknowledged_is_not_known(status: str) -> None:
    """A compare-and-set says what it expected."""
    assert deeds_of(r(0, "s", "x=1", 0, None, status=status)) == ()
    assert deeds_of(t(0, "s", "x=1 x:=2 y+=3", 0, None, status=status)) == (
        Deed("write", "x", 2),
        Deed("append", "y", 3),
    )
    assert deeds_of(c(0, "s", "x=1>2", 0, None, status=status)) == (
        Deed("find", "x", 1),
        Deed("write", "x", 2),
    )
    assert deeds_of(a(0, "s", "x=1", 0, None, status=status)) == (Deed("append", "x", 1),)


def test_until_when_an_operation_may_take_effect() -> None:
    assert end_of(w(0, "s", "x=1", 0, 10)) == 10
    assert end_of(w(0, "s", "x=1", 0, 10, status="info")) == FOREVER
    assert end_of(w(0, "s", "x=1", 0, None)) == FOREVER


def test_what_is_written_leaves_nothing_of_what_was_there() -> None:
    assert writes_in(deeds_of(t(0, "s", "x=1 x:=2 y+=3 z:=4", 0, 1))) == ["x", "z"]
    assert writes_in(deeds_of(c(0, "s", "x=1>2", 0, 1))) == ["x"]
    assert writes_in(deeds_of(d(0, "s", "x", 0, 1))) == ["x"]
