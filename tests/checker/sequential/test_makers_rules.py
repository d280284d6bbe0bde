"""Who may have made what an operation found, among operations on several keys."""

from __future__ import annotations

from collections.abc import Container

import pytest

from checker import Operation
from checker.sequential.deeds import deeds_of
from checker.sequential.makers import Maker, Makers
from tests.checker.literal import a, c, d, r, t, w


def makers(*operations: Operation, complete: Container[str] = ()) -> list[Maker]:
    """Who may have made what the last of these found."""
    return Makers(operations, range(len(operations)), complete=complete).of(len(operations) - 1)


def test_each_key_has_makers_of_its_own() -> None:
    writers = (t(0, "s", "x:=1 y:=2", 0, 10), w(1, "s", "y=1", 20, 30), w(2, "s", "x=2", 20, 30))
    assert makers(*writers, t(3, "s", "x=1 y=1 x=2 z=1", 40, 50)) == [("x", 0), ("y", 1), ("x", 2)]


def test_a_transaction_may_have_found_what_it_wrote() -> None:
    assert makers(w(0, "s", "x=1", 0, 10), t(1, "s", "x:=1 x=1", 20, 30)) == [("x", 0), ("x", 1)]


def test_nobody_is_missed_in_keys_that_are_complete() -> None:
    appends = (t(0, "s", "x+=1 y+=1", 0, 10), t(1, "s", "x=[1] y=[1]", 20, 30))
    assert makers(*appends) == [("x", 0), ("y", 0)]
    assert makers(*appends, complete=["x"]) == [("y", 0)]


def test_makers_are_looked_for_among_those_that_count() -> None:
    one = (w(0, "s", "x=1", 0, 10), w(1, "s", "x=1", 0, 10), r(2, "s", "x=1", 20, 30))
    found = Makers(one, [1, 2], complete=())
    assert found.of(2) == [("x", 1)]
    assert found.of(2) is found.of(2)
    assert found.deeds == [deeds_of(operation) for operation in one]


@pytest.mark.parametrize(("start", "found"), [(30, [("x", 0)]), (31, [])])
def test_a_maker_started_before_its_reader_had_ended(start: int, found: list[Maker]) -> None:
    assert makers(w(0, "s", "x=1", start, 40), r(1, "s", "x=1", 20, 30)) == found
    assert makers(w(0, "s", "x=1", start, 40), c(1, "s", "x=1>2", 20, None)) == [("x", 0)]


def test_where_nothing_can_refuse_an_append_has_no_makers() -> None:
    """A number can: to that of another key nothing needs to be appended."""
    lists = (t(0, "s", "x:=[1] y:=7", 0, 10), a(1, "s", "x=1", 0, 10))
    assert makers(*lists, a(2, "s", "x=2", 20, 30)) == []
    assert makers(*lists, t(2, "s", "x+=2 y+=1", 20, 30)) == []
    assert makers(*lists, w(2, "s", "y=null", 0, 10), t(3, "s", "x+=2 y+=1", 20, 30)) == [("y", 2)]


def test_what_grows_is_known_from_all_operations() -> None:
    """Also from those among which no maker is looked for."""
    one = (a(0, "s", 'x="a"', 0, 10), r(1, "s", 'x="a"', 20, 30), a(2, "s", "y=1", 40, 50))
    assert Makers(one, [1], complete=()).growing == {"x": "strings", "y": "lists"}
    grown = (w(0, "s", "x=[1]", 0, 10), r(1, "s", "x=[1,2]", 20, 30), a(2, "s", "x=2", 40, 50))
    assert Makers(grown, [0, 1], complete=()).of(1) == [("x", 0)]
    assert Makers(grown[:2], [0, 1], complete=()).of(1) == []


def test_what_is_known_to_have_been_written_has_its_writers_for_makers() -> None:
    one = (
        w(0, "s", 'x="p"', 0, 10),
        w(1, "t", 'x="pa"', 0, 10),
        w(2, "u", 'x="p"', 0, 10),
        a(3, "v", 'x="p"', 0, 10),
        w(4, "w", 'x="p"', 51, 60),
        r(5, "x", 'x="pap"', 40, 50),
        r(6, "y", 'x="pap"', 40, 50),
    )
    found = Makers(one, range(len(one)), written={5: "p"})
    assert found.of(5) == [("x", 0), ("x", 2)]
    assert found.of(6) == [("x", 0), ("x", 1), ("x", 2), ("x", 3)]
    assert Makers(one, range(len(one)), written={5: "q"}).of(5) == []


def test_an_empty_list_is_written_by_who_left_nothing() -> None:
    lists = (w(0, "s", "x=[]", 0, 10), d(1, "s", "x", 0, 10), a(2, "s", "x=null", 0, 10))
    assert Makers([*lists, r(3, "t", "x=[7]", 20, 30)], range(4), written={3: None}).of(3) == [
        ("x", 0),
        ("x", 1),
    ]


def test_makers_have_makers() -> None:
    """Operation 0 wrote what 1 replaced, and 3 replaced what 1 had left."""
    one = [
        w(0, "a", "x=1", 0, 10),
        c(1, "a", "x=1>2", 20, 30),
        w(2, "d", "y=7", 0, 1),
        c(3, "b", "x=2>3", 40, 50),
        r(4, "c", "x=3", 60, 70),
        r(5, "c", "x=9", 80, 90),
    ]
    found = Makers(one, range(len(one)))
    assert found.closed([4]) == {0, 1, 3, 4}
    assert found.closed([3, 5]) == {0, 1, 3, 5}
    assert found.closed([]) == set()
    circle = [c(0, "a", "x=1>2", 0, 10), c(1, "b", "x=2>1", 0, 10)]
    assert Makers(circle, range(2)).closed([0]) == {0, 1}
