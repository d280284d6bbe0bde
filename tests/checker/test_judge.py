"""What `check` is asked, what it reports, and what the whole comes to."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import pytest

import checker
from checker import GUARANTEES, Operation, Report, Staleness, Verdict, check, exit_status
from checker.report import render_json
from checker.verdict import Answer, ReasonCode
from tests.checker.literal import d, f, history, r, w

STALE = history(
    w(0, "a", "x=1", 0, 10, position=1),
    r(1, "a", "x=null", 20, 30, node="n2", version=None),
)


def test_all_that_apply_are_judged_by_default() -> None:
    assert list(check(STALE).guarantees) == [name for name in GUARANTEES if name != "bounded-staleness"]
    assert list(check(STALE, staleness=Staleness(5, "ns")).guarantees) == list(GUARANTEES)


def test_what_is_always_checked_is_checked_beside_what_was_asked_for() -> None:
    report = check(STALE, ["monotonic-reads"])
    assert list(report.guarantees) == [
        "monotonic-reads",
        "unique-positions",
        "no-aborted-reads",
        "no-thin-air-reads",
    ]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="'monotonic' is no guarantee"):
        check(STALE, ["monotonic"])


def test_staleness_without_a_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="bounded-staleness needs a bound"):
        check(STALE, ["bounded-staleness"])


@pytest.mark.parametrize(
    ("text", "bound", "again"),
    [
        ("40ns", Staleness(40, "ns"), "40ns"),
        ("3us", Staleness(3_000, "ns"), "3us"),
        ("2.5ms", Staleness(2_500_000, "ns"), "2500us"),
        ("5s", Staleness(5_000_000_000, "ns"), "5s"),
        ("0s", Staleness(0, "ns"), "0ns"),
        ("10versions", Staleness(10, "versions"), "10 versions"),
        ("1version", Staleness(1, "versions"), "1 version"),
    ],
)
def test_bounds_on_staleness(text: str, bound: Staleness, again: str) -> None:
    assert Staleness.parse(text) == bound
    assert str(bound) == again
    assert Staleness.parse(again) == bound


@pytest.mark.parametrize("text", ["5", "s", "-5s", "5 minutes", "1.5versions", ""])
def test_what_is_no_bound(text: str) -> None:
    with pytest.raises(ValueError, match="versions"):
        Staleness.parse(text)


def test_staleness_in_versions() -> None:
    behind = history(
        w(0, "a", "x=1", 0, 10, position=1),
        w(1, "a", "x=2", 20, 30, position=2),
        w(2, "a", "x=3", 40, 50, position=3),
        r(3, "b", "x=1", 60, 70),
    )
    two = check(behind, staleness=Staleness(2, "versions")).guarantees["bounded-staleness"]
    one = check(behind, staleness=Staleness(1, "versions")).guarantees["bounded-staleness"]
    assert (two.verdict, one.verdict) == ("holds", "violated")
    assert one.violations[0].explanation == (
        "Let w = operation 2 (a writes 3 to x) and r = operation 3 (b reads 1 from x). "
        "Then w happened before r, because w ended at 50 ns, before r started at 60 ns. "
        "But r did not see w, because r returned what operation 0 wrote, "
        "and operation 0 has position 1, below w's 3, and is more than 1 version behind: a contradiction."
    )


def test_violations_are_counted_beyond_the_most_that_are_shown() -> None:
    reads = [r(index, "a", "x=null", 20 * index, 20 * index + 1, version=None) for index in range(1, 8)]
    verdict = check(history(w(0, "a", "x=1", 0, 10, position=1), *reads), max_violations=3).guarantees
    assert verdict["read-your-writes"].violation_count == 7
    assert [violation.operations for violation in verdict["read-your-writes"].violations] == [
        (0, 1),
        (0, 2),
        (0, 3),
    ]


def test_real_time_orders_writes_only_where_somebody_says_so() -> None:
    late = history(
        w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 20, 30), r(2, "c", "x=2", 40, 50), r(3, "c", "x=1", 60, 70)
    )
    assert check(late).guarantees["monotonic-reads"].verdict == "holds"
    told = check(late, real_time_writes=True).guarantees["monotonic-reads"]
    assert (told.verdict, told.evidence) == ("violated", "inferred")
    assert told.violations[0].cycle[-1].reason == (
        "operation 3 returned what operation 0 wrote, "
        "and operation 0 precedes operation 1 causally, or as a write through one leader"
    )


def test_appends_whose_order_nobody_knows_leave_their_key_open() -> None:
    other = Operation(index=9, session="z", op="append", key="x", value=9, start=0, end=1, status="ok")
    report = check(history(*STALE.operations, other)).guarantees
    assert report["read-your-writes"].verdict == "unknown"
    assert report["read-your-writes"].reason_code == "ambiguous"
    assert report["read-your-writes"].reason == (
        "what was read of key 'x' does not tell in which order its items were appended"
    )
    assert report["linearizable"].verdict == "violated"
    beside = history(
        *STALE.operations,
        other,
        w(10, "b", "y=1", 0, 10, position=2),
        r(11, "b", "y=null", 20, 30, version=None),
    )
    assert check(beside).guarantees["read-your-writes"].verdict == "violated"


def test_a_failed_append_touches_nothing() -> None:
    failed = Operation(index=9, session="z", op="append", key="x", value=9, start=0, end=1, status="fail")
    assert check(history(*STALE.operations, failed)).guarantees["read-your-writes"].verdict == "violated"


@pytest.mark.parametrize("limits", [{"time_limit": -1.0}, {"memory_limit": 1}])
def test_what_there_is_no_room_for_is_unknown(limits: dict[str, float]) -> None:
    report = check(STALE, **limits)  # type: ignore[arg-type]
    assert {verdict.reason_code for verdict in report.guarantees.values()} == {"budget"}
    assert report.verdict == "unknown"


def test_a_delete_lands_as_a_write_of_null() -> None:
    gone = history(
        w(0, "a", "x=1", 0, 10),
        d(1, "a", "x", 20, 30),
        f(2, "n1", "x=null", 40),
        f(3, "n2", "x=null", 50),
    )
    report = check(gone)
    assert report.guarantees["no-lost-acknowledged-writes"].verdict == "holds"
    assert report.guarantees["convergence"].verdict == "holds"


def whole(*verdicts: tuple[Answer, ReasonCode | None], asked: tuple[str, ...] | None = None) -> Report:
    return Report(
        guarantees={
            str(number): Verdict(verdict=answer, reason_code=code)
            for number, (answer, code) in enumerate(verdicts)
        },
        asked=asked,
    )


@pytest.mark.parametrize(
    ("report", "verdict", "status"),
    [
        (whole(("holds", None), ("violated", None), ("unknown", "budget")), "violated", 1),
        (whole(("holds", None), ("unknown", "vacuous")), "holds", 0),
        (whole(("holds", None), ("unknown", "ambiguous")), "unknown", 3),
        (whole(("holds", None), ("unknown", "budget")), "unknown", 3),
        (whole(("unknown", "vacuous"), ("unknown", "vacuous")), "unknown", 3),
        (whole(("holds", None), ("unknown", "vacuous"), asked=("0", "1")), "unknown", 3),
        (whole(("holds", None), ("unknown", "vacuous"), asked=("0",)), "holds", 0),
    ],
)
def test_the_verdict_of_the_whole(report: Report, verdict: str, status: int) -> None:
    assert report.verdict == verdict
    assert exit_status([report]) == status


def test_the_exit_status_over_several_files() -> None:
    holds, violated, unknown = (
        whole(("holds", None)),
        whole(("violated", None)),
        whole(("unknown", "vacuous")),
    )
    assert exit_status([]) == 5
    assert exit_status([holds, unknown]) == 3
    assert exit_status([holds, unknown, violated]) == 1


def test_what_was_always_checked_does_not_count_as_asked_for() -> None:
    fine = history(w(0, "a", "x=1", 0, 10), r(1, "a", "x=1", 20, 30))
    report = check(fine, ["read-your-writes"])
    assert report.guarantees["unique-positions"].verdict == "unknown"
    assert report.verdict == "holds"


def test_the_json_report() -> None:
    report = json.loads(render_json(check(STALE, ["read-your-writes"])))
    verdict = report["guarantees"].pop("read-your-writes")
    assert verdict.pop("elapsed_s") >= 0
    assert list(report["guarantees"]) == ["unique-positions", "no-aborted-reads", "no-thin-air-reads"]
    del report["guarantees"]
    assert report == {
        "format": "rts-report/1",
        "file": None,
        "operations": 2,
        "ok": 2,
        "fail": 0,
        "info": 0,
        "sessions": 1,
        "keys": 1,
        "verdict": "violated",
    }
    assert verdict == {
        "verdict": "violated",
        "evidence": "positions",
        "judged": 1,
        "ambiguous": 0,
        "violations": [
            {
                "operations": [0, 1],
                "key": "x",
                "cycle": [
                    {"from": 0, "to": 1, "edge": "session-order"},
                    {"from": 1, "to": 0, "edge": "anti-dependency"},
                ],
                "explanation": check(STALE).guarantees["read-your-writes"].violations[0].explanation,
            }
        ],
        "violation_count": 1,
    }


def test_a_report_can_be_sent_to_another_process() -> None:
    report = check(STALE)
    again = pickle.loads(pickle.dumps(report))
    assert again.to_json() == report.to_json()


def loaded_by(code: str, *modules: str) -> list[str]:
    code = f"{code}; import sys; print(*[name for name in {modules!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.split()


def test_importing_the_package_loads_nothing() -> None:
    assert loaded_by("import checker", "numpy", "networkx", "rich", "zstandard") == []


def test_judging_loads_neither_graphs_nor_tables() -> None:
    code = "import checker; checker.check(checker.History.from_operations([]))"
    assert loaded_by(code, "networkx", "rich", "zstandard", "trio", "hypothesis", "rts") == []


@pytest.mark.parametrize(
    ("fields", "graphs"), [("op=op, key='x', value=1", False), ("op='txn', ops=[[op[0], 'x', 1]]", True)]
)
def test_a_search_loads_graphs_for_transactions_alone(fields: str, graphs: bool) -> None:
    """The one that reads has two possible writers, so that it is searched for an order."""
    code = (
        "from checker import History, Operation, check; "
        f"one = [Operation(index=at, session=str(at), start=0, end=5, status='ok', {fields}) "
        "for at, op in enumerate(('write', 'write', 'read'))]; "
        "check(History.from_operations(one), ['linearizable'])"
    )
    searched = "checker.linearizability.searched"
    assert loaded_by(code, "networkx", searched) == ["networkx"] * graphs + [searched]


def test_every_public_name_is_there() -> None:
    assert all(getattr(checker, name) is not None for name in checker.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        checker.nothing  # noqa: B018
