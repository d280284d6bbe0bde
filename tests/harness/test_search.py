import gc
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from checker import HistoryError, Operation
from rts.harness.archive import load
from rts.harness.chunk import ChunkResult
from rts.harness.judge import violates
from rts.harness.search import chunk_seed, search_chunk
from rts.harness.tally import Tally
from rts.harness.work import Row
from rts.runs import BEHIND_AT_A_READ, Run
from rts.schedule import Crash, Lag, Promote, Restart, Schedule
from tests.harness.fake_system import ANY_FOLLOWER, LEADER, PROFILE, FakeSystem, system
from tests.harness.histories import LAG

ROOT = Path(__file__).parents[2]


def searched(**arguments: object) -> ChunkResult:
    defaults: dict[str, object] = {"seed": 1, "schedules": 100}
    return search_chunk(FakeSystem(), ANY_FOLLOWER, **{**defaults, **arguments})  # type: ignore[arg-type]


def test_what_is_counted() -> None:
    result = searched()
    assert result.schedules == 100
    assert result.operations == result.statuses["ok"] + result.statuses["fail"] + result.statuses["info"]
    assert result.statuses["ok"] > result.statuses["fail"] > 0
    assert result.faults_drawn["lag"] >= result.faults_held["lag"] > 0
    assert result.states["stale read"] > 0
    assert result.judged["read-your-writes"] >= result.judged_schedules["read-your-writes"] > 50
    assert result.held_schedules["convergence"] > 50
    assert result.simulated_ns > 100 * 10**9
    assert (result.errors, result.stopped, result.interrupted) == ([], False, False)


def test_the_first_failure_of_each_guarantee_is_kept() -> None:
    result = searched()
    assert {"read-your-writes", "linearizable", "bounded-staleness"} <= set(result.first_failures)
    for guarantee, first in result.first_failures.items():
        assert violates(system.simulate(first.schedule), ANY_FOLLOWER, guarantee)
        assert 0 <= first.after_schedules < 100
        assert result.violated_schedules[guarantee] >= 1


def test_one_chunk_is_one_chunk() -> None:
    assert searched().digest == searched().digest
    assert searched(chunk=1).digest != searched().digest
    assert searched(seed=2).digest != searched().digest
    assert searched(targets=False).digest != searched().digest


def test_another_hash_seed_changes_nothing() -> None:
    code = "from tests.harness.test_search import searched; print(searched().digest)"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == searched().digest


def test_seeds_of_chunks_differ() -> None:
    seeds = {
        chunk_seed(seed, system_name, configuration, bug, chunk)
        for seed in (1, 2)
        for system_name in ("a", "b")
        for configuration in ("x", "y")
        for bug in (None, "bug")
        for chunk in (0, 1)
    }
    assert len(seeds) == 32


def test_the_number_of_steps_can_be_overridden() -> None:
    result = searched(steps=2)
    assert all(len(first.schedule.steps) <= 2 for first in result.first_failures.values())
    assert result.operations < searched().operations / 2


def test_a_deep_bug_is_found_with_guidance() -> None:
    configuration = system.bugs["deep"].configuration
    chunks = (
        search_chunk(system, configuration, seed=3, chunk=chunk, schedules=500, bug="deep")
        for chunk in count()
    )
    found = next(number for number, result in zip(range(6), chunks, strict=False) if result.first_failures)
    assert found < 6


def test_a_deep_bug_is_found_sooner_from_a_script() -> None:
    profile = replace(PROFILE, scripts=((Crash(node="n1"), Restart(node="n1"), LAG, Promote(old="leave")),))
    configuration = replace(system.bugs["deep"].configuration, profile=profile)
    result = search_chunk(system, configuration, seed=3, schedules=100, bug="deep")
    assert result.first_failures["liveness"].schedule.steps[:4] == profile.scripts[0]


def test_a_simulation_that_raises_is_an_error_of_the_harness() -> None:
    result = search_chunk(system, LEADER, seed=1, schedules=50, bug="raises")
    assert result.schedules == 50
    assert not result.first_failures
    assert 0 < len(result.errors) <= 3
    assert result.errors[0].kind == "simulate"
    assert result.errors[0].message == "the simulation failed: RuntimeError: the fake system fell over"
    assert result.errors[0].schedule is not None


