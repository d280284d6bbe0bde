"""What came before each row in its group: rows 2 and 0 are one, 3, 1 and 4 another; group 1 is empty."""

from __future__ import annotations

import numpy as np

from checker.orders.groups import count_before, highest_before, last_upto, ranges

ORDER = np.array([2, 0, 3, 1, 4])
GROUP = np.array([0, 2, 0, 2, 2])
NOTHING = np.zeros(0, dtype=np.int64)


def test_what_counts_before_each_row() -> None:
    assert count_before(ORDER, GROUP, np.array([True, True, True, False, True])).tolist() == [1, 0, 0, 0, 1]


def test_the_last_number_up_to_each_row() -> None:
    assert last_upto(ORDER, GROUP, np.array([0, 7, 5, 0, 0])).tolist() == [5, 7, 5, 0, 7]


def test_the_highest_value_before_each_row() -> None:
    assert highest_before(ORDER, GROUP, np.array([9, 4, 3, 6, 8])).tolist() == [3, 6, -1, -1, 6]
    assert highest_before(ORDER, GROUP, np.array([-1, 4, -1, 0, 8])).tolist() == [-1, 0, -1, -1, 4]
    assert highest_before(ORDER, GROUP, np.full(5, -1)).tolist() == [-1] * 5


def test_where_there_are_no_rows_nothing_came_before() -> None:
    for found in (
        count_before(NOTHING, NOTHING, NOTHING.astype(np.bool_)),
        last_upto(NOTHING, NOTHING, NOTHING),
        highest_before(NOTHING, NOTHING, NOTHING),
        ranges(NOTHING, NOTHING),
    ):
        assert found.tolist() == []


def test_ranges_follow_one_another() -> None:
    assert ranges(np.array([3, 7, 1]), np.array([5, 7, 4])).tolist() == [3, 4, 1, 2, 3]
