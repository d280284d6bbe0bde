"""Linearizability: one literal history for each way to fail, and for each way to be fine."""

from __future__ import annotations

import pytest

from checker import check
from tests.checker.literal import c, d, history, r, w

VIOLATED = {
    "unwritten value": (
        history(r(0, "a", "x=1", 0, 10)),
        (0,),
        "Let r = operation 0 (a reads 1 from x). Then x was 1 when r took effect, because r found"
        " it so. But no operation that may have taken effect wrote 1 to x: a contradiction.",
    ),
    "written too late": (
        history(r(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 20, 30)),
        (0,),
        "Let r = operation 0 (a reads 1 from x). Then x was 1 when r took effect, because r found"
        " it so. But operation 1 started only after r had ended: a contradiction.",
    ),
    "replaced": (
        history(d(0, "a", "x", 0, 10), w(1, "a", "x=1", 20, 30), r(2, "b", "x=null", 40, 50)),
        (0, 1, 2),
        "Let r = operation 2 (b reads null from x). Then x was null when r took effect, because r"
        " found it so. But operation 1 had replaced the initial version and operation 0 by then, "
        "because it started after the end of any that was written, and ended before r started: a "
        "contradiction.",
    ),
    "two forward blocks": (
        history(
            w(0, "a", "x=1", 0, 10),
            w(1, "b", "x=2", 0, 12),
            r(2, "c", "x=2", 20, 30),
            r(3, "c", "x=1", 40, 50),
            r(4, "c", "x=2", 60, 70),
        ),
        (0, 1, 3, 4),
        "Let A be operation 0 (a writes 1 to x) and its read, operation 3, and B operation 1 (b "
        "writes 2 to x) and its read, operation 4. Then one of them precedes the other as a "
        "whole, because no other write can stand between a write and what read or replaced it. "
        "But A precedes B, because operation 0 ended at 10 ns, before operation 4 started at 60 "
        "ns, and B precedes A, because operation 1 ended at 12 ns, before operation 3 started at "
        "40 ns: a contradiction.",
    ),
    "initial": (
        history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=null", 20, 30)),
        (0, 1),
        "Let A be the initial version and its read, operation 1, and B operation 0 (a writes 1 to"
        " x). Then one of them precedes the other as a whole, because no other write can stand "
        "between a write and what read or replaced it. But A precedes B, because A is the initial"
        " version, and B precedes A, because operation 0 ended at 10 ns, before operation 1 "
        "started at 20 ns: a contradiction.",
    ),
    "forked": (
        history(c(0, "a", "x=null>1", 0, 10), c(1, "b", "x=null>2", 0, 10)),
        (0, 1),
        "Let c1 = operation 0 (a replaces null by 1 in x) and c2 = operation 1 (b replaces null "
        "by 2 in x). Then both replaced the initial version, because nobody else can have written"
        " what they expected. But only one operation can directly follow it: a contradiction.",
    ),
    "forked open": (
        history(
            w(0, "a", "x=1", 0, 10),
            c(1, "a", "x=1>2", 20, None),
            c(2, "b", "x=1>3", 20, 30),
            r(3, "c", "x=2", 40, 50),
        ),
        (0, 1, 2, 3),
        "Let c1 = operation 1 (a replaces 1 by 2 in x) and c2 = operation 2 (b replaces 1 by 3 in"
        " x). Then both replaced the version of operation 0, because nobody else can have written"
        " what they expected. But only one operation can directly follow it: a contradiction.",
    ),
    "circle": (
        history(c(0, "a", "x=1>2", 0, 10), c(1, "b", "x=2>1", 0, 10)),
        (0, 1),
        "Let c1 = operation 0 (a replaces 1 by 2 in x) and c2 = operation 1 (b replaces 2 by 1 in"
        " x). Then each of them replaced what another one wrote, because nobody else can have "
        "written what it expected. But one of them was first: a contradiction.",
    ),
    "inner": (
        history(w(0, "a", "x=1", 0, 10), c(1, "b", "x=1>2", 20, 30), r(2, "c", "x=1", 40, 50)),
        (0, 1, 2),
        "Let A be operation 0 (a writes 1 to x) and its read, operation 2, and B operation 1 (b "
        "replaces 1 by 2 in x). Then A precedes B as a whole, because a compare-and-set in B "
        "replaced what A left, at once. But B precedes some of A, because operation 1 ended at 30"
        " ns, before operation 2 started at 40 ns: a contradiction.",
    ),
    "open cas": (
        history(c(0, "a", "x=5>1", 0, None), r(1, "b", "x=1", 20, 30)),
        (0, 1),
        "Let c = operation 0 (a replaces 5 by 1 in x). Then x was 5 when c took effect, because c"
        " found it so (open, but another operation saw what it wrote). But no operation that may "
        "have taken effect wrote 5 to x: a contradiction.",
    ),
    "open cas chain": (
        history(c(0, "a", "x=5>1", 0, None), c(1, "b", "x=1>2", 0, None), r(2, "b2", "x=2", 20, 30)),
        (0, 1, 2),
        "Let c = operation 0 (a replaces 5 by 1 in x). Then x was 5 when c took effect, because c"
        " found it so (open, but another operation saw what it wrote). But no operation that may "
        "have taken effect wrote 5 to x: a contradiction.",
    ),
    "cas block": (
        history(
            w(0, "a", "x=1", 0, 10),
            c(1, "a", "x=1>2", 20, 30),
            w(2, "b", "x=3", 22, 28),
            r(3, "c", "x=3", 24, 27),
            r(4, "c", "x=1", 28, 29),
        ),
        (0, 1, 2, 3, 4),
        "Let A be operation 0 (a writes 1 to x) and operation 1 (a replaces 1 by 2 in x) and its "
        "read, operation 4, and B operation 2 (b writes 3 to x) and its read, operation 3. Then "
        "one of them precedes the other as a whole, because no other write can stand between a "
        "write and what read or replaced it. But A precedes B, because operation 0 ended at 10 "
        "ns, before operation 3 started at 24 ns, and B precedes A, because operation 3 ended at "
        "27 ns, before operation 4 started at 28 ns: a contradiction.",
    ),
}

