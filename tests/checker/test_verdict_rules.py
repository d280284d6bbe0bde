"""What verdicts and reports say, of what they are made, and what goes along to another process."""

from __future__ import annotations

import pickle

from checker import Report, Verdict, check
from checker.verdict import Account, Edge, Later, Violation
from tests.checker.literal import history, r, w

STALE = history(
    w(0, "a", "x=1", 0, 10, position=1),
    r(1, "a", "x=null", 20, 30, version=None),
)


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
