"""Each bug is hunted from nothing: found, reported under its guarantee, and shrunk almost to the smallest.

A few of them in every run, all of them and the same hunts without a bug with `--hypothesis-profile=nightly`.
"""

from __future__ import annotations

import pytest

from rts import systems
from rts.harness.hunt import hunt
from rts.harness.search import search_chunk
from tests.bugs.catalogue import BUGS, smallest

QUICK = [
    ("telemetry", "truncate-to-own-mark"),
    ("telemetry", "accept-gaps"),
    ("telemetry", "stale-cached-position"),
    ("raft", "match-regresses"),
    ("raft", "count-self-before-fsync"),
]
SEED = 1
ENOUGH = 4_000
CLEAN = 2_000
MOST_STEPS_ABOVE = 2


def is_found(system: str, name: str) -> None:
    seeded = systems.load(system).bugs[name]
    row = (system, seeded.configuration.name, name)
    summary = hunt([row], load=systems.load, seed=SEED, schedules=ENOUGH)
    (result,) = summary.results
    assert summary.errors == ()
    assert result.bug_found
    outcome = result.guarantees[seeded.guarantee]
    assert outcome.verdict == "violated"
    assert outcome.steps is not None
    assert outcome.steps <= len(smallest(name).steps) + MOST_STEPS_ABOVE


@pytest.mark.parametrize(("system", "name"), QUICK)
def test_found_in_every_run(system: str, name: str) -> None:
    is_found(system, name)


@pytest.mark.nightly
@pytest.mark.parametrize(("system", "name"), [bug for bug in BUGS if bug not in QUICK])
def test_found_every_night(system: str, name: str) -> None:
    is_found(system, name)


@pytest.mark.nightly
@pytest.mark.parametrize(("system", "name"), BUGS)
def test_nothing_is_found_without_the_bug(system: str, name: str) -> None:
    store = systems.load(system)
    configuration = store.bugs[name].configuration
    searched = search_chunk(store, configuration, seed=SEED, schedules=CLEAN)
    assert searched.schedules == CLEAN
    assert searched.errors == []
    assert set(searched.first_failures).isdisjoint(configuration.holds)
