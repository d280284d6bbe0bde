"""The smallest known schedule of each bug shows it, and shows nothing in the store as it is."""

from __future__ import annotations

import pytest

from rts import systems
from rts.harness.budget import admits
from rts.harness.judge import judge
from tests.bugs.catalogue import BUGS, FOLDER, smallest


@pytest.mark.parametrize(("system", "name"), BUGS)
def test_with_the_bug_its_guarantee_is_violated(system: str, name: str) -> None:
    store = systems.load(system)
    seeded = store.bugs[name]
    judgement = judge(store.simulate(smallest(name), bug=name), seeded.configuration)
    assert seeded.guarantee in judgement.violated
    assert judgement.explanation(seeded.guarantee)


@pytest.mark.parametrize(("system", "name"), BUGS)
def test_without_the_bug_everything_claimed_holds(system: str, name: str) -> None:
    store = systems.load(system)
    configuration = store.bugs[name].configuration
    judgement = judge(store.simulate(smallest(name)), configuration)
    assert set(judgement.violated).isdisjoint(configuration.holds)


@pytest.mark.parametrize(("system", "name"), BUGS)
def test_it_stays_within_the_fault_budget(system: str, name: str) -> None:
    configuration = systems.load(system).bugs[name].configuration
    assert admits(smallest(name), configuration.profile.budget, configuration)


def test_there_is_one_for_each_bug_and_no_other() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(name for _, name in BUGS)
