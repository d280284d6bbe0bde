from dataclasses import replace

import pytest

import checker
from rts.harness.judge import judge, violates
from rts.runs import Breach
from tests.harness.fake_system import ANY_FOLLOWER, LEADER, system
from tests.harness.histories import READ, STALE_READ, WRITE, schedule_of

STALE = system.simulate(schedule_of(*STALE_READ))
FRESH = system.simulate(schedule_of(WRITE, READ, configuration="leader", mode="leader"))


def test_guarantees_come_first_and_then_what_the_run_watched() -> None:
    names = list(judge(STALE, ANY_FOLLOWER).verdicts)
    hunted = [name for name in checker.GUARANTEES if name != "causal"]
    assert names == [*hunted, "applied-in-order", "liveness"]


def test_causal_is_judged_only_where_it_is_claimed() -> None:
    claiming = replace(ANY_FOLLOWER, breaks=(*ANY_FOLLOWER.breaks, "causal"))
    assert judge(STALE, claiming).verdicts["causal"].verdict == "violated"


def test_staleness_is_judged_only_where_it_is_claimed() -> None:
    assert "bounded-staleness" not in judge(FRESH, LEADER).verdicts


def test_what_is_violated() -> None:
    judgement = judge(STALE, ANY_FOLLOWER)
    assert judgement.violated == ("read-your-writes", "linearizable")
    assert judgement.explanation("read-your-writes") == (
        "Let w = operation 0 (s0 writes 2 to k0 at n0) and r = operation 1 (s0 reads null from k0 at n1). "
        "Then w happened before r, because both are of session s0 and w ended at 2.000001 ms, before r "
        "started at 2.000002 ms. But r did not see w, because r returned the initial version, which is "
        "older than any that was written: a contradiction."
    )
    assert judgement.explanation("convergence") is None
    assert judgement.explanation("no such guarantee") is None


def test_a_breach_is_a_violation_without_operations() -> None:
    breach = Breach("log-matching", "n1 and n2 differ at 3.", 17, "n1")
    verdict = judge(replace(FRESH, breaches=(breach,)), LEADER).verdicts["log-matching"]
    assert (verdict.verdict, verdict.judged, verdict.violation_count) == ("violated", 1, 1)
    assert verdict.violations[0].operations == ()
    assert verdict.violations[0].explanation == "n1 and n2 differ at 3."


def test_what_was_watched_and_never_checked_is_unknown() -> None:
    verdict = judge(replace(FRESH, watched={"log-matching": 0}), LEADER).verdicts["log-matching"]
    assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")


def test_more_violations_are_told_where_they_are_asked_for() -> None:
    run = system.simulate(schedule_of(*STALE_READ, READ, READ))
    assert len(judge(run, ANY_FOLLOWER).verdicts["read-your-writes"].violations) == 1
    assert len(judge(run, ANY_FOLLOWER, max_violations=9).verdicts["read-your-writes"].violations) == 2


@pytest.mark.parametrize(
    ("guarantee", "expected"),
    [
        ("read-your-writes", True),
        ("monotonic-reads", False),
        ("liveness", False),
        ("bounded-staleness", False),
    ],
)
def test_one_guarantee_alone(guarantee: str, expected: bool) -> None:
    assert violates(STALE, ANY_FOLLOWER, guarantee) is expected


def test_one_breach_alone() -> None:
    assert violates(replace(FRESH, breaches=(Breach("liveness", "stuck", 1),)), LEADER, "liveness")
