"""The catalogue of seeded bugs: complete, one rule each, and imported only by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rts import systems
from rts.bugs import BugNotFound, load, names
from rts.client.raft import RaftSession
from rts.client.session import ClientSession
from rts.core.raft.node import RaftCore
from rts.core.single_leader.replica import Replica
from tests.bugs.catalogue import BUGS

OWN = {
    "telemetry": {"replica": Replica, "session": ClientSession},
    "raft": {"replica": RaftCore, "session": RaftSession},
}


@pytest.mark.parametrize(("system", "name"), BUGS)
def test_each_bug_is_one_class_of_its_own(system: str, name: str) -> None:
    bug = load(name, system)
    assert bug.name == name
    ((role, kind),) = bug.classes.items()
    assert issubclass(kind, OWN[system][role])


@pytest.mark.parametrize(("system", "name"), BUGS)
def test_each_bug_is_hunted_where_its_guarantee_is_claimed(system: str, name: str) -> None:
    seeded = systems.load(system).bugs[name]
    assert seeded.name == seeded.configuration.name == name
    assert seeded.guarantee == load(name, system).breaks
    assert seeded.guarantee in seeded.configuration.holds
    assert seeded.configuration.breaks == ()


@pytest.mark.parametrize("name", names("telemetry"))
def test_each_hunt_stays_within_what_the_store_claims_to_survive(name: str) -> None:
    profile = systems.load("telemetry").bugs[name].configuration.profile
    assert profile.budget.crashed < len(profile.nodes)
    assert profile.budget.disks_lost == 1
    assert not profile.budget.forced


def test_a_bug_has_a_number_too() -> None:
    bugs = systems.load("telemetry").bugs
    assert load("S1", "telemetry") is load("ack-before-sync-persist", "telemetry")
    assert load("s18", "telemetry").name == "commit-order-differs"
    assert bugs["S8"].name == "accept-gaps"


def test_an_unknown_bug_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(
        BugNotFound, match=r"no seeded bug is called 'S19'; there are: ack-before-sync-persist, "
    ):
        load("S19", "telemetry")
    assert "S19" not in systems.load("telemetry").bugs


@pytest.mark.parametrize(("system", "count"), [("telemetry", 18)])
def test_the_bugs_are_listed_in_their_order(system: str, count: int) -> None:
    assert tuple(systems.load(system).bugs) == names(system)
    assert len(names(system)) == count


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
    assert done.stdout.splitlines() == [
        "[]",
        "['rts.bugs', 'rts.bugs.raft', 'rts.bugs.telemetry', 'rts.bugs.telemetry.accept_gaps']",
    ]
