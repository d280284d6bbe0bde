"""A run from end to end: its steps, the healing, the write that must succeed, the last look at every node."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.single_leader.replica import Replica
from rts.errors import InvariantBroken, ScheduleError
from rts.schedule import (
    MILLISECOND,
    SECOND,
    CompareAndSet,
    Crash,
    Delete,
    FullDisk,
    Lag,
    Partition,
    Promote,
    Schedule,
)
from rts.telemetry.simulation import Simulation
from tests.sim.schedules import NODES, read, run, violated, write


class Mute(Replica):
    """Never acknowledges."""

    def acknowledged(self) -> int:
        return 0


class Torn(Replica):
    """Finds its own state contradictory when it leads after a promotion."""

    def start_epoch(self, *arguments: Any, **named: Any) -> None:
        raise InvariantBroken(f"{self.node} contradicts itself")


def simulate(*steps: Any, replica: type[Replica] = Replica, **settings: Any) -> Any:
    schedule = Schedule(
        system="telemetry", configuration="c", mode="leader", nodes=NODES, settings=settings, steps=steps
    )
    return Simulation(schedule, replica=replica).run()


def of(found: Any, *, phase: str = "main", key: str = "k0") -> list[Any]:
    return [done for done in found.operations if done.phase == phase and done.key == key]


def test_each_write_writes_a_value_of_its_own() -> None:
    found = run(write(), write(), Delete(session="s1", key="k0"), write(session="s1"))
    assert [(done.op, done.value) for done in of(found)] == [
        ("write", 1),
        ("delete", None),
        ("write", 2),
        ("write", 4),
    ]


def test_a_busy_session_does_one_thing_after_the_other() -> None:
    found = run(write(), write(), read())
    starts_and_ends = [time for done in of(found) for time in (done.start, done.end)]
    assert starts_and_ends == sorted(set(starts_and_ends))


def test_compare_and_set_expects_what_the_session_saw_last() -> None:
    swap = CompareAndSet(session="s0", key="k0")
    found = run(swap, swap, write(20, session="s1"), swap, read(), swap)
    done = [(done.expected, done.value, done.status) for done in of(found) if done.op == "cas"]
    assert done == [(None, 1, "ok"), (1, 2, "ok"), (2, 4, "fail"), (3, 6, "ok")]


def test_at_the_end_every_node_is_read_by_a_session_of_its_own() -> None:
    found = run(write(), write(20))
    assert [(done.session, done.node, done.value) for done in of(found, phase="final")] == [
        (f"final-{node}", node, 2) for node in NODES
    ]


def test_a_write_after_the_faults_shows_that_the_cluster_lives_and_masks_nothing() -> None:
    found = run(write(), Crash(node="n0"))
    (alive,) = of(found, key="liveness")
    assert (alive.op, alive.status) == ("write", "ok")
    assert of(found, phase="final", key="liveness") == []


def test_faults_end_before_that() -> None:
    found = run(write(), Partition(group=("n0", "n1")), Crash(node="n2"), FullDisk(node="n1"), write())
    assert violated(found) == ()
    assert all(done.status == "ok" for done in of(found, phase="final"))


def test_what_is_under_way_when_the_faults_end_is_lost() -> None:
    lag = Lag(source="s0", target="n0", delay_ns=2_035 * MILLISECOND)
    found = run(lag, write())
    assert [(done.status, done.error) for done in of(found)] == [("info", "timed out")]
    assert found.simulated_ns > 2_030 * MILLISECOND
    assert {done.value for done in of(found, phase="final")} == {None}


def test_a_store_that_never_acknowledges_does_not_live() -> None:
    found = simulate(write(), replica=Mute, settle_ns=3 * SECOND)
    (breach,) = found.breaches
    assert breach.guarantee == "liveness"
    assert breach.explanation == "no write succeeded within 3 s after all faults had ended"
    assert {done.status for done in of(found)} == {"info"}


def test_a_node_that_contradicts_itself_is_a_breach_of_its_own() -> None:
    found = simulate(write(), Promote(after_ns=20 * MILLISECOND, old="leave"), write(20), replica=Torn)
    checks = {breach.guarantee: (breach.explanation, breach.node) for breach in found.breaches}
    assert checks["self-check"] == ("n1 contradicts itself", "n1")


def test_a_stop_over_a_full_disk_is_no_breach() -> None:
    found = run(write(), FullDisk(node="n1"), write(20))
    assert found.breaches == ()
    assert [event[2] for event in found.events if event[1] == "stopped itself"] == ["n1"]


def test_where_nobody_is_eligible_the_operator_forces_the_newest_log() -> None:
    found = run(
        write(),
        Crash(after_ns=20 * MILLISECOND, node="n0", lose_disk=True),
        Crash(node="n1", lose_disk=True),
        policy="sync",
    )
    assert found.states["operator had to force"] == 1
    assert of(found, key="liveness")[-1].status == "ok"


def test_what_was_watched_is_counted() -> None:
    found = run(write())
    assert min(found.watched.values()) > 0
    assert set(found.watched) == {
        "log-matching",
        "state-machine-safety",
        "leader-completeness",
        "one-leader-per-epoch",
        "monotonic-counters",
        "self-check",
        "liveness",
    }


def test_an_empty_schedule_runs() -> None:
    found = run()
    assert [done.key for done in found.operations] == ["liveness"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"policy": "most"}, r"settings: Invalid enum value 'most' - at `\$.policy`"),
        ({"colour": 1}, "settings: Object contains unknown field `colour`"),
        ({"synchronous": []}, "settings.synchronous: policy `sync` needs at least one synchronous follower"),
        ({"synchronous": ["n0"]}, "settings.synchronous: n0 is not a follower of n0 in n0, n1, n2, n3"),
        ({"policy": "quorum", "members": ["n0", "n9"]}, "settings.members: n9 is not one of the nodes"),
        (
            {"policy": "quorum", "members": ["n1"]},
            "settings.members: the first leader, n0, is not among them",
        ),
        ({"policy": "quorum", "quorum": 4}, "settings.quorum: 4 is not between 1 and 3 members"),
    ],
)
def test_settings_that_do_not_fit_are_refused_by_name(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ScheduleError, match=message):
        run(write(), **settings)
