"""What faults do to machines: each kind took hold, and did what its name says."""

from __future__ import annotations

import pytest

from rts.client.requests import Request
from rts.core.single_leader.messages import Append, Appended
from rts.schedule import (
    MICROSECOND,
    MILLISECOND,
    SECOND,
    CorruptDisk,
    Crash,
    FaultStep,
    FullDisk,
    Partition,
    Pause,
    Rejoin,
    Restart,
    Resume,
    SkewClock,
    SlowDisk,
)
from rts.sim.node import EPOCH_OF_WALL_CLOCKS_NS
from tests.sim.lab import Lab, value_of

WRITE = Request(operation="write", keys=("k0",), value="v")


def writing(lab: Lab, until: str) -> None:
    """Let time pass until the write `v` is on its way to that node's disk and not durable."""
    lab.submit(WRITE)
    while not lab.node(until).disk.pending:
        lab.pump.step()


# --- crash, restart


def test_a_crash_loses_what_was_not_synced() -> None:
    lab = Lab()
    writing(lab, "n1")
    lab.fault(7, Crash(node="n1"))
    assert lab.held(7)
    assert lab.happened("crash") == [("n1", 1, False)]
    assert lab.trace.states["crash lost unsynced records"] == 1
    lab.fault(8, Restart(node="n1"))
    assert lab.held(8)
    assert lab.log("n1") == ["1:1"]


def test_a_crash_keeps_what_was_synced() -> None:
    lab = Lab()
    assert lab.write("v").status == "ok"
    lab.fault(7, Crash(node="n1"))
    lab.fault(8, Restart(node="n1"))
    assert lab.log("n1") == ["1:1", "1:2"]
    assert lab.happened("crash") == [("n1", 0, False)]


def test_a_node_that_is_down_takes_nothing_in_and_cannot_crash_again() -> None:
    lab = Lab()
    lab.fault(1, Crash(node="n1"))
    lab.fault(2, Crash(node="n1"))
    assert (lab.held(1), lab.held(2)) == (True, False)
    lab.submit(WRITE)
    before = len(lab.delivered("n0", "n1"))
    lab.run(1_000)
    assert len(lab.delivered("n0", "n1")) == before
    assert lab.outcomes == []


def test_what_was_under_way_to_a_crashed_node_is_lost_though_it_restarts() -> None:
    lab = Lab()
    lab.submit(WRITE)
    lab.run(1)  # the entry is on its way from n0 to n1
    assert lab.log("n0") == ["1:1", "1:2"]
    lab.fault(1, Crash(node="n1"))
    lab.fault(2, Restart(node="n1"))
    lab.run(10)
    assert lab.log("n1") == ["1:1"]
    lab.run(500)  # the heartbeat brings it
    assert lab.log("n1") == ["1:1", "1:2"]


def test_a_restart_of_a_running_node_does_nothing() -> None:
    lab = Lab()
    life = lab.node("n1").life
    lab.fault(7, Restart(node="n1"))
    assert not lab.held(7)
    assert lab.node("n1").life == life


def test_a_torn_crash_cuts_the_last_record_and_keeps_those_before() -> None:
    lab = Lab()
    lab.fault(1, SlowDisk(node="n1", delay_ns=20 * MILLISECOND))
    for session in ("s0", "s1"):
        lab.submit(WRITE, session=session)
    lab.run(10)
    assert len(lab.node("n1").disk.pending) == 2
    lab.fault(2, Crash(node="n1", tear=True))
    assert lab.held(2)
    assert lab.happened("crash") == [("n1", 1, False)]
    lab.fault(3, Restart(node="n1"))
    assert lab.log("n1") == ["1:1", "1:2"]


def test_a_lost_disk_makes_another_member_of_the_node() -> None:
    lab = Lab()
    lab.write("v")
    lab.fault(1, Crash(node="n1", lose_disk=True))
    assert lab.held(1)
    lab.fault(2, Restart(node="n1"))
    core = lab.node("n1").core
    assert (core.own, core.epoch, lab.log("n1")) == (("n1", 2), 0, [])
    assert core.own not in lab.node("n0").core.members
    assert not core.may_lead()
    assert lab.cluster.operator.destroyed() == (("n1", 1),)


