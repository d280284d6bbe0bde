"""A column that grows keeps what it holds, and little more than that."""

from __future__ import annotations

import numpy as np
import pytest

from checker.reading.growing import Growing


@pytest.mark.parametrize("expected", [0, 1_000, 90_000])
def test_what_was_added_stays_where_it_is(expected: int) -> None:
    column = Growing(np.int32)
    for first in range(0, 100_000, 10_000):
        column.extend(np.arange(first, first + 10_000), expected=expected)
        np.full(30_000, 7, dtype=np.int32)  # what memory is given back is written on
    done = column.done()
    assert done.dtype == np.int32
    assert (done == np.arange(100_000)).all()


@pytest.mark.parametrize(("expected", "room"), [(64, 64), (57, 63), (0, 63)])
def test_a_little_room_is_left_over_and_more_is_given_back(expected: int, room: int) -> None:
    column = Growing()
    column.extend(np.arange(56), expected=expected)
    done = column.done()
    assert done.base is not None
    assert len(done.base) == room
    column.extend(np.arange(56), expected=65)
    assert column.done().base is None


def test_memory_is_asked_for_once_where_the_length_is_known() -> None:
    column = Growing()
    column.extend(np.arange(40), expected=100)
    column.extend(np.arange(60), expected=100)
    done = column.done()
    assert done.base is not None
    assert len(done.base) == 100
    assert done.tolist() == [*range(40), *range(60)]
