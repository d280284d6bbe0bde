"""Raft as it is survives thousands of schedules in every configuration: 5,000 in all, 100,000 every night."""

from __future__ import annotations

import pytest

from rts.harness.search import search_chunk
from rts.systems.raft import CONFIGURATIONS, system

SEED = 1
EACH = 5_000 // len(CONFIGURATIONS)
EACH_NIGHT = 100_000 // len(CONFIGURATIONS)


def survives(name: str, *, seed: int, schedules: int) -> None:
    """Nothing that the configuration claims is violated, and everything that it claims was judged."""
    (row,) = (row for row in CONFIGURATIONS if row.name == name)
    searched = search_chunk(system, row, seed=seed, schedules=schedules)
    assert searched.schedules == schedules
    assert searched.errors == []
    assert {
        guarantee: failure.schedule
        for guarantee, failure in searched.first_failures.items()
        if guarantee in row.holds
    } == {}
    assert [guarantee for guarantee in row.holds if not searched.judged[guarantee]] == []


@pytest.mark.parametrize("name", [row.name for row in CONFIGURATIONS])
def test_nothing_claimed_is_violated(name: str) -> None:
    survives(name, seed=SEED, schedules=EACH)


@pytest.mark.nightly
@pytest.mark.parametrize("name", [row.name for row in CONFIGURATIONS])
def test_nothing_claimed_is_violated_all_night(name: str) -> None:
    survives(name, seed=SEED + 1, schedules=EACH_NIGHT)
