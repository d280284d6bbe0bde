"""The newest place of what had ended before a moment, key by key."""

from __future__ import annotations

import numpy as np
import pytest

from checker.linearizability.floor import floor_before

Row = tuple[int, int, int]
"""When it ended, its key, and its place."""


def floors(rows: list[Row], asked: list[tuple[int, int]]) -> list[int]:
    """The floor at each time of each key."""
    ends, key, place = (np.array([row[part] for row in rows], dtype=np.int64) for part in range(3))
    times, keys = (np.array([question[part] for question in asked], dtype=np.int64) for part in range(2))
    return floor_before(ends, key, place, times=times, keys=keys, width=10).tolist()  # type: ignore[no-any-return]


def test_the_highest_place_that_had_ended_before_counts() -> None:
    rows = [(10, 0, 5), (20, 0, 3), (30, 0, 7)]
    assert floors(rows, [(10, 0), (11, 0), (25, 0), (30, 0), (31, 0)]) == [0, 5, 5, 5, 7]


def test_each_key_has_its_own() -> None:
    assert floors([(10, 0, 5), (10, 1, 3)], [(20, 1), (20, 0), (5, 1)]) == [3, 5, 0]


@pytest.mark.parametrize(
    ("rows", "asked", "found"),
    [
        ([(5, 0, 4), (5, 3, 6)], [(9, 1)], [0]),
        ([(5, 1, 4)], [(9, 0), (9, 3), (9, 1)], [0, 0, 4]),
        ([], [(9, 2)], [0]),
        ([(5, 2, 4)], [], []),
        ([], [], []),
    ],
)
def test_keys_of_rows_and_of_questions_need_not_be_the_same(
    rows: list[Row], asked: list[tuple[int, int]], found: list[int]
) -> None:
    assert floors(rows, asked) == found