@dataclass
class Unsteady(FakeSystem):
    """A system of which no two runs are the same."""

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        run = super().simulate(schedule, bug=bug)
        return replace(run, events=[*run.events, (0, "call", self.simulations)])


def test_runs_that_differ_are_an_error_of_the_harness() -> None:
    result = search_chunk(Unsteady(), LEADER, seed=1, schedules=20)
    assert result.errors[0].kind == "determinism"
    assert "(0, 'call', 1), and then (0, 'call', 2)" in result.errors[0].message


@dataclass
class Unreadable(FakeSystem):
    """A system that records what is no history."""

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        run = super().simulate(schedule, bug=bug)
        stray = Operation(index=0, session="s9", op="read", key="k0", start=5, end=1, status="ok")
        return replace(run, operations=[stray])


def test_a_run_that_cannot_be_judged_is_kept(tmp_path: Path) -> None:
    result = search_chunk(Unreadable(), LEADER, seed=1, schedules=10, histories=tmp_path)
    assert result.errors[0].kind == "judge"
    assert result.errors[0].path is not None
    assert Path(result.errors[0].path).parent == tmp_path / "unjudged"
    assert '"session":"s9"' in Path(result.errors[0].path).read_text()
    assert not result.first_failures


def test_what_could_have_been_stale_is_counted_by_schedule_and_by_guarantee() -> None:
    class Telling(FakeSystem):
        def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
            run = super().simulate(schedule, bug=bug)
            behind = any(isinstance(step, Lag) for step in schedule.steps)
            return replace(run, states={BEHIND_AT_A_READ: 3} if behind else {})

    chunk = search_chunk(Telling(), ANY_FOLLOWER, seed=1, schedules=100)
    assert 0 < chunk.could_have_been_stale < 100
    judged = chunk.judged_schedules["read-your-writes"]
    assert 0 < chunk.stale_schedules["read-your-writes"] < judged
    tally = Tally(Row(system="fake", configuration="any follower", bug=None), ANY_FOLLOWER, None)
    for _ in range(2):
        tally.add(chunk)
    result = tally.result()
    assert result.could_have_been_stale == 2 * chunk.could_have_been_stale
    outcome = result.guarantees["read-your-writes"]
    assert outcome.could_have_been_stale == 2 * chunk.stale_schedules["read-your-writes"]


def test_it_ends_when_it_is_told_to() -> None:
    asked = count(1)
    result = searched(stop=lambda: next(asked) > 10)
    assert (result.schedules, result.stopped) == (10, True)


def test_ctrl_c_keeps_what_was_found() -> None:
    class Interrupted(FakeSystem):
        def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
            if self.simulations == 60:
                raise KeyboardInterrupt
            return super().simulate(schedule, bug=bug)

    result = search_chunk(Interrupted(), ANY_FOLLOWER, seed=1, schedules=500)
    assert result.interrupted
    assert 0 < result.schedules <= 60
    assert result.first_failures


def test_ctrl_c_is_noted_wherever_it_falls() -> None:
    """Within a callback of the garbage collector, say, where what is raised is lost."""

    class Interrupted(FakeSystem):
        def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
            if self.simulations == 60:
                gc.callbacks.append(interrupt)
                gc.collect()
                gc.callbacks.remove(interrupt)
            return super().simulate(schedule, bug=bug)

    def interrupt(phase: str, info: object) -> None:
        if phase == "start":
            signal.raise_signal(signal.SIGINT)

    result = search_chunk(Interrupted(), ANY_FOLLOWER, seed=1, schedules=500)
    assert result.interrupted
    assert 0 < result.schedules <= 61
    assert result.first_failures
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_does_not_wait_for_the_schedule() -> None:
    class Stuck(FakeSystem):
        def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
            while True:
                signal.raise_signal(signal.SIGINT)

    result = search_chunk(Stuck(), ANY_FOLLOWER, seed=1, schedules=500)
    assert (result.interrupted, result.schedules) == (True, 1)


def test_a_saved_run_of_a_failing_judge_can_be_loaded(tmp_path: Path) -> None:
    """What is wrong with it is named when it is read."""
    result = search_chunk(Unreadable(), LEADER, seed=1, schedules=5, histories=tmp_path)
    assert result.errors[0].path is not None
    with pytest.raises(HistoryError, match="end"):
        load(Path(result.errors[0].path))
