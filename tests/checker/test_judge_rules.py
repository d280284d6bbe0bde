"""What a report says of limits, of time spent, and of what became of writes."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Budget, Operation, check, guarantees, judge
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from tests.checker.literal import f, history, r, w

STALE = history(
    w(0, "a", "x=1", 0, 10, position=1),
    r(1, "a", "x=null", 20, 30, version=None),
)


def test_a_history_needs_so_much_memory_for_each_operation() -> None:
    small = check(STALE, memory_limit=1_199)
    assert {
        (verdict.verdict, verdict.reason, verdict.reason_code) for verdict in small.guarantees.values()
    } == {("unknown", "the history needs more memory than the limit", "budget")}
    assert (small.durability, small.operations, small.keys) == (None, 2, 1)
    assert check(STALE, memory_limit=1_200).guarantees["read-your-writes"].verdict == "violated"


def test_the_time_limit_is_for_all_guarantees_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is a second later whenever it is asked: twice for each guarantee, and once at first."""
    ticks = iter(range(100))
    monkeypatch.setattr(judge, "perf_counter", lambda: float(next(ticks)))
    report = check(STALE, ["read-your-writes", "monotonic-reads", "convergence"], time_limit=3.0)
    found = {name: (verdict.reason_code, verdict.elapsed_s) for name, verdict in report.guarantees.items()}
    assert found == {
        "read-your-writes": (None, 1.0),
        "monotonic-reads": ("vacuous", 1.0),
        "convergence": ("budget", 0.0),
        "unique-positions": ("budget", 0.0),
        "no-aborted-reads": ("budget", 0.0),
        "no-thin-air-reads": ("budget", 0.0),
    }
    assert report.guarantees["convergence"].reason == "the time limit was reached"


@pytest.mark.parametrize(("limit", "known"), [(99.0, True), (-1.0, False), (None, True)])
def test_what_became_of_writes_is_worked_out_within_the_time_limit(limit: float | None, known: bool) -> None:
    report = check(STALE, ["no-lost-acknowledged-writes"], time_limit=limit)
    assert (report.durability is not None) == known


def test_the_moment_of_the_deadline_is_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "perf_counter", lambda: 100.0)
    report = check(STALE, ["no-lost-acknowledged-writes"], time_limit=0.0)
    assert report.guarantees["no-lost-acknowledged-writes"].reason_code == "vacuous"
    assert report.durability is not None


def test_open_and_failed_writes_that_were_read_are_told_of_alone() -> None:
    read = r(1, "b", "x=1", 20, 30)
    recovered = check(history(w(0, "a", "x=1", 0, None), read)).durability
    assert recovered is not None
    assert (recovered.acknowledged, recovered.recovered, recovered.aborted) == (0, 1, 0)
    aborted = check(history(w(0, "a", "x=1", 0, 10, status="fail"), read)).durability
    assert aborted is not None
    assert (aborted.acknowledged, aborted.recovered, aborted.aborted) == (0, 0, 1)


def test_what_became_of_writes_is_told_where_lost_ones_were_looked_for() -> None:
    assert check(STALE, ["no-lost-acknowledged-writes"]).durability is not None
    assert check(STALE, ["read-your-writes"]).durability is None
    unread = history(w(0, "a", "x=1", 0, 10, position=1))
    assert check(unread).durability is None


def test_what_there_is_no_memory_for_is_unknown_with_the_time_it_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spent(prepared: Prepared, limit: int) -> Any:
        raise OutOfBudget("too many of these")

    ticks = iter(range(7, 100))
    monkeypatch.setattr(judge, "perf_counter", lambda: float(next(ticks)))
    monkeypatch.setattr(guarantees, "CHECKS", {**guarantees.CHECKS, "monotonic-reads": spent})
    verdict = check(STALE, ["monotonic-reads"]).guarantees["monotonic-reads"]
    assert (verdict.verdict, verdict.reason_code, verdict.reason) == (
        "unknown",
        "budget",
        "too many of these",
    )
    assert verdict.elapsed_s == 1.0


