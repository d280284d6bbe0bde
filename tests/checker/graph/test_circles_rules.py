"""Where operations lead round in circles, and where no number has to be given to see that they do not."""

from __future__ import annotations

from typing import Any

import pytest

from checker import History, Operation
from checker.graph.circles import circles
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w

CIRCLE = (w(90, "y", "o=1", 0, 5, position=9), w(91, "y", "o=2", 10, 15, position=8))
"""A circle of its own, so that circles are looked for."""


def found(one: History) -> list[list[int]]:
    """Return the circles by the indices of their operations."""
    prepared = Prepared(one)
    index = prepared.columns.index
    return [index[circle].tolist() for circle in circles(prepared)]


def transaction(index: int, session: str, start: int, *ops: list[Any], **fields: Any) -> Operation:
    return Operation(
        index=index,
        session=session,
        op="txn",
        ops=list(ops),
        start=start,
        end=start + 10,
        status="ok",
        **fields,
    )


def test_two_writes_at_one_place_are_in_no_order() -> None:
    twins = (w(0, "a", "x=1", 20, 25, position=1), w(1, "a", "x=2", 0, 5, position=1))
    assert found(history(*twins, *CIRCLE)) == [[90, 91]]


def test_every_write_of_a_place_leads_to_every_one_of_the_next() -> None:
    """Operations 0 and 1 lead to 2 and 3 by their places, and 3 to 1 by its session."""
    one = history(
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "b", "x=2", 20, 25, position=1),
        w(2, "c", "x=3", 0, 5, position=2),
        w(3, "b", "x=4", 0, 5, position=2),
        *CIRCLE,
    )
    assert found(one) == [[1, 3], [90, 91]]


def test_a_key_leads_into_no_other_and_from_its_last_place_nowhere() -> None:
    one = history(
        w(0, "a", "x=1", 20, 25, position=1),
        w(1, "b", "x=2", 20, 25, position=2),
        w(2, "a", "z=1", 0, 5, position=1),
        w(3, "b", "z=2", 0, 5, position=2),
        *CIRCLE,
    )
    assert found(one) == [[90, 91]]


def test_places_of_a_key_that_has_a_write_without_one_do_not_count() -> None:
    one = history(
        w(0, "a", "x=1", 0, 5, position=2),
        w(1, "a", "x=2", 10, 15, position=1),
        w(2, "b", "x=3", 0, 5),
        *CIRCLE,
    )
    assert found(one) == [[90, 91]]


def test_what_failed_is_in_no_circle() -> None:
    """By operation 1, if it counted, 2 would follow 0, which has a higher place."""
    one = history(
        w(0, "a", "x=1", 0, 5, position=2),
        w(1, "a", "x=3", 10, 15, position=1, status="fail"),
        w(2, "b", "x=2", 20, 25, position=1),
        *CIRCLE,
    )
    assert found(one) == [[90, 91]]


def test_an_open_write_leads_on_by_its_readers_alone() -> None:
    """Operation 1 precedes nothing in its session, but 0, of a lower place, by way of its reader."""
    one = history(
        w(0, "c", "x=1", 40, 45, position=1),
        w(1, "a", "x=2", 0, None, position=2),
        r(2, "c", "x=2", 20, 25),
    )
    assert found(one) == [[0, 1, 2]]
    assert found(history(*one.operations, w(3, "a", "x=3", 10, 15, position=1))) == [[0, 1, 2]]


def test_a_circle_may_go_by_a_key_without_places() -> None:
    one = history(
        w(0, "a", "x=1", 0, 5, position=2),
        w(1, "a", "z=1", 10, 15),
        r(2, "b", "z=1", 20, 25),
        w(3, "b", "x=2", 30, 35, position=1),
    )
    assert found(one) == [[0, 1, 2, 3]]


