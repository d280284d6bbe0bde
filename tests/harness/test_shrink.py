"""Shrinking has tests: seed a bug, assert the minimal schedule, from fifteen starting points."""

import random
import statistics
from collections.abc import Callable

import pytest

from rts.harness.budget import admits
from rts.harness.draw import decode_drawn, drawn_size
from rts.harness.judge import violates
from rts.harness.shrink import Shrunk, shrink
from rts.harness.system import Configuration
from rts.schedule import (
    MILLISECOND,
    SECOND,
    AnyStep,
    CompareAndSet,
    Crash,
    Delete,
    Heal,
    Lag,
    Partition,
    Promote,
    Read,
    Restart,
    Schedule,
    Write,
)
from tests.harness.fake_system import ANY_FOLLOWER, PROFILE, FakeSystem
from tests.harness.histories import LAG, READ, STALE_READ, WRITE, schedule_of

SEEDS = 15
MEDIAN_SIMULATIONS = 200

SMALLEST: dict[tuple[str, str | None], tuple[AnyStep, ...]] = {
    ("read-your-writes", None): STALE_READ,
    ("monotonic-reads", None): (LAG, WRITE, Read(session="s0", key="k0", replica=1), READ),
    ("bounded-staleness", None): (
        Lag(source="n0", target="n1", delay_ns=5 * SECOND),
        WRITE,
        Read(session="s0", key="k0", after_ns=2 * SECOND),
    ),
    ("applied-in-order", "overtaking"): (LAG, WRITE, Heal(), WRITE),
    ("liveness", "deep"): (
        Crash(node="n0"),
        Restart(node="n0"),
        LAG,
        Promote(old="leave"),
        CompareAndSet(session="s0", key="k0"),
        Delete(session="s0", key="k0"),
    ),
}


def failing_schedule(seed: int, fails: Callable[[Schedule], bool]) -> Schedule:
    source = random.Random(seed)
    size = drawn_size(ANY_FOLLOWER, None)
    while True:
        schedule = decode_drawn(source.randbytes(size), "fake", ANY_FOLLOWER, None)
        if fails(schedule):
            return schedule


def planted(seed: int, fails: Callable[[Schedule], bool]) -> Schedule:
    """A drawn schedule with the six steps of the deep bug somewhere in it, in their order."""
    source = random.Random(seed)
    size = drawn_size(ANY_FOLLOWER, None)
    while True:
        steps = list(decode_drawn(source.randbytes(size), "fake", ANY_FOLLOWER, None).steps)
        places = sorted(source.sample(range(len(steps)), 6)) if len(steps) > 6 else range(6)
        for place, step in zip(reversed(places), reversed(SMALLEST["liveness", "deep"]), strict=True):
            steps.insert(place, step)
        schedule = schedule_of(*steps)
        if fails(schedule):
            return schedule


def fails_by(guarantee: str, bug: str | None, configuration: Configuration) -> Callable[[Schedule], bool]:
    system = FakeSystem()

    def fails(schedule: Schedule) -> bool:
        return admits(schedule, PROFILE.budget, configuration) and violates(
            system.simulate(schedule, bug=bug), configuration, guarantee
        )

    return fails


def shrunk_from(seed: int, guarantee: str, bug: str | None) -> Shrunk:
    fails = fails_by(guarantee, bug, ANY_FOLLOWER)
    start = planted(seed, fails) if bug == "deep" else failing_schedule(seed, fails)
    return shrink(start, fails, profile=PROFILE)


@pytest.mark.parametrize(("guarantee", "bug"), SMALLEST, ids=str)
def test_the_same_minimum_from_every_start(guarantee: str, bug: str | None) -> None:
    reached = [shrunk_from(seed, guarantee, bug) for seed in range(SEEDS)]
    steps = {shrunk.schedule.steps for shrunk in reached}
    assert steps == {SMALLEST[guarantee, bug]}
    assert {shrunk.schedule.jitter for shrunk in reached} == {0}
    assert all(shrunk.schedule.settings in ({}, {"heartbeat_ms": 100}) for shrunk in reached)
    assert statistics.median(shrunk.simulations for shrunk in reached) < MEDIAN_SIMULATIONS
    assert all(shrunk.complete for shrunk in reached)


def only(keep: Callable[[Schedule], bool], *steps: AnyStep) -> tuple[AnyStep, ...]:
    return shrink(schedule_of(*steps), keep, profile=PROFILE).schedule.steps


def test_names_start_from_zero() -> None:
    def two_sessions(schedule: Schedule) -> bool:
        return len({step.session for step in schedule.steps if isinstance(step, Write)}) == 2

    steps = (Write(session="s2", key="k1"), Write(session="s1", key="k0"))
    assert only(two_sessions, *steps) == (Write(session="s0", key="k0"), Write(session="s1", key="k0"))


def test_a_fault_that_delays_becomes_a_lag() -> None:
    def has_a_fault(schedule: Schedule) -> bool:
        return any(isinstance(step, Partition | Lag) for step in schedule.steps)

    assert only(has_a_fault, Partition(group=("n2", "s0"), direction="into")) == (LAG,)


def test_a_step_that_only_took_time_becomes_a_pause() -> None:
    def waits(schedule: Schedule) -> bool:
        return sum(1 + step.after_ns // MILLISECOND for step in schedule.steps) >= 3

    assert only(waits, WRITE, READ, READ) == (Read(session="s0", key="k0", after_ns=2 * MILLISECOND),)


def test_a_pair_that_cannot_go_one_by_one() -> None:
    def even(schedule: Schedule) -> bool:
        return len(schedule.steps) % 2 == 0

    assert only(even, WRITE, Crash(node="n1"), READ, Restart(node="n1")) == ()


def test_the_same_start_gives_the_same_result() -> None:
    first, second = (shrunk_from(3, "monotonic-reads", None) for _ in range(2))
    assert first == second


def test_a_schedule_that_does_not_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        shrink(schedule_of(WRITE), lambda schedule: False, profile=PROFILE)


def test_the_number_of_simulations_is_bounded() -> None:
    fails = fails_by("read-your-writes", None, ANY_FOLLOWER)
    shrunk = shrink(failing_schedule(1, fails), fails, profile=PROFILE, most_simulations=5)
    assert (shrunk.simulations, shrunk.complete) == (5, False)
    assert fails(shrunk.schedule)
