"""Each bug is hunted from nothing: found, reported under its guarantee, and shrunk almost to the smallest.

Three of them in every run, all of them and the same hunts without a bug with `--hypothesis-profile=nightly`.
"""

from __future__ import annotations

import pytest

from rts import systems
from rts.bugs import NAMES
from rts.harness.hunt import hunt
from rts.harness.search import search_chunk
from rts.systems.telemetry import system
from tests.bugs.catalogue import smallest

QUICK = ("truncate-to-own-mark", "accept-gaps", "stale-cached-position")
SEED = 1
ENOUGH = 4_000
CLEAN = 2_000
MOST_STEPS_ABOVE = 2


def is_found(name: str) -> None:
    seeded = system.bugs[name]
    row = ("telemetry", seeded.configuration.name, name)
    summary = hunt([row], load=systems.load, seed=SEED, schedules=ENOUGH)
    (result,) = summary.results
    assert summary.errors == ()
    assert result.bug_found
    outcome = result.guarantees[seeded.guarantee]
    assert outcome.verdict == "violated"
    assert outcome.steps is not None
    assert outcome.steps <= len(smallest(name).steps) + MOST_STEPS_ABOVE


@pytest.mark.parametrize("name", QUICK)
def test_found_in_every_run(name: str) -> None:
    is_found(name)


@pytest.mark.nightly
@pytest.mark.parametrize("name", [name for name in NAMES if name not in QUICK])
def test_found_every_night(name: str) -> None:
    is_found(name)


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_without_the_bug(name: str) -> None:
    configuration = system.bugs[name].configuration
    searched = search_chunk(system, configuration, seed=SEED, schedules=CLEAN)
    assert searched.schedules == CLEAN
    assert searched.errors == []
    assert set(searched.first_failures).isdisjoint(configuration.holds)
