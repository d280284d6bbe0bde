"""Each rule of a history on columns of a few rows: what it lets pass, and the first row that it names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checker.history import rules
from checker.history.columns import CAS, FAIL, FOREVER, INFO, NOT_SAID, OK, READ, TXN, WRITE, BadRow
from checker.history.rules import check_indices, check_operations, closed_ends, session_order

A_WRITE, NO_KEY = (WRITE, 0, NOT_SAID), (WRITE, -1, NOT_SAID)


def ints(*numbers: int) -> Any:
    return np.array(numbers, dtype=np.int64)


def refused(rule: Any, *arguments: Any, **named: Any) -> tuple[int | None, str | None, str]:
    with pytest.raises(BadRow) as caught:
        rule(*arguments, **named)
    return caught.value.row, caught.value.field, caught.value.message


# --- indices


@pytest.mark.parametrize("index", [(), (7,), (1, 2, 9), (3, 1, 2), (5, -5, 0)])
def test_indices_may_come_in_any_order(index: tuple[int, ...]) -> None:
    check_indices(ints(*index))


@pytest.mark.parametrize(
    ("index", "row", "said"),
    [((4, 4), 1, 4), ((5, 3, 9, 3, 5), 3, 3), ((1, 9, 9, 1), 2, 9), ((1, 9, 9), 2, 9), ((0, 1) * 10, 2, 0)],
)
def test_the_first_index_that_comes_again_is_named(index: tuple[int, ...], row: int, said: int) -> None:
    assert refused(check_indices, ints(*index)) == (row, "index", f"duplicate index {said}")


# --- ends


def test_what_nobody_knows_of_has_no_end() -> None:
    end = closed_ends(ints(1, 5, 7), ints(4, 6, FOREVER), ints(OK, INFO, INFO))
    assert end.tolist() == [4, FOREVER, FOREVER]


def test_an_end_may_be_the_start() -> None:
    assert closed_ends(ints(3), ints(3), ints(FAIL)).tolist() == [3]


def test_the_first_end_before_its_start_is_named() -> None:
    found = refused(closed_ends, ints(1, 5, 9), ints(2, 4, 3), ints(OK, INFO, OK))
    assert found == (1, "end", "end 4 is before start 5")


def test_the_first_missing_end_is_named() -> None:
    found = refused(closed_ends, ints(1, 2, 3, 4), ints(*[FOREVER] * 4), ints(INFO, INFO, FAIL, OK))
    assert found == (2, "end", "status 'fail' needs an end")


# --- what each kind needs


def checked(*rows: tuple[int, int, int], transactions: Any = ()) -> None:
    kind, key, expected = (ints(*column) for column in zip(*rows, strict=True))
    check_operations(kind, key, expected, transactions=transactions)


def test_only_a_transaction_may_lack_a_key() -> None:
    checked(A_WRITE, (TXN, -1, NOT_SAID), (READ, 3, NOT_SAID))
    assert refused(checked, A_WRITE, (READ, -1, NOT_SAID), NO_KEY) == (1, "key", "a read needs a key")


def test_a_compare_and_set_says_what_it_expects() -> None:
    checked((CAS, 0, 0), (CAS, 0, 7), A_WRITE)
    blind = (CAS, 0, NOT_SAID)
    assert refused(checked, A_WRITE, (CAS, 0, 2), blind, blind) == (
        2,
        "expected",
        "a cas needs the expected value",
    )


@pytest.mark.parametrize(
    "ops", [[], (), [["r", "x", None]], (("w", "x", 1), ["append", "", {"a": [1]}]), [["r", "x", float(7)]]]
)
def test_what_a_transaction_may_do(ops: Any) -> None:
    checked((TXN, -1, NOT_SAID), transactions=[(0, ops)])


@pytest.mark.parametrize("ops", [None, "r", {"r": "x"}, 7])
def test_a_transaction_is_a_list(ops: Any) -> None:
    found = refused(checked, A_WRITE, transactions=[(5, [["r", "x", 1]]), (6, ops)])
    assert found == (6, "ops", "a txn needs a list of operations")


@pytest.mark.parametrize(
    "item",
    [
        "rx1",
        ["r", "x"],
        ["r", "x", 1, 2],
        ["read", "x", 1],
        [["r"], "x", 1],
        ["w", None, 1],
        ["w", 3, 1],
        {},
        None,
    ],
)
def test_each_part_of_a_transaction_says_what_it_does_to_which_key(item: Any) -> None:
    found = refused(checked, A_WRITE, transactions=[(6, [["r", "x", 1], item])])
    assert found == (6, "ops", f'{item!r} is not ["r" or "w" or "append", key, value]')


def test_the_values_of_a_transaction_are_json() -> None:
    found = refused(checked, A_WRITE, transactions=[(6, [["r", "x", 1], ["w", "x", float("nan")]])])
    assert found == (6, "ops", "nan is no JSON number")


# --- the order of sessions


def ordered(*rows: tuple[int, int, int], few: int = 256) -> list[int]:
    """The rows, each a session, a start and an end, in the order of their sessions."""
    session, start, end = (ints(*column) for column in zip(*rows, strict=True)) if rows else [ints()] * 3
    names = [f"s{number}" for number in range(int(session.max(initial=-1)) + 1)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rules, "_FEW", few)
        found: list[int] = session_order(session, start, end, names).tolist()
    return found


@pytest.mark.parametrize("few", [0, 256])
def test_rows_stand_session_by_session_in_the_order_of_time(few: int) -> None:
    assert ordered(few=few) == []
    assert ordered((0, 5, 6), few=few) == [0]
    assert ordered((1, 0, 1), (0, 2, 3), (1, 4, 5), (0, 6, 7), few=few) == [1, 3, 0, 2]
    assert ordered((0, 6, 7), (1, 4, 5), (0, 2, 3), (1, 0, 1), few=few) == [2, 0, 3, 1]
    assert ordered((0, 0, 1), (1, 6, 7), (0, 4, 5), (1, 2, 3), few=few) == [0, 2, 3, 1]


@pytest.mark.parametrize("few", [0, 256])
def test_open_operations_that_started_at_one_moment_keep_their_order(few: int) -> None:
    """They do not overlap anybody, so nothing else says which one came first."""
    alike = [(row % 2, 0, FOREVER) for row in range(100)]
    assert ordered(*alike, few=few) == [*range(0, 100, 2), *range(1, 100, 2)]
    assert ordered((0, 5, 6), *alike, few=few) == [*range(1, 101, 2), 0, *range(2, 101, 2)]


def test_sessions_beyond_sixteen_bits_stand_in_their_order() -> None:
    many = [(number, 0, 1) for number in (1 << 16, 3, (1 << 16) + 3, 0)]
    assert ordered(*many, few=0) == ordered(*many) == [3, 1, 0, 2]
    odd = [((row % 2 << 16) + row % 50, 0, FOREVER) for row in range(100)]
    assert ordered(*odd, few=0) == ordered(*odd) == sorted(range(100), key=lambda row: (odd[row], row))
    late = [(session, 10 - session % 7, 11) for session, _, _ in many]
    assert ordered(*late, few=0) == ordered(*late) == [3, 1, 0, 2]


OVERLAPS = "overlaps an earlier operation of session 's1'"


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([(0, 1, 9), (1, 1, 9), (1, 8, 12)], 2),
        ([(0, 1, 9), (1, 1, 9), (1, 9, 12)], 2),
        ([(1, 8, 12), (0, 1, 9), (1, 1, 9)], 0),
        ([(0, 1, 2), (1, 1, 9), (1, 10, 20), (1, 15, 30), (1, 25, 40)], 3),
        # What never returned overlaps nobody, but must not begin too early either.
        ([(0, 1, 2), (1, 1, 9), (1, 9, FOREVER), (1, 12, 13)], 2),
        ([(1, 1, FOREVER), (1, 2, 9), (1, 10, FOREVER), (1, 11, 12), (1, 12, 14)], 4),
        ([(1, 12, 13), (1, 2, FOREVER), (1, 11, 12), (0, 50, FOREVER)], 0),
    ],
)
@pytest.mark.parametrize("few", [0, 256])
def test_operations_of_one_session_may_not_overlap_or_touch(
    rows: list[tuple[int, int, int]], row: int, few: int
) -> None:
    assert refused(ordered, *rows, few=few) == (row, "start", OVERLAPS)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 1, 9), (1, 8, 12), (0, 10, 30)],
        [(0, 1, 9), (1, 5, FOREVER), (1, 5, FOREVER), (1, 5, 9)],
        [(1, 1, FOREVER), (1, 2, 9), (0, 3, FOREVER), (0, 20, 21), (1, 10, 12)],
        [(0, 20, 30), (0, 31, FOREVER), (1, 1, 2), (1, 3, FOREVER)],
    ],
)
def test_sessions_may_overlap_and_what_never_returned_overlaps_nobody(
    rows: list[tuple[int, int, int]],
) -> None:
    assert sorted(ordered(*rows)) == list(range(len(rows)))
