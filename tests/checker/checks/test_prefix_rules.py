"""What a session knows from its reads, and when that is too much to hold."""

from __future__ import annotations

import pytest

from checker import History, Operation, Verdict, check
from checker.checks.prefix import consistent_prefix
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from tests.checker.literal import history, r, w

NOTHING_YET = (
    history(
        r(0, "a", "x=null", 0, 10),
        r(1, "a", "y=1", 40, 50),
        w(2, "b", "x=1", 0, 10),
        w(3, "b", "y=1", 20, 30),
        r(4, "a", "x=1", 60, 70),
    ),
    history(
        r(0, "a", "x=null", 0, 10),
        w(1, "b", "x=1", 0, 10),
        w(2, "b", "y=1", 20, 30),
        r(3, "a", "x=1", 60, 70),
        r(4, "a", "y=1", 40, 50),
    ),
)


def judged(one: History) -> Verdict:
    return check(one, ["consistent-prefix"]).guarantees["consistent-prefix"]


@pytest.mark.parametrize("one", NOTHING_YET)
def test_the_first_read_knows_of_nothing_that_comes_later(one: History) -> None:
    assert (judged(one).verdict, judged(one).judged) == ("holds", 1)


def test_what_an_ambiguous_read_implies_stays_within_its_session() -> None:
    """Either writer of y knew of x=1, those of u knew of nothing."""
    one = history(
        r(0, "a", "y=1", 40, 50),
        r(1, "a", "z=null", 60, 70),
        r(2, "b", "u=1", 40, 50),
        r(3, "b", "x=null", 60, 70),
        w(4, "p", "x=1", 0, 5),
        w(5, "p", "y=1", 10, 15),
        r(6, "q", "x=1", 10, 15),
        w(7, "q", "y=1", 20, 25),
        w(8, "s", "u=1", 0, 5),
        w(9, "t", "u=1", 0, 5),
    )
    assert (judged(one).judged, judged(one).ambiguous) == (0, 0)
    known = history(*one.operations, r(10, "a", "x=null", 80, 90))
    assert (judged(known).judged, judged(known).ambiguous) == (0, 1)


def test_two_writes_are_enough_for_a_cause_and_its_effect() -> None:
    broken = history(
        w(0, "b", "x=1", 0, 10),
        w(1, "b", "y=1", 20, 30),
        r(2, "a", "y=1", 40, 50),
        r(3, "a", "x=null", 60, 70),
    )
    assert [found.operations for found in judged(broken).violations] == [(0, 2, 3)]


def test_the_effect_may_be_listed_first() -> None:
    one = history(
        w(0, "b", "y=1", 20, 30),
        w(1, "b", "x=1", 0, 10),
        r(2, "a", "y=1", 40, 50),
        r(3, "a", "x=null", 60, 70),
    )
    assert [found.operations for found in judged(one).violations] == [(1, 2, 3)]


def test_the_effect_was_read_by_an_earlier_operation() -> None:
    """The transaction read an effect, too, but that is no pair with what it read itself."""
    ops: list[list[object]] = [["r", "z", 1], ["r", "x", None]]
    one = history(
        w(0, "a", "x=1", 0, 5),
        w(1, "a", "y=1", 10, 15),
        w(2, "a", "z=1", 20, 25),
        r(3, "t", "y=1", 30, 35),
        Operation(index=4, session="t", op="txn", ops=ops, start=40, end=50, status="ok"),
    )
    assert [found.operations for found in judged(one).violations] == [(0, 3, 4)]


def test_the_clocks_of_reads_are_counted_with_those_of_operations() -> None:
    """Four of operations, the empty one counted, and two of earlier reads, each of two numbers of 4 bytes."""
    prepared = Prepared(
        history(
            w(0, "b", "x=1", 0, 10),
            w(1, "b", "y=1", 20, 30),
            r(2, "a", "y=1", 40, 50),
            r(3, "a", "x=1", 60, 70),
            r(4, "a", "x=1", 80, 90),
        )
    )
    prepared.memory_limit = 4 * (4 + 2) * 2
    assert consistent_prefix(prepared, 1).judged == 2
    prepared.memory_limit -= 1
    with pytest.raises(OutOfBudget, match=r"^the vector clocks need too much memory$"):
        consistent_prefix(prepared, 1)
