"""Coverage of the telemetry store's read modes, enforced: what was drawn took hold, what is rare was reached,
and each mode answers most of what it is asked.

One hunt for all tests, of a few hundred schedules a mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rts.core.single_leader.messages import ReadRequest, WriteRequest
from rts.core.single_leader.replica import Replica
from rts.harness.chunk import ChunkResult
from rts.harness.search import search_chunk
from rts.harness.system import Configuration, SeededBug, System
from rts.runs import Run
from rts.schedule import MILLISECOND, SECOND, Schedule
from rts.systems.telemetry import CONFIGURATIONS, system
from rts.telemetry.simulation import Simulation
from tests.coverage.enforced import (
    RARE_STATES,
    idle_faults,
    never_stale,
    too_few_by_followers,
    too_few_ok,
    unreached,
)

SCHEDULES = 250
WITHOUT_FAULTS = 50

MODES = {row.name: row for row in CONFIGURATIONS if row.table == "read modes"}
FOLLOWERS_MAY_SERVE = tuple(name for name in MODES if name != "leader")
AFFINE = ("leader-window", "best-effort-fresh")
"""Modes that send a session to the leader for a while after its own write: no follower may serve it then."""

Chunks = Mapping[str, ChunkResult]


def calm(configuration: Configuration, *, pauses_ns: tuple[int, ...] | None = None) -> Configuration:
    """The configuration without faults, at its own pace or at a given one."""
    profile = replace(configuration.profile, faults={})
    if pauses_ns is not None:
        profile = replace(profile, delays_ns=pauses_ns)
    return replace(configuration, profile=profile)


def hunt(configuration: Configuration, schedules: int, *, store: System = system) -> ChunkResult:
    found = search_chunk(store, configuration, seed=1, schedules=schedules)
    assert found.errors == []
    assert found.schedules == schedules
    return found


@pytest.fixture(scope="session")
def hunted() -> Chunks:
    return {name: hunt(row, SCHEDULES) for name, row in MODES.items()}


@pytest.fixture(scope="session")
def busy() -> Chunks:
    """Without faults, as busy as the profile says."""
    return {name: hunt(calm(row), WITHOUT_FAULTS) for name, row in MODES.items()}


@pytest.fixture(scope="session")
def unhurried() -> Chunks:
    """Without faults, with pauses that outlast the window in which a session's reads go to the leader."""
    pauses_ns = (250 * MILLISECOND, SECOND)
    return {
        name: hunt(calm(MODES[name], pauses_ns=pauses_ns), WITHOUT_FAULTS) for name in FOLLOWERS_MAY_SERVE
    }


def test_every_kind_of_fault_takes_hold(hunted: Chunks) -> None:
    assert idle_faults(hunted.values()) == []


def test_every_rare_state_is_reached(hunted: Chunks) -> None:
    assert unreached(hunted.values()) == []


@pytest.mark.parametrize("mode", MODES)
def test_every_cell_that_holds_could_have_shown_a_stale_answer(mode: str, hunted: Chunks) -> None:
    assert never_stale(MODES[mode], hunted[mode]) == []


@pytest.mark.parametrize("mode", MODES)
def test_without_faults_most_operations_succeed(mode: str, busy: Chunks) -> None:
    assert too_few_ok(mode, busy[mode]) == []


@pytest.mark.parametrize("mode", FOLLOWERS_MAY_SERVE)
def test_where_followers_may_serve_they_serve_most_reads(mode: str, busy: Chunks, unhurried: Chunks) -> None:
    assert too_few_by_followers(mode, unhurried[mode]) == []
    if mode not in AFFINE:
        assert too_few_by_followers(mode, busy[mode]) == []


def test_the_leader_mode_never_asks_a_follower(busy: Chunks) -> None:
    assert too_few_by_followers("leader", busy["leader"]) == ["leader: followers served 0% of the reads"]


# --- what must not pass ---------------------------------------------------------------------------------


class RefusesEverything(Replica):
    """Consistent, and of no use."""

    def on_write(self, client: str, message: WriteRequest) -> None:
        self.refuse(client, message.request, "not-leader")

    def on_read(self, client: str, message: ReadRequest) -> None:
        self.refuse(client, message.request, "behind")


class UselessTelemetry:
    name = "telemetry"
    configurations = CONFIGURATIONS
    bugs: Mapping[str, SeededBug] = {}

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        return Simulation(schedule, replica=RefusesEverything).run()


def test_a_store_that_refuses_everything_does_not_pass() -> None:
    row = calm(MODES["session-consistent"])
    refused = hunt(row, 10, store=UselessTelemetry())
    assert too_few_ok(row.name, refused) == ["session-consistent: 0% of the operations were ok"]
    assert too_few_by_followers(row.name, refused) == ["session-consistent: followers served 0% of the reads"]
    assert never_stale(row, refused) == [f"session-consistent: {guarantee}" for guarantee in row.holds]
    assert unreached([refused]) == [state for state in RARE_STATES if state != "fallback to the leader"]
    assert refused.violated_schedules["liveness"] == 10


def test_a_fault_that_never_takes_hold_is_named() -> None:
    chunk = ChunkResult(chunk=0)
    chunk.faults_drawn.update({"lag": 3, "loss": 2})
    chunk.faults_held.update({"lag": 1})
    named = idle_faults([chunk])
    assert "loss: drawn 2 times, took hold 0 times" in named
    assert "crash: drawn 0 times, took hold 0 times" in named
    assert not any(line.startswith("lag:") for line in named)