def test_limits_reach_whoever_may_need_much(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[float | None, int]] = []

    def noted(prepared: Prepared, limit: int) -> Any:
        limits.append((prepared.deadline, prepared.memory_limit))
        raise OutOfBudget

    monkeypatch.setattr(judge, "perf_counter", lambda: 100.0)
    monkeypatch.setattr(guarantees, "CHECKS", {**guarantees.CHECKS, "causal": noted})
    check(STALE, ["causal"], time_limit=7.0, memory_limit=1_200)
    check(STALE, ["causal"], budget=Budget(seconds=7.0, bytes=1_200))
    check(STALE, ["causal"])
    assert limits == [(107.0, 1_200), (107.0, 1_200), (None, 4_000_000_000)]


@pytest.mark.parametrize("limits", [{"time_limit": 1.0}, {"memory_limit": 1}])
def test_a_budget_is_stated_one_way(limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="both") as refused:
        check(STALE, budget=Budget(), **limits)
    assert str(refused.value) == "a budget says both limits: leave out time_limit and memory_limit"


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["bounded-staleness"], "bounded-staleness needs a bound"),
        (["speed"], f"'speed' is no guarantee; there are {', '.join(guarantees.GUARANTEES)}"),
    ],
)
def test_what_cannot_be_asked_for(names: list[str], why: str) -> None:
    with pytest.raises(ValueError, match=names[0]) as refused:
        check(STALE, names)
    assert str(refused.value) == why


def test_every_verdict_says_how_long_it_took() -> None:
    for one in (STALE, history()):
        assert all(verdict.elapsed_s > 0 for verdict in check(one).guarantees.values())


def test_a_violation_shows_the_write_that_was_read_if_that_is_certain() -> None:
    """GUARANTEES: the cycle of monotonic-reads goes through the write of what was read first."""
    ways = {
        (0, 2, 3): (w(0, "c", "x=1", 0, 10), r(2, "a", "x=1", 30, 35), r(3, "a", "x=null", 40, 45)),
        (2, 3): (
            w(0, "c", "x=1", 0, 10),
            w(1, "d", "x=1", 0, 10),
            r(2, "a", "x=1", 30, 35),
            r(3, "a", "x=null", 40, 45),
        ),
    }
    for shown, operations in ways.items():
        (violation,) = check(history(*operations)).guarantees["monotonic-reads"].violations
        assert (violation.operations, violation.key) == (shown, "x")


def test_appends_without_an_order_are_named_by_the_first_key() -> None:
    """What is said of them does not hide that a guarantee had nothing to judge, or was out of budget."""
    appends = [
        Operation(index=at, session=f"s{at}", op="append", key=key, value=1, start=0, end=5, status="ok")
        for at, key in enumerate(("y", "x", "x", "y"))
    ]
    found = check(history(*appends)).guarantees
    assert found["monotonic-reads"].reason == (
        "what was read of key 'y' does not tell in which order its items were appended"
    )
    assert found["monotonic-reads"].reason_code == "ambiguous"
    assert found["linearizable"].reason == "no read was answered"


def test_final_reads_that_tell_nothing() -> None:
    late = history(w(0, "a", "x=1", 20, 30, position=1), f(1, "n", "x=1", 0, version=1))
    verdict = check(late).guarantees["no-lost-acknowledged-writes"]
    assert (verdict.verdict, verdict.reason_code, verdict.ambiguous) == ("unknown", "ambiguous", 1)
    assert verdict.reason == "no final read tells whether an acknowledged write is still there"


def test_ten_violations_are_shown_unless_one_says_how_many() -> None:
    one = history(*[w(at, "a", f"x={at}", 10 * at, 10 * at + 5, position=1) for at in range(12)])
    for verdict, shown in (
        (check(one).guarantees["unique-positions"], 10),
        (check(one, max_violations=11).guarantees["unique-positions"], 11),
    ):
        assert (len(verdict.violations), verdict.violation_count) == (shown, 11)