HOLDS = {
    "cas chain": history(
        w(0, "a", "x=1", 0, 10),
        c(1, "a", "x=1>2", 20, 30),
        c(2, "b", "x=2>3", 22, 35),
        r(3, "c", "x=2", 31, 33),
        r(4, "c", "x=3", 36, 40),
    ),
    "open seen": history(w(0, "a", "x=1", 0, None), r(1, "b", "x=null", 10, 20), r(2, "b", "x=1", 500, 510)),
    "open unseen": history(w(0, "a", "x=1", 0, None), r(1, "b", "x=null", 10, 20)),
    "touch": history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=null", 10, 20)),
    "repeated": history(
        w(0, "a", "x=1", 0, 10, position=1),
        w(1, "a", "x=2", 20, 30, position=2),
        w(2, "a", "x=1", 40, 50, position=3),
        r(3, "b", "x=2", 45, 47, version=2),
    ),
    "open cas from initial": history(c(0, "a", "x=null>1", 0, None), r(1, "b", "x=1", 20, 30)),
    "deleted": history(w(0, "a", "x=1", 0, 10), d(1, "a", "x", 20, 30), r(2, "b", "x=null", 40, 50)),
}


@pytest.mark.parametrize("name", VIOLATED)
def test_violated_and_why(name: str) -> None:
    broken, operations, explanation = VIOLATED[name]
    verdict = check(broken, ["linearizable"]).guarantees["linearizable"]
    assert verdict.verdict == "violated"
    assert [violation.operations for violation in verdict.violations] == [operations]
    assert verdict.violations[0].explanation == explanation


@pytest.mark.parametrize("name", HOLDS)
def test_holds(name: str) -> None:
    assert check(HOLDS[name], ["linearizable"]).guarantees["linearizable"].verdict == "holds"


def test_positions_settle_repeated_values_and_so_does_the_search() -> None:
    placed = history(
        w(0, "a", "x=1", 0, 10, position=1),
        w(1, "b", "x=1", 0, 10, position=2),
        r(2, "b", "x=1", 20, 30, version=2),
    )
    bare = history(w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10), r(2, "b", "x=1", 20, 30))
    assert check(placed, ["linearizable"]).guarantees["linearizable"].evidence == "positions"
    verdict = check(bare, ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.evidence) == ("holds", "inferred")


def test_positions_that_are_no_witness_prove_nothing() -> None:
    crossed = history(
        w(0, "a", "x=1", 0, 10, position=2),
        w(1, "a", "x=2", 20, 30, position=1),
        r(2, "b", "x=2", 40, 50, version=1),
    )
    verdict = check(crossed, ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.evidence) == ("holds", "inferred")


def test_each_key_is_judged_alone() -> None:
    two = history(
        w(0, "a", "x=1", 0, 10),
        r(1, "a", "x=null", 20, 30),
        w(2, "b", "y=1", 0, 10),
        r(3, "b", "y=null", 20, 30),
        w(4, "c", "z=1", 0, 10),
        r(5, "c", "z=1", 20, 30),
    )
    verdict = check(two, ["linearizable"]).guarantees["linearizable"]
    assert [violation.key for violation in verdict.violations] == ["x", "y"]
    assert verdict.judged == 3
