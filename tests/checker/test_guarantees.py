"""Each guarantee: a history that breaks it and why, one that keeps it, one that leaves it open."""

from __future__ import annotations

import pytest

from checker import GUARANTEES, History, Staleness, check
from checker.verdict import Verdict
from tests.checker.literal import f, history, r, w

BOUND = Staleness.parse("40ns")

VIOLATED = {
    "read-your-writes": (
        history(w(0, "a", "x=1", 0, 10, position=1), r(1, "a", "x=null", 20, 30, node="n2", version=None)),
        (0, 1),
        "Let w = operation 0 (a writes 1 to x) and r = operation 1 (a reads null from x at n2). "
        "Then w happened before r, because both are of session a and w ended at 10 ns, before r "
        "started at 20 ns. But r did not see w, because r returned the initial version, which is "
        "older than any that was written: a contradiction.",
    ),
    "monotonic-reads": (
        history(
            w(0, "a", "x=1", 0, 10, position=1),
            w(1, "a", "x=2", 20, 30, position=2),
            r(2, "b", "x=2", 40, 50),
            r(3, "b", "x=1", 60, 70),
        ),
        (1, 2, 3),
        "Let w = operation 1 (a writes 2 to x), r1 = operation 2 (b reads 2 from x) and r2 = "
        "operation 3 (b reads 1 from x). Then w happened before r1, because r1 returned 2, which "
        "only w can have written, and r1 happened before r2, because both are of session b and r1"
        " ended at 50 ns, before r2 started at 60 ns. But r2 did not see w, because r2 returned "
        "what operation 0 wrote, and operation 0 has position 1, below w's 2: a contradiction.",
    ),
    "monotonic-writes": (
        history(w(0, "a", "x=1", 0, 10, position=2), w(1, "a", "y=1", 20, 30, position=1), one_log=True),
        (0, 1),
        "Let w1 = operation 0 (a writes 1 to x) and w2 = operation 1 (a writes 1 to y). Then w1 "
        "happened before w2, because both are of session a and w1 ended at 10 ns, before w2 "
        "started at 20 ns. But w2 is ordered before w1, because w2 has position 1, below w1's 2: "
        "a contradiction.",
    ),
    "writes-follow-reads": (
        history(
            w(0, "a", "x=1", 0, 10, position=[1, 5]),
            r(1, "b", "x=1", 20, 30),
            w(2, "b", "x=2", 40, 50, position=[1, 4]),
        ),
        (0, 1, 2),
        "Let w1 = operation 0 (a writes 1 to x), r = operation 1 (b reads 1 from x) and w2 = "
        "operation 2 (b writes 2 to x). Then w1 happened before r, because r returned 1, which "
        "only w1 can have written, and r happened before w2, because both are of session b and r "
        "ended at 30 ns, before w2 started at 40 ns. But w2 is ordered before w1, because w2 has "
        "position [1,4], below w1's [1,5]: a contradiction.",
    ),
    "consistent-prefix": (
        history(
            w(0, "a", "x=1", 0, 10),
            w(1, "a", "y=1", 20, 30),
            r(2, "b", "y=1", 40, 50),
            r(3, "b", "x=null", 60, 70),
        ),
        (0, 2, 3),
        "Let w1 = operation 0 (a writes 1 to x), w2 = operation 1 (a writes 1 to y), r1 = "
        "operation 2 (b reads 1 from y) and r2 = operation 3 (b reads null from x). Then w1 "
        "happened before w2, because both are of session a and w1 ended at 10 ns, before w2 "
        "started at 20 ns, and w2 happened before r1, because r1 returned 1, which only w2 can "
        "have written, and r1 happened before r2, because both are of session b and r1 ended at "
        "50 ns, before r2 started at 60 ns. But r2 did not see w1, because r2 returned the "
        "initial version, which is older than any that was written: a contradiction.",
    ),
    "causal": (
        history(
            w(0, "a", "x=1", 0, 10),
            r(1, "b", "x=1", 20, 30),
            w(2, "b", "x=2", 40, 50),
            r(3, "c", "x=2", 60, 70),
            r(4, "c", "x=1", 80, 90),
        ),
        (2, 3, 4),
        "Let w = operation 2 (b writes 2 to x), r1 = operation 3 (c reads 2 from x) and r2 = "
        "operation 4 (c reads 1 from x). Then w happened before r1, because r1 returned 2, which "
        "only w can have written, and r1 happened before r2, because both are of session c and r1 "
        "ended at 70 ns, before r2 started at 80 ns. But r2 did not see w, because r2 returned what "
        "operation 0 wrote, and operation 0 is in the causal past of w: a contradiction "
        "(WriteCORead).",
    ),
    "bounded-staleness": (
        history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=null", 51, 60)),
        (0, 1),
        "Let w = operation 0 (a writes 1 to x) and r = operation 1 (b reads null from x). Then w "
        "happened before r, because w ended at 10 ns, before r started at 51 ns, 41 ns later, "
        "which is more than 40 ns. But r did not see w, because r returned the initial version, "
        "which is older than any that was written: a contradiction.",
    ),
    "linearizable": (
        history(w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 30), r(2, "b", "x=1", 40, 50)),
        (0, 1, 2),
        "Let A be operation 0 (a writes 1 to x) and its read, operation 2, and B operation 1 (a "
        "writes 2 to x). Then one of them precedes the other as a whole, because no other write "
        "can stand between a write and what read or replaced it. But A precedes B, because "
        "operation 0 ended at 10 ns, before operation 1 started at 20 ns, and B precedes A, "
        "because operation 1 ended at 30 ns, before operation 2 started at 40 ns: a "
        "contradiction.",
    ),
    "no-lost-acknowledged-writes": (
        history(
            w(0, "a", "x=1", 0, 10, position=1),
            f(1, "n1", "x=null", 20, version=None),
            f(2, "n2", "x=null", 30),
        ),
        (0, 1, 2),
        "Let w = operation 0 (a writes 1 to x), and the final reads that began later be r1 = "
        "operation 1 (final-n1 reads null from x at n1) and r2 = operation 2 (final-n2 reads null"
        " from x at n2). Then w was acknowledged at 10 ns. But r1 did not see w, because r1 "
        "returned the initial version, which is older than any that was written, and r2 did not "
        "see w, because r2 returned the initial version, which is older than any that was "
        "written: w is in no node, a contradiction.",
    ),
    "convergence": (
        history(w(0, "a", "x=1", 0, 10), f(1, "n1", "x=1", 20), f(2, "n2", "x=null", 30)),
        (1, 2),
        "Let r1 = operation 1 (final-n1 reads 1 from x at n1) and r2 = operation 2 (final-n2 "
        "reads null from x at n2). Then each is the last final read of x by its node, because no "
        "other one followed. But r1 returned 1 and r2 null: n1 and n2 have not converged.",
    ),
    "unique-positions": (
        history(w(0, "a", "x=1", 0, 10, position=7), w(1, "b", "x=2", 5, 15, position=7)),
        (0, 1),
        "Let w1 = operation 0 (a writes 1 to x) and w2 = operation 1 (b writes 2 to x). Then each"
        " has a position of its own in the log of x, because both were acknowledged. But both "
        "have position 7: a contradiction.",
    ),
    "no-aborted-reads": (
        history(w(0, "a", "x=1", 0, 10, status="fail"), r(1, "b", "x=1", 20, 30)),
        (0, 1),
        "Let w = operation 0 (a writes 1 to x) and r = operation 1 (b reads 1 from x). Then r saw"
        " w, because r returned 1, which w wrote and nobody else can have. But w failed, so it "
        "never took effect: a contradiction.",
    ),
    "no-thin-air-reads": (
        history(r(0, "b", "x=1", 20, 30), w(1, "a", "x=1", 40, 50)),
        (0,),
        "Let r = operation 0 (b reads 1 from x). Then somebody wrote 1 to x before r ended, "
        "because r returned it. But operation 1 started only after r had ended: a contradiction.",
    ),
}

