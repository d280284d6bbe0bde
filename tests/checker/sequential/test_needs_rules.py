"""Until when a state can matter: what is expected of it, or of what grows from it."""

from __future__ import annotations

from typing import Any

import pytest

from checker.sequential.needs import Needs


def test_a_value_matters_until_it_is_expected_for_the_last_time() -> None:
    needs = Needs([(1, 5), (2, 9), (1.0, 7), (2, 3), (True, 20)], grows=False)
    assert [needs.until(value) for value in (1, 2, True, 3, None)] == [7, 9, 20, -1, -1]


def test_only_where_values_grow_beginnings_matter() -> None:
    needs = Needs([([1, 2], 5), ("ab", 6)], grows=False)
    assert [needs.until(value) for value in ([1, 2], [1], [], "ab", "a", None)] == [5, -1, -1, 6, -1, -1]


EXPECTED = (([1, 2], 5), ([2], 3), ([1, 3, 4], 9), ([1, 2], 4), ("b", 8), ("ab", 6), (7, 30))


@pytest.mark.parametrize(
    ("state", "until"),
    [
        ([], 9),
        ([1], 9),
        ((1,), 9),
        ([1.0, 2], 5),
        ([1, 3], 9),
        ([1, 3, 4], 9),
        ([1, 3, 4, 5], -1),
        ([2], 3),
        ([2, 1], -1),
        ([3], -1),
        ([8], -1),
        ("", 8),
        ("a", 6),
        ("ab", 6),
        ("abc", -1),
        ("b", 8),
        ("c", -1),
        (7, 30),
        ({"a": 1}, -1),
        (None, 9),
    ],
)
def test_a_beginning_matters_as_long_as_what_it_begins(state: Any, until: int) -> None:
    """To nothing anything may be appended: it matters as long as any list or string."""
    assert Needs(EXPECTED, grows=True).until(state) == until


def test_the_first_event_is_an_event() -> None:
    needs = Needs([(1, 0), ([1], 0)], grows=True)
    assert [needs.until(value) for value in (1, [1], [], [2])] == [0, 0, 0, -1]


def test_nothing_matters_as_long_as_it_is_expected_itself() -> None:
    assert Needs([(None, 12), ([1], 5)], grows=True).until(None) == 12
    assert Needs([], grows=True).until(None) == -1


def test_a_beginning_matters_until_the_longer_one_is_expected_for_the_last_time() -> None:
    assert Needs([([1, 2], 5), ([1, 2], 4)], grows=True).until([1]) == 5
