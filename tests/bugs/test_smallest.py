"""The smallest known schedule of each bug shows it, and shows nothing in the store as it is."""

from __future__ import annotations

import pytest

from rts.bugs import NAMES
from rts.harness.budget import admits
from rts.harness.judge import judge
from rts.systems.telemetry import system
from tests.bugs.catalogue import FOLDER, smallest


@pytest.mark.parametrize("name", NAMES)
def test_with_the_bug_its_guarantee_is_violated(name: str) -> None:
    seeded = system.bugs[name]
    judgement = judge(system.simulate(smallest(name), bug=name), seeded.configuration)
    assert seeded.guarantee in judgement.violated
    assert judgement.explanation(seeded.guarantee)


@pytest.mark.parametrize("name", NAMES)
def test_without_the_bug_everything_claimed_holds(name: str) -> None:
    configuration = system.bugs[name].configuration
    judgement = judge(system.simulate(smallest(name)), configuration)
    assert set(judgement.violated).isdisjoint(configuration.holds)


@pytest.mark.parametrize("name", NAMES)
def test_it_stays_within_the_fault_budget(name: str) -> None:
    configuration = system.bugs[name].configuration
    assert admits(smallest(name), configuration.profile.budget, configuration)


def test_there_is_one_for_each_bug_and_no_other() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(NAMES)
