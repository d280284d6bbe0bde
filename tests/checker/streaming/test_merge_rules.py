"""One verdict from those on parts, and which guarantees have one."""

from __future__ import annotations

from typing import Any

import pytest

from checker import GUARANTEES, Header, History, Verdict
from checker.prepared import Prepared
from checker.streaming.merge import covers, is_ordered_alone, merge
from checker.verdict import Account, Violation
from tests.checker.literal import history, r, w

VACUOUS = Verdict(verdict="unknown", reason="nothing", reason_code="vacuous", elapsed_s=0.5)
HOLDS = Verdict(verdict="holds", evidence="positions", judged=3, ambiguous=1, elapsed_s=0.25)
UNSURE = Verdict(verdict="unknown", ambiguous=2, reason="unsure", reason_code="ambiguous", elapsed_s=1.0)
HALF_JUDGED = Verdict(verdict="unknown", judged=1, reason="half", reason_code="ambiguous")
SPENT = Verdict(verdict="unknown", reason="spent", reason_code="budget")


def violated(*rows: tuple[int, ...], count: int, **fields: Any) -> Verdict:
    violations = tuple(Violation(operations, "k", lambda: Account((), "")) for operations in rows)
    return Verdict(verdict="violated", violations=violations, violation_count=count, **fields)


def test_parts_that_hold_add_up() -> None:
    """A part in which there was nothing to judge takes nothing from the others."""
    assert merge("monotonic-reads", [HOLDS, VACUOUS, HOLDS], most=9) == Verdict(
        verdict="holds", evidence="positions", judged=6, ambiguous=2, elapsed_s=1.0
    )


def test_evidence_is_inferred_if_that_of_any_part_is() -> None:
    inferred = Verdict(verdict="holds", evidence="inferred", judged=1)
    for parts in ([HOLDS, inferred], [inferred, HOLDS], [inferred, VACUOUS]):
        assert merge("monotonic-reads", parts, most=9).evidence == "inferred"
    assert merge("monotonic-reads", [VACUOUS, VACUOUS], most=9).evidence is None


def test_violations_come_in_the_order_of_their_last_operation() -> None:
    parts = [
        violated((3, 9), (7, 8), count=4, evidence="positions", judged=2, elapsed_s=1.0),
        violated((1, 8), (2, 5), count=2, evidence="positions", judged=3, ambiguous=1, elapsed_s=2.0),
        SPENT,
    ]
    merged = merge("monotonic-reads", parts, most=3)
    assert [violation.operations for violation in merged.violations] == [(2, 5), (1, 8), (7, 8)]
    assert (merged.verdict, merged.violation_count, merged.evidence) == ("violated", 6, "positions")
    assert (merged.judged, merged.ambiguous, merged.elapsed_s) == (5, 1, 3.0)
    assert (merged.reason, merged.reason_code) == (None, None)


@pytest.mark.parametrize(
    ("name", "parts", "judged", "reason", "code"),
    [
        ("monotonic-reads", [HOLDS, SPENT, VACUOUS], 3, "spent", "budget"),
        ("monotonic-reads", [UNSURE, HOLDS, HALF_JUDGED], 4, "half", "ambiguous"),
        ("monotonic-reads", [VACUOUS, UNSURE, VACUOUS], 0, "unsure", "ambiguous"),
        ("monotonic-reads", [VACUOUS, VACUOUS], 0, "nothing", "vacuous"),
        ("linearizable", [HOLDS, UNSURE], 3, "unsure", "ambiguous"),
    ],
)
def test_what_leaves_the_whole_open(
    name: str, parts: list[Verdict], judged: int, reason: str, code: str
) -> None:
    merged = merge(name, parts, most=9)
    assert (merged.verdict, merged.judged, merged.reason, merged.reason_code) == (
        "unknown",
        judged,
        reason,
        code,
    )
    assert merged.evidence is None
    assert merged.ambiguous == sum(part.ambiguous for part in parts)
    assert merged.elapsed_s == sum(part.elapsed_s for part in parts)


def test_a_part_that_is_merely_unsure_does_not_leave_the_others_open() -> None:
    merged = merge("monotonic-reads", [UNSURE, HOLDS], most=9)
    assert (merged.verdict, merged.judged, merged.ambiguous) == ("holds", 3, 3)


def test_why_a_guarantee_is_not_judged_key_by_key() -> None:
    assert covers("causal", one_log=False) == "it needs the causes of all operations at once"
    assert covers("consistent-prefix", one_log=True) == "it needs the causes of all operations at once"
    log = "it compares versions of different keys, since there is one log"
    for name in ("monotonic-writes", "writes-follow-reads", "unique-positions"):
        assert (covers(name, one_log=True), covers(name, one_log=False)) == (log, None)
    left_out = [name for name in GUARANTEES if covers(name, one_log=False) is not None]
    assert left_out == ["consistent-prefix", "causal"]
    assert covers("linearizable", one_log=True) is None
    assert covers("read-your-writes", one_log=True) is None


def test_a_key_with_one_write_is_ordered_alone_and_one_with_two_is_not() -> None:
    """Reads have no place among versions, however many there are."""
    one = (w(0, "a", "x=1", 0, 5), r(1, "b", "x=1", 10, 15), r(2, "b", "x=1", 20, 25))
    other = w(3, "c", "y=1", 0, 5)
    assert is_ordered_alone(Prepared(history(*one, other)))
    assert not is_ordered_alone(Prepared(history(*one, other, w(4, "c", "y=2", 10, 15))))
    placed = (w(5, "d", "z=1", 0, 5, position=1), w(6, "d", "z=2", 10, 15, position=2))
    assert is_ordered_alone(Prepared(history(*one, *placed)))
    assert is_ordered_alone(Prepared(History.from_operations((), header=Header())))
