"""Operations in memory become columns: what each field becomes, and the first row that cannot."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from checker import Header, History, HistoryError, Operation
from checker.history.building import checked_integers, checked_positions
from checker.history.columns import LIMIT, BadRow, Columns

FIELDS: dict[str, Any] = {"op": "write", "key": "x", "value": 1, "start": 5, "end": 9, "status": "ok"}


def columns_of(*rows: dict[str, Any], one_log: bool = False) -> Columns:
    """The columns of writes that differ from one another in these fields, each of a session of its own."""
    operations = [
        Operation(**{"index": row, "session": f"s{row}", **FIELDS, **fields})
        for row, fields in enumerate(rows)
    ]
    return History.from_operations(operations, header=Header(one_log=one_log)).columns


def refused(*rows: dict[str, Any]) -> tuple[int | None, str | None, str]:
    """The row, the field and the message."""
    with pytest.raises(HistoryError) as caught:
        columns_of(*rows)
    assert caught.value.line is not None
    return caught.value.line - 2, caught.value.field, caught.value.message


# --- numbers


def test_numbers_stay_within_62_bits() -> None:
    assert checked_integers([], "start") == []
    assert checked_integers([0, LIMIT - 1, 1 - LIMIT], "start") == [0, LIMIT - 1, 1 - LIMIT]


@pytest.mark.parametrize("beyond", [LIMIT, -LIMIT, 2**63, -(2**70)])
@pytest.mark.parametrize("field", ["index", "start", "end"])
def test_the_first_number_beyond_them_is_named(beyond: int, field: str) -> None:
    for fields in ({field: beyond}, {field: beyond, "status": "info"}):
        found = refused({}, fields, {field: 2**80})
        assert found == (1, field, f"{beyond} is beyond 62 bits")


@pytest.mark.parametrize("beyond", [LIMIT, -LIMIT])
def test_one_number_beyond_them_is_enough(beyond: int) -> None:
    with pytest.raises(BadRow) as caught:
        checked_integers([0, beyond], "start")
    assert (caught.value.row, caught.value.message) == (1, f"{beyond} is beyond 62 bits")


@pytest.mark.parametrize("field", ["index", "start", "end"])
@pytest.mark.parametrize("odd", [True, 1.0, "1"])
def test_the_first_that_is_no_number_is_named(odd: Any, field: str) -> None:
    assert refused({}, {field: odd}, {field: 1.5}) == (1, field, f"{odd!r} is no integer")


def test_what_has_no_end_ends_never() -> None:
    open_ = {"end": None, "status": "info"}
    assert columns_of({}, open_, {"end": 7}).end.tolist() == [9, 2**63 - 1, 7]


def test_the_last_end_that_there_can_be_is_one() -> None:
    assert columns_of({"end": 2**62 - 1}).end.tolist() == [2**62 - 1]


# --- words and names


@pytest.mark.parametrize(("field", "odd"), [("op", "swap"), ("status", None), ("phase", ["main"]), ("op", 7)])
def test_the_first_word_that_is_none_is_named(field: str, odd: Any) -> None:
    assert refused({}, {field: odd}, {field: "?"}) == (1, field, f"unknown {field} {odd!r}")


@pytest.mark.parametrize(("field", "odd"), [("session", None), ("session", 3), ("key", 3), ("node", b"n")])
def test_the_first_name_that_is_none_is_named(field: str, odd: Any) -> None:
    assert refused({"node": None}, {field: odd}, {field: 4.5}) == (1, field, f"{odd!r} is no string")


def test_a_name_that_may_be_absent_is_none() -> None:
    assert refused({"node": None}, {"node": "n1"}, {"node": 3}) == (2, "node", "3 is no string")


def test_names_are_numbered_as_they_appear_and_what_has_none_is_of_none() -> None:
    transaction: dict[str, Any] = {"op": "txn", "key": None, "ops": []}
    columns = columns_of(
        {"key": "b"},
        transaction,
        {"key": "a", "node": "n"},
        {"key": "b", "session": "s0", "start": 20, "end": 21},
    )
    assert (columns.key.tolist(), columns.key_names) == ([0, -1, 1, 0], ["b", "a"])
    assert (columns.node.tolist(), columns.node_names) == ([-1, -1, 0, -1], ["n"])
    assert (columns.session.tolist(), columns.session_count) == ([0, 1, 2, 0], 3)


# --- values


def test_values_are_numbered_and_a_delete_is_of_null() -> None:
    swap = {"op": "cas", "expected": 2, "value": 1.0}
    columns = columns_of(
        {}, {"value": None}, {"op": "delete", "value": 7}, swap, {"op": "cas", "expected": None}
    )
    assert columns.value.tolist() == [1, 0, 0, 1, 1]
    assert columns.expected.tolist() == [-1, -1, -1, 3, 0]
    assert columns.value_count == 4


@pytest.mark.parametrize("field", ["value", "expected"])
def test_the_first_value_that_is_none_is_named(field: str) -> None:
    odd = {field: b"x"}
    assert refused({}, odd, {field: float("nan")}) == (1, field, "bytes is no JSON value")


# --- positions


def test_positions_may_be_lists_or_tuples() -> None:
    mixed = columns_of({"position": [1, 4]}, {"position": (1, 3)}, {"op": "read", "version": [1, 4]})
    assert (mixed.place.tolist(), mixed.version.tolist()) == ([2, 1, -1], [-1, -1, 2])
    assert mixed.positions == [(1, 3), (1, 4)]
    assert checked_positions([3, None, UNSET, [2], (1,)], "position") == [3, None, UNSET, (2,), (1,)]
    assert checked_positions([(1, 2), 5, None], "position") == [(1, 2), 5, None]


@pytest.mark.parametrize("odd", [(), [], (1, 2.5), [True], ["1"]])
@pytest.mark.parametrize("before", [(1, 2), [1], 5, None, UNSET])
def test_the_first_list_that_is_none_of_integers_is_named(before: Any, odd: Any) -> None:
    with pytest.raises(BadRow) as caught:
        checked_positions([before, odd, "4"], "version")
    assert (caught.value.row, caught.value.field) == (1, "version")
    assert caught.value.message == f"{odd!r} is no list of integers"


@pytest.mark.parametrize("odd", [(), (1, 2.5)])
def test_one_list_that_is_none_of_integers_is_enough(odd: Any) -> None:
    with pytest.raises(BadRow, match="is no list of integers"):
        checked_positions([(1, 2), odd], "version")


@pytest.mark.parametrize("odd", ["4", 1.5, True, {}])
@pytest.mark.parametrize("before", [(1, 2), [1], 5, None, UNSET])
def test_the_first_that_is_no_position_at_all_is_named(before: Any, odd: Any) -> None:
    with pytest.raises(BadRow) as caught:
        checked_positions([before, odd, ()], "position")
    assert (caught.value.row, caught.value.field) == (1, "position")
    assert caught.value.message == f"{odd!r} is neither an integer nor a list of integers"
