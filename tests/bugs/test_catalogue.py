"""The catalogue of seeded bugs: complete, one rule each, and imported only by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rts.bugs import NAMES, BugNotFound, load
from rts.client.session import ClientSession
from rts.core.single_leader.replica import Replica
from rts.systems.telemetry import system


@pytest.mark.parametrize("name", NAMES)
def test_each_bug_is_one_class_of_its_own(name: str) -> None:
    bug = load(name)
    assert bug.name == name
    assert (bug.replica is Replica) != (bug.session is ClientSession)
    assert issubclass(bug.replica, Replica)
    assert issubclass(bug.session, ClientSession)


@pytest.mark.parametrize("name", NAMES)
def test_each_bug_is_hunted_where_its_guarantee_is_claimed(name: str) -> None:
    seeded = system.bugs[name]
    assert seeded.name == seeded.configuration.name == name
    assert seeded.guarantee == load(name).breaks
    assert seeded.guarantee in seeded.configuration.holds
    assert seeded.configuration.breaks == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_hunt_stays_within_what_the_store_claims_to_survive(name: str) -> None:
    profile = system.bugs[name].configuration.profile
    assert profile.budget.crashed < len(profile.nodes)
    assert profile.budget.disks_lost == 1
    assert not profile.budget.forced


def test_a_bug_has_a_number_too() -> None:
    assert load("S1") is load("ack-before-sync-persist")
    assert load("s18").name == "commit-order-differs"
    assert system.bugs["S8"].name == "accept-gaps"


def test_an_unknown_bug_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(
        BugNotFound, match=r"no seeded bug is called 'S19'; there are: ack-before-sync-persist, "
    ):
        load("S19")
    assert "S19" not in system.bugs


def test_the_bugs_are_listed_in_their_order() -> None:
    assert tuple(system.bugs) == NAMES
    assert len(system.bugs) == 18


IMPORTS = """
import sys
from rts.schedule import Schedule, Write
from rts.systems.telemetry import system

def loaded():
    return sorted(name for name in sys.modules if name.startswith("rts.bugs"))

schedule = Schedule(
    system="telemetry", configuration="leader", mode="leader", nodes=("n0", "n1"),
    steps=(Write(session="s0", key="k0"),),
)
system.simulate(schedule)
print(loaded())
system.simulate(schedule, bug="S8")
print(loaded())
"""


def test_only_the_bug_that_is_named_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['rts.bugs', 'rts.bugs.accept_gaps']"]
