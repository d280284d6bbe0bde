"""The quick orders are the plain ones, at the sizes where they go about it differently."""

from __future__ import annotations

import numpy as np
import pytest

from checker import Header, History, Operation
from checker.orders.ordering import Timeline, order_by_number
from checker.prepared import Prepared


@pytest.mark.parametrize("rows", [1_999, 2_000, 2_001])
@pytest.mark.parametrize("count", [1, 65_535, 65_536, 65_537, 70_000, 131_073, 2**32, 2**32 + 1])
def test_order_by_number_is_the_stable_order(rows: int, count: int) -> None:
    numbers = np.random.default_rng(count).integers(0, count, rows)
    numbers[::7] = count - 1
    numbers[::11] = 0
    numbers[::13] = min(count - 1, 65_535)
    assert order_by_number(numbers, count).tolist() == numbers.argsort(kind="stable").tolist()


def test_rows_stand_by_session_and_key_in_the_order_of_time() -> None:
    """There are more groups of a session and a key than 16 bits can number."""
    sessions, keys, rows = 331, 199, 2_100
    operations = [
        Operation(
            index=row,
            session=f"s{row * 7 % sessions}",
            op="write",
            key=f"k{row * 11 % keys}",
            value=row,
            start=10 * row,
            end=10 * row + 5,
            status="ok",
        )
        for row in range(rows)
    ]
    prepared = Prepared(History.from_operations(operations, header=Header()))
    order, group = prepared.by_session_key
    columns = prepared.columns
    expected = np.lexsort((columns.start, columns.key, columns.session))
    assert order.tolist() == expected.tolist()
    same = (np.diff(columns.session[order]) == 0) & (np.diff(columns.key[order]) == 0)
    assert ((np.diff(group) == 0) == same).all()


def test_what_ended_of_one_key_says_nothing_of_the_next_however_tight_the_width() -> None:
    """A row that ends at the very moment had not ended before it."""
    ended = Timeline(
        np.array([1, 5]),
        np.array([0, 0]),
        times=np.array([1, 2, 6, 6]),
        keys=np.array([0, 0, 0, 1]),
        key_count=2,
    )
    assert ended.newest(np.array([1, 0]), width=2).tolist() == [-1, 1, 1, -1]
    assert ended.oldest(np.array([1, 0]), width=2).tolist() == [2, 1, 0, 2]
