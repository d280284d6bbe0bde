"""Causal consistency: each kind of violation with its argument, and clocks against the definition."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from checker import History, Operation, check
from checker.graph.circles import circles
from checker.orders.causality import Causality
from checker.prepared import Prepared
from checker.verdict import Verdict
from tests.checker.brute_force import INITIAL, Definitions
from tests.checker.histories import histories
from tests.checker.literal import c, history, r, w
from tests.checker.test_definitions import SETTINGS
from tests.checker.transactions import TransactionalDefinitions, transactional_histories

VIOLATED = {
    "WriteCOInitRead": (
        history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 20, 30), r(2, "b", "x=null", 40, 50)),
        (0, 1, 2),
        "Let w = operation 0 (a writes 1 to x), r1 = operation 1 (b reads 1 from x) and r2 = "
        "operation 2 (b reads null from x). Then w happened before r1, because r1 returned 1, "
        "which only w can have written, and r1 happened before r2, because both are of session b "
        "and r1 ended at 30 ns, before r2 started at 40 ns. But r2 did not see w, because r2 "
        "returned the initial version, which is older than any that was written: a contradiction "
        "(WriteCOInitRead).",
    ),
    "WriteCORead": (
        history(
            w(0, "a", "x=1", 0, 10),
            r(1, "b", "x=1", 20, 30),
            w(2, "b", "x=2", 40, 50),
            w(3, "b", "y=1", 60, 70),
            r(4, "c", "y=1", 80, 90),
            r(5, "c", "x=1", 100, 110),
        ),
        (2, 3, 4, 5),
        "Let w1 = operation 2 (b writes 2 to x), w2 = operation 3 (b writes 1 to y), r1 = "
        "operation 4 (c reads 1 from y) and r2 = operation 5 (c reads 1 from x). Then w1 happened"
        " before w2, because both are of session b and w1 ended at 50 ns, before w2 started at 60"
        " ns, and w2 happened before r1, because r1 returned 1, which only w2 can have written, "
        "and r1 happened before r2, because both are of session c and r1 ended at 90 ns, before "
        "r2 started at 100 ns. But r2 did not see w1, because r2 returned what operation 0 wrote,"
        " and operation 0 is in the causal past of w1: a contradiction (WriteCORead).",
    ),
    "WriteCORead by positions": (
        history(
            w(0, "a", "x=1", 0, 10, position=1),
            w(1, "b", "x=2", 0, 10, position=2),
            r(2, "b", "x=1", 20, 30),
        ),
        (1, 2),
        "Let w = operation 1 (b writes 2 to x) and r = operation 2 (b reads 1 from x). Then w "
        "happened before r, because both are of session b and w ended at 10 ns, before r started "
        "at 20 ns. But r did not see w, because r returned what operation 0 wrote, and operation "
        "0 has position 1, below w's 2: a contradiction (WriteCORead).",
    ),
    "CyclicCO": (
        history(c(0, "a", "x=2>1", 0, 10), c(1, "b", "x=1>2", 5, 15)),
        (0, 1),
        "Let c1 = operation 0 (a replaces 2 by 1 in x) and c2 = operation 1 (b replaces 1 by 2 in"
        " x). Then c1 happened before c2, because c2 returned 1, which only c1 can have written. "
        "But c2 happened before c1, because c1 returned 2, which only c2 can have written: a "
        "contradiction (CyclicCO).",
    ),
    "CyclicVO": (
        history(
            w(0, "a", "x=1", 0, 10, position=2),
            r(1, "b", "x=1", 20, 30),
            w(2, "b", "x=2", 40, 50, position=1),
        ),
        (0, 1, 2),
        "Let w1 = operation 0 (a writes 1 to x), r = operation 1 (b reads 1 from x) and w2 = "
        "operation 2 (b writes 2 to x). Then w1 happened before r, because r returned 1, which "
        "only w1 can have written, and r happened before w2, because both are of session b and r "
        "ended at 30 ns, before w2 started at 40 ns. But w2 is ordered before w1, because w2 has "
        "position 1, below w1's 2: a contradiction (CyclicVO).",
    ),
    "CyclicVO over two keys": (
        history(
            w(0, "a", "x=1", 0, 10, position=2),
            w(1, "a", "y=1", 20, 30, position=1),
            w(2, "b", "y=2", 0, 10, position=2),
            w(3, "b", "x=2", 20, 30, position=1),
        ),
        (0, 1, 2, 3),
        "Let w1 = operation 0 (a writes 1 to x), w2 = operation 1 (a writes 1 to y), w3 = "
        "operation 2 (b writes 2 to y) and w4 = operation 3 (b writes 2 to x). Then w1 happened "
        "before w2, because both are of session a and w1 ended at 10 ns, before w2 started at 20 "
        "ns, and w2 is ordered before w3, because w2 has position 1, below w3's 2, and w3 "
        "happened before w4, because both are of session b and w3 ended at 10 ns, before w4 "
        "started at 20 ns. But w4 is ordered before w1, because w4 has position 1, below w1's 2: "
        "a contradiction (CyclicVO).",
    ),
}


def judged(history: History) -> Verdict:
    return check(history, ["causal"]).guarantees["causal"]


@pytest.mark.parametrize("name", VIOLATED)
def test_what_is_violated_and_why(name: str) -> None:
    broken, operations, explanation = VIOLATED[name]
    verdict = judged(broken)
    assert (verdict.verdict, verdict.violation_count) == ("violated", 1)
    assert verdict.violations[0].operations == operations
    assert verdict.violations[0].explanation == explanation


def test_a_store_may_show_concurrent_writes_in_any_order() -> None:
    apart = history(
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "x=2", 0, 10),
        r(2, "c", "x=1", 20, 30),
        r(3, "c", "x=2", 40, 50),
        r(4, "d", "x=2", 20, 30),
        r(5, "d", "x=1", 40, 50),
    )
    verdict = judged(apart)
    assert (verdict.verdict, verdict.judged, verdict.evidence) == ("holds", 4, "inferred")


def test_an_open_write_precedes_nothing_in_its_session_but_what_its_readers_did() -> None:
    unread = history(
        w(0, "a", "x=1", 0, 10),
        w(1, "a", "x=2", 20, None),
        w(2, "a", "y=1", 40, 50),
        r(3, "b", "y=1", 60, 70),
        r(4, "b", "x=1", 80, 90),
    )
    read = history(*unread.operations, r(5, "c", "x=2", 60, 70), w(6, "c", "z=1", 80, 90))
    told = history(*read.operations, r(7, "b", "z=1", 100, 110), r(8, "b", "x=1", 120, 130))
    assert judged(unread).verdict == "holds"
    assert judged(read).verdict == "holds"
    assert judged(told).violations[0].operations == (1, 5, 6, 7, 8)


def test_an_ambiguous_read_is_never_fine() -> None:
    twice = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10))
    verdict = judged(history(*twice, r(2, "c", "x=1", 20, 30)))
    assert (verdict.verdict, verdict.reason_code, verdict.ambiguous) == ("unknown", "ambiguous", 1)


def test_an_ambiguous_read_is_violated_if_whatever_it_returned_is_older() -> None:
    replaced = history(
        w(0, "a", "x=1", 0, 10),
        w(1, "a", "x=1", 20, 30),
        w(2, "a", "x=2", 40, 50),
        r(3, "b", "x=2", 60, 70),
        r(4, "b", "x=1", 80, 90),
    )
    assert judged(replaced).violations[0].operations == (2, 3, 4)


def test_an_illegal_read_is_ambiguous() -> None:
    verdict = judged(history(w(0, "a", "x=1", 0, 10), r(1, "a", "x=7", 20, 30), r(2, "a", "x=1", 40, 50)))
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("holds", 1, 1)


def test_at_most_so_many_violations_are_told_of_those_that_there_are() -> None:
    reads = [r(index, "b", "x=null", 20 * index, 20 * index + 10) for index in range(2, 7)]
    verdict = check(
        history(w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 20, 30), *reads), ["causal"], max_violations=2
    ).guarantees["causal"]
    assert verdict.violation_count == 5
    assert [violation.operations for violation in verdict.violations] == [(0, 1, 2), (0, 1, 3)]


def test_who_read_a_swap_knows_the_open_write_that_it_replaced() -> None:
    """The cause is read by the effect itself, and by nobody else."""
    seen = history(
        w(0, "a", "x=1", 0, None),
        c(1, "b", "x=1>2", 10, 20),
        r(2, "c", "x=2", 30, 40),
        r(3, "c", "x=null", 50, 60),
    )
    verdict = check(seen, ["consistent-prefix"]).guarantees["consistent-prefix"]
    assert verdict.violations[0].operations == (0, 2, 3)


PLACED = {
    "one log": history(
        w(0, "a", "x=1", 0, 100, position=1),
        w(1, "b", "x=2", 10, 20, position=2),
        w(2, "b", "y=1", 30, 40, position=1),
    ),
    "clocks of replicas": history(
        w(0, "a", "x=1", 0, 10, position=5),
        w(1, "b", "x=2", 20, 30, position=1),
        w(2, "b", "y=1", 40, 50, position=2),
    ),
    "neither": history(
        w(0, "a", "x=1", 0, 10, position=5),
        w(1, "b", "y=1", 20, 30, position=3),
        w(2, "b", "x=2", 40, 50, position=1),
    ),
}


@pytest.mark.parametrize("name", PLACED)
def test_where_places_fit_causal_order_there_is_no_circle(name: str) -> None:
    assert circles(Prepared(PLACED[name])) == []
    assert judged(PLACED[name]).reason_code == "vacuous"


def test_every_circle_is_found_by_itself() -> None:
    two = history(
        w(0, "a", "x=1", 0, 10, position=2),
        w(1, "a", "x=2", 20, 30, position=1),
        w(2, "b", "y=1", 0, 10, position=2),
        w(3, "b", "y=2", 20, 30, position=1),
    )
    assert [circle.tolist() for circle in circles(Prepared(two))] == [[0, 1], [2, 3]]
    assert [violation.operations for violation in judged(two).violations] == [(0, 1), (2, 3)]


@pytest.mark.parametrize("wide", [0, 1_000])
@given(history=histories())
@settings(SETTINGS, max_examples=200)
def test_pasts_are_the_definition_however_the_clocks_are_filled(wide: int, history: History) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.orders.causality._WIDE", wide)
        causality = Causality(Prepared(history))
    definition = Definitions(history)
    took = [row for row, operation in enumerate(history.operations) if operation in definition.took]
    for row, operation in enumerate(history.operations):
        if operation in definition.took or operation in definition.reads:
            inside = causality.contains(np.array(took, dtype=np.int64), np.full(len(took), row))
            past = [(history.operations[w].index, operation.index) in definition.causally for w in took]
            assert inside.tolist() == past


@given(histories())
@SETTINGS
def test_which_version_is_older_is_the_definition(history: History) -> None:
    prepared, definition = Prepared(history), Definitions(history)
    rows = [row for row, operation in enumerate(history.operations) if operation in definition.took]
    version = dict(zip(rows, (history.operations[row] for row in rows), strict=True))
    version[prepared.initial] = INITIAL  # type: ignore[assignment]  # a version that nobody wrote
    for one, first in version.items():
        for other, second in version.items():
            if INITIAL in (first, second) or first.key == second.key:
                assert prepared.versions.is_older(one, other) == definition.older(first, second)


@given(histories())
@SETTINGS
def test_the_cycle_of_a_violation_is_closed(history: History) -> None:
    report = check(history, ["causal", "consistent-prefix"])
    for name in ("causal", "consistent-prefix"):
        for violation in report.guarantees[name].violations:
            cycle = violation.cycle
            assert all(one.to == other.from_ for one, other in pairwise((*cycle, cycle[0])))


@given(transactional_histories(lists=False))
@SETTINGS
def test_transactions_are_judged_as_one_operation_each(history: History) -> None:
    definitions = TransactionalDefinitions(history)
    found = check(history, ["causal", "consistent-prefix"]).guarantees
    assert found["causal"].verdict == definitions.causal()
    assert found["consistent-prefix"].verdict == definitions.consistent_prefix()
    for verdict in found.values():
        assert all(violation.explanation for violation in verdict.violations)


def test_a_transaction_hands_on_what_it_read() -> None:
    def transaction(index: int, session: str, start: int, *ops: list[object]) -> Operation:
        return Operation(
            index=index, session=session, op="txn", ops=list(ops), start=start, end=start + 10, status="ok"
        )

    handed_on = history(
        transaction(0, "a", 0, ["w", "x", 1]),
        transaction(1, "b", 20, ["r", "x", 1], ["w", "y", 1]),
        transaction(2, "c", 40, ["r", "y", 1], ["r", "x", None]),
    )
    verdict = judged(handed_on)
    assert verdict.violations[0].operations == (0, 1, 2)
    assert [edge.edge for edge in verdict.violations[0].cycle] == [
        "reads-from",
        "reads-from",
        "anti-dependency",
    ]


@given(histories())
@settings(SETTINGS, max_examples=200)
def test_a_look_at_the_read_before_changes_no_verdict(history: History) -> None:
    """What saves time on long histories is tried on short ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.checks.prefix._FEW", 0)
        found = check(history, ["consistent-prefix"]).guarantees["consistent-prefix"]
    closely = check(history, ["consistent-prefix"]).guarantees["consistent-prefix"]
    assert (found.verdict, found.judged, found.ambiguous) == (
        closely.verdict,
        closely.judged,
        closely.ambiguous,
    )
    assert found.verdict == Definitions(history).consistent_prefix()