def test_a_crash_at_an_effect_waits_for_an_event_that_has_one() -> None:
    lab = Lab()
    lab.fault(7, Crash(node="n1", at_effect=1))
    assert lab.node("n1").up
    assert not lab.held(7)
    lab.submit(WRITE)
    lab.run(10)
    assert not lab.node("n1").up
    assert lab.held(7)
    lab.fault(8, Restart(node="n1"))
    assert lab.log("n1") == ["1:1"]  # it had begun to persist, and sent nothing
    assert lab.delivered("n1", "n0", Appended)[1:] == []


# --- pause, resume


def test_a_pause_holds_what_arrives_until_it_ends() -> None:
    lab = Lab()
    lab.fault(1, Pause(node="n1"))
    assert not lab.held(1)
    lab.submit(WRITE)
    lab.run(700)
    assert lab.held(1)
    assert lab.outcomes == []
    resumed_at = lab.pump.now
    lab.fault(2, Resume(node="n1"))
    assert lab.held(2)
    lab.run(10)
    assert [outcome.status for outcome in lab.outcomes] == ["ok"]
    arrivals = [time for time, _ in lab.delivered("n0", "n1", Append) if time >= resumed_at]
    assert arrivals[:2] == [resumed_at + 1, resumed_at + 2]


def test_a_paused_disk_and_clock_wait_too() -> None:
    lab = Lab()
    writing(lab, "n0")
    lab.fault(1, Pause(node="n0"))
    lab.run(2_000)
    assert lab.delivered("n0", "n1", Append)[1:] == []
    lab.fault(2, Resume(node="n0"))
    lab.run(10)
    assert lab.look("n1") == "v"


def test_a_crash_ends_a_pause() -> None:
    lab = Lab()
    lab.fault(1, Pause(node="n1"))
    lab.submit(WRITE)
    lab.run(10)
    lab.fault(2, Crash(node="n1"))
    lab.fault(3, Resume(node="n1"))
    assert not lab.held(3)
    lab.run(1_000)
    lab.fault(4, Restart(node="n1"))
    assert lab.log("n1") == ["1:1"]


def test_resume_of_a_node_that_runs_does_nothing() -> None:
    lab = Lab()
    lab.fault(7, Resume(node="n1"))
    assert not lab.held(7)


# --- disks


def test_a_slow_disk_delays_the_acknowledgement() -> None:
    lab = Lab()
    start = lab.pump.now
    lab.write(1)
    quick = lab.pump.now - start
    lab.fault(7, SlowDisk(node="n1", delay_ns=300 * MILLISECOND))
    assert not lab.held(7)
    start = lab.pump.now
    lab.write(2)
    assert lab.held(7)
    assert lab.pump.now - start == quick + 300 * MILLISECOND


def test_a_full_disk_stops_the_node() -> None:
    lab = Lab()
    lab.fault(7, FullDisk(node="n1"))
    assert not lab.held(7)
    lab.submit(WRITE)
    lab.run(10)
    assert lab.held(7)
    assert not lab.node("n1").up
    assert lab.happened("stopped itself") == [("n1", "n1 could not write to its disk: no space left")]
    assert lab.node("n1").broken == []  # no invariant of the store's


def test_a_corrupt_disk_is_refused_at_the_restart_and_replaced() -> None:
    lab = Lab()
    lab.write("v")
    lab.fault(7, CorruptDisk(node="n1"))
    lab.run(1_000)
    assert not lab.held(7)
    lab.fault(8, Crash(node="n1"))
    lab.fault(9, Restart(node="n1"))
    assert lab.held(7)
    assert lab.happened("disk refused") == [("n1",)]
    assert lab.node("n1").core.own == ("n1", 2)
    lab.run(1_000)
    assert lab.log("n1") == ["1:1", "1:2"]


# --- clocks


