"""When a search has to stop, and how several share what there is."""

from __future__ import annotations

from time import perf_counter

import pytest

from checker import Operation
from checker.search import budget, deepening
from checker.search.budget import Meter
from checker.search.deepening import attempt, decide
from checker.search.problem import Problem
from checker.search.search import Finding
from tests.checker.literal import c, r, w
from tests.checker.registers import posed


def test_a_meter_without_bounds_is_never_spent() -> None:
    meter = Meter()
    meter.count = 10**9
    assert not meter.is_spent(10**9)
    assert (meter.pause, meter.crowded) == (10**9 + 64, False)


def test_a_meter_that_counts() -> None:
    """It asks to be looked at when the count is one too many, if that is sooner than in a while."""
    meter = Meter(most=70)
    assert not meter.is_spent(0)
    assert meter.pause == 64
    meter.count = 64
    assert not meter.is_spent(0)
    assert meter.pause == 71
    meter.count = 70
    assert not meter.is_spent(0)
    assert not meter.crowded
    meter.count = 71
    assert meter.is_spent(0)
    assert meter.crowded


def test_a_crowded_meter_stays_spent() -> None:
    meter = Meter(held=3)
    assert not meter.is_spent(3)
    assert not meter.crowded
    assert meter.is_spent(4)
    assert meter.crowded
    assert meter.is_spent(0)


def test_a_meter_with_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "perf_counter", lambda: 100.0)
    assert Meter(deadline=99.9).is_spent(0)
    assert not Meter(deadline=100.0).is_spent(0)


def problem(*operations: Operation) -> Problem:
    return posed(operations)


FITS = problem(w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 20, 30))
STUCK = problem(w(0, "a", "x=1", 0, 10), r(1, "b", "x=2", 20, 30), r(2, "b", "x=2", 40, 50))
LAST = problem(
    w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 0, 10), r(2, "b", "x=2", 20, 30), r(3, "b", "x=1", 40, 50)
)
WIDE = problem(*(c(at, f"s{at}", f"x=null>{at}", 0, 10) for at in range(8)), r(8, "r", "x=0", 20, 30))


def test_what_is_decided_of_each_problem_in_the_order_in_which_they_were_posed() -> None:
    far = perf_counter() + 60
    last, fits, stuck = decide([LAST, FITS, STUCK], deadline=far, memory=10**6)
    assert (fits.answer, fits.returned, fits.stuck, fits.why) == ("fits", 2, None, "")
    assert (stuck.answer, stuck.returned, stuck.stuck, stuck.why) == ("stuck", 1, 1, "")
    assert (last.answer, last.returned, last.stuck) == ("stuck", 3, 3)
    assert fits.configurations == 1
    assert decide([], deadline=far, memory=0) == []


@pytest.mark.parametrize(("seconds", "memory", "why"), [(-1, 10**6, "time"), (60, 0, "memory")])
def test_what_there_was_too_little_of(seconds: float, memory: int, why: str) -> None:
    (decision,) = decide([WIDE], deadline=perf_counter() + seconds, memory=memory)
    assert (decision.answer, decision.returned, decision.stuck, decision.why) == ("open", 0, None, why)
    assert decision.configurations == 1


