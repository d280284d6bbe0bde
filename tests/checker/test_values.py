"""Values are compared as JSON, by type."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from checker.values import NULL, ValueTable, identity

DISTINCT: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    "1",
    "",
    "true",
    [],
    {},
    [None],
    [1],
    [True],
    {"a": 1},
    {"a": True},
    2**64,
    2**64 + 1,
    0.1,
    [[1], 2],
    [1, [2]],
    {"bytes": "AA=="},
]


@pytest.mark.parametrize(("one", "other"), list(combinations(DISTINCT, 2)))
def test_different_values(one: Any, other: Any) -> None:
    assert identity(one) != identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (0, -0.0),
        ([1, {"a": 1.0, "b": None}], [1.0, {"b": None, "a": 1}]),
        ((1, 2), [1, 2]),
        (2**60, float(2**60)),
    ],
)
def test_one_value_in_two_forms(one: Any, other: Any) -> None:
    assert identity(one) == identity(other)
    assert hash(identity(one)) == hash(identity(other))


def test_numbers_of_values() -> None:
    table = ValueTable()
    assert table.number_all([3, None, 3, "3"]) == [1, NULL, 1, 2]
    assert table.number_all([True, 3.0, None]) == [3, 1, NULL]
    assert len(table) == 4
    assert NULL == 0
