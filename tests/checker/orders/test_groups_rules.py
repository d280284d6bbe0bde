"""What came before each row in its group, and nothing of the group before."""

from __future__ import annotations

import numpy as np

from checker.orders.groups import count_before, highest_before, last_upto, ranges

ORDER = np.array([5, 1, 4, 0, 2, 3])
GROUP = np.array([1, 0, 1, 3, 1, 0])
"""Rows 5 and 1 in group 0, rows 4, 0 and 2 in group 1, none in group 2, row 3 in group 3."""


def test_rows_are_counted_that_come_before_in_the_group() -> None:
    counts = np.array([True, True, True, True, False, True])
    assert count_before(ORDER, GROUP, counts).tolist() == [0, 1, 1, 0, 0, 0]
    assert count_before(ORDER, GROUP, ~counts).tolist() == [1, 0, 1, 0, 0, 0]


def test_the_last_number_up_to_a_row_is_its_own_if_it_has_one() -> None:
    number = np.array([0, 7, 1, 0, 3, 0])
    assert last_upto(ORDER, GROUP, number).tolist() == [3, 7, 1, 0, 3, 0]
    assert last_upto(ORDER, GROUP, np.array([0, 0, 0, 2, 0, 4])).tolist() == [0, 4, 0, 2, 0, 4]


def test_the_highest_value_before_a_row_is_not_its_own() -> None:
    value = np.array([4, 0, 1, 3, -1, 2])
    assert highest_before(ORDER, GROUP, value).tolist() == [-1, 2, 4, -1, -1, -1]
    assert highest_before(ORDER, GROUP, np.array([-1, 5, 5, 5, 0, 0])).tolist() == [0, 0, 0, -1, -1, -1]
    assert highest_before(ORDER, GROUP, np.full(6, -1)).tolist() == [-1] * 6


def test_there_may_be_no_rows() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    for what in (count_before, last_upto, highest_before):
        assert what(nothing, nothing, nothing).tolist() == []


def test_ranges_follow_one_another() -> None:
    assert ranges(np.array([3, 7, 10]), np.array([5, 7, 12])).tolist() == [3, 4, 10, 11]
    assert ranges(np.array([10, 3]), np.array([12, 5])).tolist() == [10, 11, 3, 4]
