"""The shortest way back along causal order and the order of places."""

from __future__ import annotations

from typing import Any

import numpy as np

from checker import History, Operation
from checker.graph.paths import Paths, by_place
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w


def shortest(one: History, start: int, end: int, *, versions: bool) -> tuple[int, ...]:
    return Paths(Prepared(one), versions=versions).shortest(np.array([start]), end)


def test_writes_stand_by_key_and_place_and_twins_share_a_number() -> None:
    """Key z has a place that does not count, because an acknowledged write has none."""
    one = history(
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "b", "x=2", 0, 5, position=1),
        w(2, "c", "x=3", 0, 5, position=2),
        w(3, "d", "y=1", 0, 5, position=2),
        w(4, "e", "y=2", 0, 5, position=1),
        w(5, "f", "y=3", 0, 5, position=2),
        w(6, "g", "z=1", 0, 5, position=1),
        w(7, "h", "z=2", 0, 5),
        w(8, "i", "v=1", 0, 5, position=1),
    )
    rows, first = by_place(Prepared(one))
    assert rows.tolist() == [0, 1, 2, 4, 3, 5, 8]
    assert first.tolist() == [0, 0, 2, 3, 4, 4, 6]


def test_a_way_goes_by_the_order_of_places_only_if_asked_to() -> None:
    one = history(
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "b", "x=2", 0, 5, position=2),
        r(2, "c", "x=2", 10, 15),
    )
    assert shortest(one, 0, 2, versions=True) == (0, 1, 2)
    assert shortest(one, 0, 2, versions=False) == ()


def test_no_write_precedes_a_read_by_its_place() -> None:
    one = history(w(0, "a", "x=1", 0, 5, position=1), r(1, "b", "x=null", 10, 15))
    assert shortest(one, 0, 1, versions=True) == ()


def test_a_circle_on_the_way_is_gone_round_once() -> None:
    one = history(w(0, "a", "y=1", 0, 5), c(1, "b", "x=2>1", 0, 10), c(2, "c", "x=1>2", 5, 15))
    assert shortest(one, 1, 1, versions=False) == (1, 2, 1)
    assert shortest(one, 0, 1, versions=False) == ()


def test_a_session_that_is_reached_twice_leads_into_no_other() -> None:
    """By operation 2 its session is reached up to 1, and by 4, on a longer way, up to 3."""
    one = history(
        w(0, "p", "q=1", 0, 5),
        w(1, "a", "v=1", 0, 5),
        w(2, "a", "x=1", 10, 15),
        w(3, "a", "y=1", 20, 25),
        w(4, "a", "z=1", 30, 35),
        r(5, "d", "z=1", 40, 45),
        w(6, "d", "u=1", 50, 55),
        r(7, "c", "u=1", 60, 65),
        r(8, "c", "x=1", 70, 75),
    )
    assert shortest(one, 3, 8, versions=False) == (3, 4, 5, 6, 7, 8)
    assert shortest(one, 0, 8, versions=False) == ()


def transaction(index: int, session: str, start: int, *ops: list[Any]) -> Operation:
    return Operation(
        index=index, session=session, op="txn", ops=list(ops), start=start, end=start + 10, status="ok"
    )


def test_no_part_of_a_transaction_precedes_another() -> None:
    one = history(
        w(0, "a", "x=1", 0, 10),
        transaction(1, "b", 0, ["w", "z", 1]),
        transaction(2, "b", 20, ["r", "x", 1], ["w", "y", 1], ["w", "z", 2]),
        r(3, "c", "z=2", 40, 50),
    )
    prepared = Prepared(one)
    assert prepared.operation_of.tolist() == [0, 1, 2, 2, 2, 3]
    assert shortest(one, 3, 4, versions=False) == ()
    assert shortest(one, 1, 4, versions=False) == (1, 2, 4)
    assert shortest(one, 0, 5, versions=False) == (0, 2, 4, 5)