HOLDS = {
    "read-your-writes": history(w(0, "a", "x=1", 0, 10, position=1), r(1, "a", "x=1", 20, 30, version=1)),
    "monotonic-reads": history(
        w(0, "a", "x=1", 0, 10, position=1),
        w(1, "a", "x=2", 20, 30, position=2),
        r(2, "b", "x=1", 40, 50),
        r(3, "b", "x=2", 60, 70),
    ),
    "monotonic-writes": history(
        w(0, "a", "x=1", 0, 10, position=1), w(1, "a", "y=1", 20, 30, position=2), one_log=True
    ),
    "writes-follow-reads": history(
        w(0, "a", "x=1", 0, 10, position=[1, 5]),
        r(1, "b", "x=1", 20, 30),
        w(2, "b", "x=2", 40, 50, position=[2, 1]),
    ),
    "consistent-prefix": history(
        w(0, "a", "x=1", 0, 10), w(1, "a", "y=1", 20, 30), r(2, "b", "y=1", 40, 50), r(3, "b", "x=1", 60, 70)
    ),
    "causal": history(
        w(0, "a", "x=1", 0, 10),
        r(1, "b", "x=1", 20, 30),
        w(2, "b", "x=2", 40, 50),
        r(3, "c", "x=1", 60, 70),
        r(4, "c", "x=2", 80, 90),
    ),
    "bounded-staleness": history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 51, 60)),
    "linearizable": history(w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 30), r(2, "b", "x=1", 25, 50)),
    "no-lost-acknowledged-writes": history(
        w(0, "a", "x=1", 0, 10, position=1), f(1, "n1", "x=null", 20, version=None), f(2, "n2", "x=1", 30)
    ),
    "convergence": history(w(0, "a", "x=1", 0, 10), f(1, "n1", "x=1", 20), f(2, "n2", "x=1", 30)),
    "unique-positions": history(w(0, "a", "x=1", 0, 10, position=7), w(1, "b", "x=2", 5, 15, position=8)),
    "no-aborted-reads": history(w(0, "a", "x=1", 0, None), r(1, "b", "x=1", 20, 30)),
    "no-thin-air-reads": history(r(0, "b", "x=1", 20, 30), w(1, "a", "x=1", 30, 50)),
}

