"""What a report says of limits, of time spent, and of what became of writes."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from checker import Budget, Operation, Report, Verdict, check, guarantees, judge
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from checker.verdict import Account, Edge, Later, Violation
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

    ticks = iter(range(100))
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


def _account() -> Account:
    return Account((Edge(from_=1, to=2, edge="real-time", reason="so"),), "because")


def test_what_is_worked_out_later_is_worked_out_once() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    later = Later(make)
    assert made == []
    assert (later.get(), later.get(), made) == (1, 1, [1])
    assert pickle.loads(pickle.dumps(Later(_account))).get() == _account()


def test_a_violation_keeps_its_words_in_another_process() -> None:
    again = pickle.loads(pickle.dumps(Violation((1, 2), "x", _account)))
    assert (again.operations, again.key, again.cycle) == ((1, 2), "x", _account().cycle)
    assert again.explanation == "because"
    assert repr(again) == "<Violation by operations (1, 2)>"
    assert again.to_json() == {
        "operations": [1, 2],
        "key": "x",
        "cycle": [{"from": 1, "to": 2, "edge": "real-time"}],
        "explanation": "because",
    }


def test_a_verdict_says_only_what_there_is_to_say() -> None:
    holds = Verdict(verdict="holds", evidence="inferred", judged=2, ambiguous=1, elapsed_s=0.5)
    rest = {"violations": [], "violation_count": 0}
    assert holds.to_json() == {
        "verdict": "holds",
        "evidence": "inferred",
        "judged": 2,
        "ambiguous": 1,
        "elapsed_s": 0.5,
        **rest,
    }
    unknown = Verdict(verdict="unknown", reason="nothing", reason_code="vacuous")
    assert unknown.to_json() == {
        "verdict": "unknown",
        "reason": "nothing",
        "reason_code": "vacuous",
        "judged": 0,
        "ambiguous": 0,
        "elapsed_s": 0.0,
        **rest,
    }


def test_a_report_in_one_line() -> None:
    answers: dict[str, Verdict] = {
        "a": Verdict(verdict="holds"),
        "b": Verdict(verdict="unknown", reason_code="vacuous"),
        "c": Verdict(verdict="violated"),
        "d": Verdict(verdict="unknown", reason_code="vacuous"),
    }
    assert repr(Report(guarantees=answers, operations=7)) == (
        "<Report on 7 operations: violated; violated: c; unknown: b, d>"
    )
    assert repr(Report(guarantees={"a": answers["a"]})) == "<Report on 0 operations: holds>"


def test_a_report_of_all_that_there_is_and_of_what_was_asked_for() -> None:
    """GUARANTEES: an empty history is unknown, and so is one with nothing asked of it."""
    assert Report(guarantees={}).verdict == "unknown"
    assert Report(guarantees={"a": Verdict(verdict="holds")}, asked=()).verdict == "unknown"


def test_a_report_is_what_it_says_and_not_of_which_history() -> None:
    empty = Report(guarantees={})
    names = ("operations", "ok", "fail", "info", "sessions", "keys")
    assert [getattr(empty, name) for name in names] == [0] * 6
    assert Report(guarantees={}, history=STALE, fates=Later(lambda: None)) == empty
    assert Report(guarantees={}, keys=1) != empty


def test_a_report_in_another_process_has_everything_but_the_history() -> None:
    report = check(STALE, ["no-lost-acknowledged-writes"])
    again = pickle.loads(pickle.dumps(report))
    assert (again.history, report.history) == (None, STALE)
    assert (again.to_json(), again.durability) == (report.to_json(), report.durability)
    assert (again.asked, again.file) == (("no-lost-acknowledged-writes",), None)
    assert "durability" in report.to_json()
    assert "durability" not in check(STALE, ["read-your-writes"]).to_json()
