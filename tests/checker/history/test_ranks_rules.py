"""Positions become ranks, oldest first; shapes are compared within what compares."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from checker.history.columns import BadRow
from checker.history.ranks import rank


def ranked(positions: list[Any], versions: list[Any], keys: list[int], *, one_log: bool = False) -> Any:
    place, version, ordered = rank(positions, versions, keys, one_log=one_log)
    return place.tolist(), version.tolist(), ordered


def test_nothing_said_is_nothing_ranked() -> None:
    assert ranked([], [], []) == ([], [], [])
    assert ranked([None, None], [UNSET, None], [0, 1]) == ([-1, -1], [-1, 0], [])


def test_places_count_from_one_over_all_that_is_named() -> None:
    """A version may be of a write that nobody recorded."""
    assert ranked([7, None, 3], [UNSET, 5, None], [0, 0, 0]) == ([3, -1, 1], [-1, 2, 0], [3, 5, 7])
    assert ranked([(2, 0), (1, 9)], [(1, 9), UNSET], [0, 0], one_log=True) == (
        [2, 1],
        [1, -1],
        [(1, 9), (2, 0)],
    )


def test_numbers_stand_before_lists_and_lists_are_compared_item_by_item() -> None:
    positions = [(0, 4), 8, (0,), 2, (0, 3, 9)]
    assert ranked(positions, [UNSET] * 5, [0, 1, 2, 1, 3]) == (
        [5, 2, 3, 1, 4],
        [-1] * 5,
        [2, 8, (0,), (0, 3, 9), (0, 4)],
    )


@pytest.mark.parametrize(
    ("positions", "versions", "keys", "row", "field"),
    [
        ([4, (1, 4)], [UNSET, UNSET], [0, 0], 1, "position"),
        ([4, None, (1, 4)], [UNSET, (4,), UNSET], [0, 0, 0], 1, "version"),
        ([(1, 2), 5, None, (1, 2, 3)], [UNSET, 6, None, UNSET], [0, 1, 1, 0], 3, "position"),
        ([5], [(5,)], [3], 0, "version"),
    ],
)
def test_the_first_position_of_another_shape_is_named(
    positions: list[Any], versions: list[Any], keys: list[int], row: int, field: str
) -> None:
    with pytest.raises(BadRow, match="of the shape of the key's other positions") as caught:
        ranked(positions, versions, keys)
    assert (caught.value.row, caught.value.field) == (row, field)


def test_with_one_log_all_positions_compare() -> None:
    with pytest.raises(BadRow) as caught:
        ranked([4, (1, 4)], [UNSET, UNSET], [0, 1], one_log=True)
    assert (caught.value.row, caught.value.field) == (1, "position")
    assert caught.value.message == "(1, 4) is not of the shape of the file (one_log)'s other positions"