def test_how_many_configurations_of_a_problem_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted over all rounds; those of other problems count for themselves."""
    left: list[int | None] = []

    def undecided(posed: Problem, meter: Meter, *, width: int) -> Finding:
        left.append(meter._most)
        if posed is FITS:
            return attempt(posed, meter, width=width)
        meter.count = 100
        meter.is_spent(0)
        return Finding("open", 3, 100)

    monkeypatch.setattr(deepening, "attempt", undecided)
    far = perf_counter() + 60
    wide, fits = decide([WIDE, FITS], deadline=far, memory=10**6, most=[250, None])
    assert (wide.answer, wide.why, wide.configurations, fits.answer) == ("open", "memory", 300, "fits")
    assert left == [None, 250, 150, 50]
    left.clear()
    decide([WIDE, FITS], deadline=far, memory=10**6, most=[99, 7])
    assert left == [7, 99]


def test_a_configuration_that_is_held_takes_four_hundred_bytes() -> None:
    far = perf_counter() + 60
    for memory, answer, why in ((400, "fits", ""), (399, "open", "memory")):
        (decision,) = decide([FITS], deadline=far, memory=memory)
        assert (decision.answer, decision.why) == (answer, why)


def test_rounds_get_wider_until_something_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shorter problem comes first; configurations are counted over all rounds."""
    tried: list[tuple[Problem, int]] = []

    def narrow(posed: Problem, meter: Meter, *, width: int) -> Finding:
        tried.append((posed, width))
        if posed is WIDE and width < 64:
            meter.count = 100
            return Finding("open", 3, 100)
        return attempt(posed, meter, width=width)

    monkeypatch.setattr(deepening, "attempt", narrow)
    wide, fits = decide([WIDE, FITS], deadline=perf_counter() + 60, memory=10**6)
    assert tried == [(FITS, 4), (WIDE, 4), (WIDE, 16), (WIDE, 64)]
    assert (wide.answer, fits.answer, wide.why) == ("stuck", "fits", "")
    monkeypatch.undo()
    alone = Meter()
    attempt(WIDE, alone, width=64)
    assert wide.configurations == 200 + alone.count


def test_each_problem_gets_its_share_of_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still here: of three a third, of two that are left half, and then all of it."""
    shares: list[float | None] = []

    def noted(posed: Problem, meter: Meter, *, width: int) -> Finding:
        shares.append(meter._deadline)
        return Finding("fits", 0, 0)

    monkeypatch.setattr(deepening, "attempt", noted)
    monkeypatch.setattr(deepening, "perf_counter", lambda: 100.0)
    decide([FITS, FITS, FITS], deadline=106.0, memory=10**6)
    assert shares == [102.0, 103.0, 106.0]
    shares.clear()
    decide([FITS, FITS], deadline=99.0, memory=10**6)
    assert shares == [100.0, 100.0]


@pytest.mark.parametrize(("now", "rounds"), [(99.0, 3), (100.0, 1), (101.0, 1)])
def test_no_round_begins_after_the_deadline(monkeypatch: pytest.MonkeyPatch, now: float, rounds: int) -> None:
    tried: list[int] = []

    def undecided(posed: Problem, meter: Meter, *, width: int) -> Finding:
        tried.append(width)
        return Finding("open" if len(tried) < 3 else "fits", 0, 0)

    monkeypatch.setattr(deepening, "attempt", undecided)
    monkeypatch.setattr(deepening, "perf_counter", lambda: now)
    decide([FITS], deadline=100.0, memory=10**6)
    assert len(tried) == rounds


def test_what_the_upper_bound_does_not_decide_is_told_as_the_lower_one_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A meter that is spent under the one bound is not asked for the other."""
    bounds: list[str] = []

    class Undecided:
        def __init__(self, posed: Problem, meter: Meter, *, width: int, bound: str) -> None:
            bounds.append(bound)
            self.finding = Finding("open", len(bounds), 0)

        def run(self) -> Finding:
            return self.finding

    class Refuting(Undecided):
        def run(self) -> Finding:
            return Finding("stuck" if len(bounds) == 2 else "open", len(bounds), 0, 7)

    monkeypatch.setattr(deepening, "Search", Refuting)
    assert attempt(FITS, Meter(), width=4) == Finding("stuck", 2, 0, 7)
    bounds.clear()
    monkeypatch.setattr(deepening, "Search", Undecided)
    assert attempt(FITS, Meter(), width=4).returned == 1
    assert bounds == ["under", "over"]
    bounds.clear()
    assert attempt(FITS, Meter(deadline=perf_counter() - 1), width=4).returned == 1
    assert bounds == ["under"]
