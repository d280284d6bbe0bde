"""Reads of writes without a place, of keys whose positions count: intervals alone do not tell."""

from __future__ import annotations

import pytest

from checker import History, Operation, check
from tests.checker.literal import c, history, r, w

SEEN_BEFORE = (
    w(0, "o", "x=2", 10, None),
    w(1, "p", "x=1", 0, 5, position=2),
    r(2, "b", "x=2", 20, 25),
    r(3, "b", "x=1", 26, 27),
    w(4, "b", "x=3", 30, None),
    r(5, "c", "x=3", 40, 45),
)
"""Operations 0 and 4 have no position; 0 is in the past of 4."""


def found(one: History, guarantee: str = "causal") -> list[tuple[int, ...]]:
    return [violation.operations for violation in check(one, [guarantee]).guarantees[guarantee].violations]


def test_of_two_writes_without_place_causality_says_which_is_older() -> None:
    assert found(history(*SEEN_BEFORE, r(6, "c", "x=2", 50, 55))) == [(4, 5, 6)]
    assert found(history(*SEEN_BEFORE, r(6, "d", "x=2", 50, 55))) == []


@pytest.mark.parametrize(
    "other",
    [w(7, "q", "x=2", 30, 35, position=1), w(7, "q", "x=2", 30, None)],
)
def test_a_read_of_one_of_several_is_behind_if_each_of_them_is(other: Operation) -> None:
    """The other one is older than operation 4 by its place, or not known to be older."""
    one = history(*SEEN_BEFORE, r(6, "c", "x=2", 50, 55), other)
    assert found(one) == ([(4, 5, 6)] if other.status == "ok" else [])


def test_of_a_sessions_writes_any_may_be_newer() -> None:
    """Operation 1 is older than 0, and 3, of the same session, newer."""
    one = history(
        w(0, "o", "x=2", 10, None),
        w(1, "b", "x=1", 0, 5, position=1),
        r(2, "b", "x=2", 20, 25),
        w(3, "b", "x=3", 30, 35, position=2),
        r(4, "d", "x=3", 40, 45),
        r(5, "d", "x=2", 50, 55),
    )
    assert found(one) == [(3, 4, 5)]


def test_of_two_writes_at_one_place_a_write_without_place_says_which_is_older() -> None:
    """Operation 2 stands between 0 and 4."""
    one = history(
        w(0, "a", "x=1", 0, 5, position=1),
        r(1, "b", "x=1", 10, 15),
        w(2, "b", "x=2", 20, None),
        r(3, "c", "x=2", 30, 35),
        w(4, "c", "x=3", 40, 45, position=1),
        r(5, "d", "x=3", 50, 55),
        r(6, "d", "x=1", 60, 65),
    )
    assert found(one) == [(4, 5, 6)]


def test_a_version_may_be_older_than_one_that_started_before_it() -> None:
    """The compare-and-set read what was written long after it had started."""
    one = history(
        w(0, "a", "x=3", 50, 60),
        c(1, "b", "x=3>4", 0, 100),
        r(2, "d", "x=4", 110, 115),
        r(3, "d", "x=3", 120, 125),
    )
    assert found(one) == [(1, 2, 3)]
