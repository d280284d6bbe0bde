"""Majorities, and what they have reached."""

from __future__ import annotations

from itertools import combinations

import pytest

from rts.core.raft.quorum import majority, reached


def test_a_majority_is_more_than_half() -> None:
    assert [majority(voters) for voters in range(1, 8)] == [1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("voters", range(1, 8))
def test_two_majorities_share_a_voter(voters: int) -> None:
    groups = list(combinations(range(voters), majority(voters)))
    assert all(set(one) & set(other) for one in groups for other in groups)


@pytest.mark.parametrize("voters", range(1, 8))
def test_majorities_meet_when_one_voter_is_added(voters: int) -> None:
    old = combinations(range(voters), majority(voters))
    new = list(combinations(range(voters + 1), majority(voters + 1)))
    assert all(set(one) & set(other) for one in old for other in new)


@pytest.mark.parametrize(
    ("marks", "index"),
    [
        ((), 0),
        ((4,), 4),
        ((4, 7), 4),
        ((7, 4, 9), 7),
        ((3, 9, 7, 8, 7), 7),
        ((0, 0, 5), 0),
        ((1, 2, 3, 4), 2),
    ],
)
def test_what_a_majority_has_reached(marks: tuple[int, ...], index: int) -> None:
    assert reached(marks) == index