def test_a_drifting_clock_gains() -> None:
    lab = Lab()
    node = lab.node("n1")
    other = lab.node("n2").monotonic_ns()
    before = node.monotonic_ns()
    lab.fault(7, SkewClock(node="n1", drift_ppm=1_000))
    assert not lab.held(7)
    lab.run(1_000)
    assert node.monotonic_ns() - before == SECOND + MILLISECOND
    assert lab.held(7)
    lab.fault(8, SkewClock(node="n1", drift_ppm=-2_000))
    lab.run(1_000)
    assert node.monotonic_ns() - before == 2 * SECOND - MILLISECOND
    assert lab.node("n2").monotonic_ns() - other == 2 * SECOND


def test_a_drifting_clock_fires_its_timers_early() -> None:
    lab = Lab()
    lab.fault(7, SkewClock(node="n0", drift_ppm=250_000))
    lab.node("n0").set_timer("heartbeat", 500 * MILLISECOND)
    lab.run(401)
    assert lab.happened("timer") == [("n0", "heartbeat")]


def test_a_wall_clock_jumps_and_the_monotonic_one_does_not() -> None:
    lab = Lab()
    node = lab.node("n1")
    monotonic = node.monotonic_ns()
    lab.fault(7, SkewClock(node="n1", jump_ns=-5 * SECOND))
    assert node.wall_ns() == EPOCH_OF_WALL_CLOCKS_NS + lab.pump.now - 5 * SECOND
    assert lab.held(7)
    assert node.monotonic_ns() == monotonic


def test_a_restart_starts_the_monotonic_clock_anew() -> None:
    lab = Lab()
    lab.fault(1, SkewClock(node="n1", drift_ppm=1_000))
    lab.run(1_000)
    lab.fault(2, SkewClock(node="n1", drift_ppm=500))
    lab.run(1_000)
    lab.fault(3, Crash(node="n1"))
    lab.fault(4, Restart(node="n1"))
    assert lab.node("n1").monotonic_ns() == 0
    lab.run(1_000)
    assert lab.node("n1").monotonic_ns() == SECOND + 500 * MICROSECOND


# --- rejoin, and the end of all faults


def test_rejoin_restarts_resumes_and_mends_links() -> None:
    lab = Lab()
    lab.fault(1, Rejoin(node="n1"))
    assert not lab.held(1)
    lab.fault(2, Crash(node="n1"))
    lab.fault(3, Partition(group=("n1",)))
    lab.fault(4, Rejoin(node="n1"))
    assert lab.held(4)
    assert lab.write("v").status == "ok"
    lab.fault(5, Pause(node="n1"))
    lab.fault(6, Rejoin(node="n1"))
    assert lab.held(6)
    assert not lab.node("n1").paused
    lab.fault(7, Partition(group=("n1",)))
    lab.fault(8, Rejoin(node="n1"))
    assert lab.held(8)
    assert value_of(lab.read()) == "v"


def test_all_faults_end() -> None:
    lab = Lab()
    steps: tuple[FaultStep, ...] = (
        Partition(group=("n0",)),
        SlowDisk(node="n0", delay_ns=SECOND),
        FullDisk(node="n0"),
        SkewClock(node="n0", drift_ppm=1_000),
        Pause(node="n1"),
        Crash(node="n2"),
        Crash(node="n0", at_effect=0),
    )
    for number, step in enumerate(steps):
        lab.fault(number, step)
    lab.cluster.faults.end()
    started = lab.pump.now
    assert lab.write("v").status == "ok"
    assert lab.pump.now - started < 100 * MILLISECOND
    assert [lab.node(name).up for name in ("n0", "n1", "n2")] == [True, True, True]
    before = lab.node("n0").monotonic_ns()
    lab.run(1)
    assert lab.node("n0").monotonic_ns() - before == 1_000 * MICROSECOND


@pytest.mark.parametrize("node", ["n0", "n1", "n2"])
def test_every_event_of_a_node_is_watched(node: str) -> None:
    lab = Lab()
    before = lab.watched.count(node)
    lab.write("v")
    lab.run(10)
    assert lab.watched.count(node) > before