def test_a_transaction_is_one_operation() -> None:
    """It read what came after its own write, and wrote what was read before."""
    one = history(
        transaction(0, "a", 0, ["r", "u", 1], ["w", "v", 1]),
        transaction(1, "b", 5, ["r", "v", 1], ["w", "u", 1]),
        transaction(2, "c", 0, ["w", "p", 1], ["r", "q", None]),
        transaction(3, "d", 0, ["r", "p", 1], ["w", "q", 1]),
    )
    prepared = Prepared(one)
    (circle,) = circles(prepared)
    assert sorted(set(prepared.columns.index[circle].tolist())) == [0, 1]


def test_a_transaction_stands_at_one_place_among_others() -> None:
    """Each appended before the other by one list; part by part there would be no circle."""
    one = history(
        transaction(0, "a", 0, ["append", "u", 1], ["append", "v", 2]),
        transaction(1, "b", 0, ["append", "u", 2], ["append", "v", 1]),
        r(2, "c", "u=[1,2]", 20, 25),
        r(3, "d", "v=[1,2]", 20, 25),
    )
    prepared = Prepared(one)
    assert not prepared.causality.cyclic
    assert [sorted(set(prepared.columns.index[row].tolist())) for row in circles(prepared)] == [[0, 1]]


def test_a_transaction_is_one_step_of_its_session() -> None:
    one = history(
        transaction(0, "y", 0, ["w", "p", 1], ["w", "q", 1], ["w", "u", 1]),
        w(1, "y", "o=1", 20, 25, position=9),
        w(2, "y", "o=2", 30, 35, position=8),
    )
    prepared = Prepared(one)
    assert [prepared.columns.index[row].tolist() for row in circles(prepared)] == [[1, 2]]


def test_what_failed_is_no_step_beside_transactions() -> None:
    one = history(
        w(0, "y", "p=1", 0, 5, status="fail"),
        w(1, "y", "o=1", 20, 25, position=9),
        w(2, "y", "o=2", 30, 35, position=8),
        transaction(3, "z", 0, ["w", "u", 1]),
    )
    assert found(one) == [[1, 2]]


def test_circles_are_told_by_their_first_operations() -> None:
    one = history(
        w(0, "a", "x=1", 0, 5, position=2),
        w(1, "b", "z=1", 0, 5, position=2),
        w(2, "b", "z=2", 10, 15, position=1),
        w(3, "a", "x=2", 10, 15, position=1),
    )
    assert found(one) == [[0, 3], [1, 2]]


def test_a_history_keeps_its_times() -> None:
    """Operation 1 takes effect at 20 at the earliest, whatever its start says."""
    one = history(w(0, "a", "x=1", 20, 25, position=1), w(1, "b", "x=2", 0, 30, position=2))
    assert found(one) == []
    assert one.columns.start.tolist() == [20, 0]


@pytest.mark.parametrize("last", [2, 3, 60])
def test_a_circle_may_be_long(last: int) -> None:
    """Each session writes a key after the next one's; the last one closes the circle."""
    rows = []
    for at in range(last):
        rows.append(w(2 * at, f"s{at}", f"k{at}={at}", 0, 5, position=1))
        rows.append(w(2 * at + 1, f"s{at}", f"k{(at + 1) % last}={at + last}", 10, 15, position=2))
    assert found(history(*rows)) == []
    turned = [row if row.index % 2 else _above(row) for row in rows]
    assert found(history(*turned)) == [list(range(2 * last))]


def _above(row: Operation) -> Operation:
    text = f"{row.key}={row.value}"
    return w(row.index, row.session, text, 0, 5, position=3)


def test_a_swap_may_climb_at_one_moment() -> None:
    """All of these can take effect at 20, one after the other, and the places say in which order."""
    one = history(
        w(0, "a", "x=1", 20, 25, position=1),
        c(1, "b", "x=1>2", 0, 20, position=2),
        c(2, "c", "x=2>3", 0, 20, position=3),
    )
    assert found(one) == []
    turned = history(
        w(0, "a", "x=1", 20, 25, position=2),
        c(1, "b", "x=1>2", 0, 20, position=1),
    )
    assert found(turned) == [[0, 1]]