UNKNOWN = {
    "read-your-writes": (
        history(w(0, "a", "x=1", 0, 10, position=1), r(1, "b", "x=1", 20, 30, version=1)),
        "vacuous",
        "no session read a key that it had written",
    ),
    "monotonic-reads": (
        history(
            w(0, "a", "x=1", 0, 10),
            w(1, "a", "x=1", 20, 30),
            r(2, "b", "x=1", 40, 50),
            r(3, "b", "x=null", 60, None),
        ),
        "vacuous",
        "no session read one key twice",
    ),
    "monotonic-writes": (
        history(w(0, "a", "x=1", 0, 10, position=2), w(1, "a", "y=1", 20, 30, position=1)),
        "vacuous",
        "no session wrote twice where the order of the two is known",
    ),
    "writes-follow-reads": (
        history(r(0, "b", "x=null", 20, 30), w(1, "b", "x=2", 40, 50, position=4)),
        "vacuous",
        "no session wrote, where the order is known, after a read of another write",
    ),
    "consistent-prefix": (
        history(
            w(0, "a", "x=1", 0, 10),
            w(1, "a", "y=1", 20, 30),
            r(2, "b", "x=null", 40, 50),
            r(3, "b", "y=1", 60, 70),
        ),
        "vacuous",
        "no session read an effect and then the key of one of its causes",
    ),
    "causal": (history(w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 30)), "vacuous", "no read was answered"),
    "bounded-staleness": (
        history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=null", 50, 60)),
        "vacuous",
        "no read began 40ns after an acknowledged write of its key",
    ),
    "linearizable": (
        history(w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 5, 12)),
        "vacuous",
        "no read was answered",
    ),
    "no-lost-acknowledged-writes": (
        history(w(0, "a", "x=1", 0, 10, position=1), f(1, "n1", "x=null", 5, version=None)),
        "ambiguous",
        "no final read tells whether an acknowledged write is still there",
    ),
    "convergence": (
        history(w(0, "a", "x=1", 0, None), f(1, "n1", "x=1", 20), f(2, "n2", "x=null", 30)),
        "ambiguous",
        "nodes did not answer, or a write that is still open may have landed between two reads",
    ),
    "unique-positions": (
        history(w(0, "a", "x=1", 0, 10, position=7), w(1, "b", "y=2", 5, 15, position=7)),
        "vacuous",
        "no two acknowledged writes have positions that compare",
    ),
    "no-aborted-reads": (
        history(w(0, "a", "x=1", 0, 10, status="fail"), r(1, "b", "x=1", 20, None)),
        "vacuous",
        "no read was answered",
    ),
    "no-thin-air-reads": (history(w(0, "a", "x=1", 0, 10)), "vacuous", "no read was answered"),
}


def judged(history: History, name: str) -> Verdict:
    return check(history, [name], staleness=BOUND).guarantees[name]


@pytest.mark.parametrize("name", GUARANTEES)
def test_violated_and_why(name: str) -> None:
    broken, operations, explanation = VIOLATED[name]
    verdict = judged(broken, name)
    assert verdict.verdict == "violated"
    assert verdict.violation_count == 1
    assert verdict.violations[0].operations == operations
    assert verdict.violations[0].explanation == explanation


@pytest.mark.parametrize("name", GUARANTEES)
def test_holds(name: str) -> None:
    verdict = judged(HOLDS[name], name)
    assert (verdict.verdict, verdict.reason, verdict.violations) == ("holds", None, ())
    assert verdict.judged > 0


@pytest.mark.parametrize("name", GUARANTEES)
def test_unknown_and_why(name: str) -> None:
    left_open, code, reason = UNKNOWN[name]
    verdict = judged(left_open, name)
    assert (verdict.verdict, verdict.reason_code, verdict.reason) == ("unknown", code, reason)


@pytest.mark.parametrize("name", GUARANTEES)
def test_an_empty_history_is_unknown(name: str) -> None:
    verdict = judged(history(), name)
    assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")
