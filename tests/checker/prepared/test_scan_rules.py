"""The parts of one transaction come at one time: none of them is before another."""

from __future__ import annotations

from checker import Operation, Verdict, check
from tests.checker.literal import history, r, w


def monotonic_reads(*operations: Operation) -> Verdict:
    return check(history(*operations), ["monotonic-reads"]).guarantees["monotonic-reads"]


def txn(index: int, session: str, ops: list[list[object]], start: int, end: int) -> Operation:
    return Operation(index=index, session=session, op="txn", ops=ops, start=start, end=end, status="ok")


def test_two_reads_of_one_transaction_are_no_pair() -> None:
    verdict = monotonic_reads(
        txn(0, "s0", [["r", "k", 2], ["r", "k", 1]], 0, 100),
        w(1, "s1", "k=1", 10, 15, position=1),
        w(2, "s1", "k=2", 20, 25, position=2),
    )
    assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")


def test_a_later_read_is_compared_with_both_reads_of_a_transaction() -> None:
    verdict = monotonic_reads(
        txn(0, "s0", [["r", "k", 2], ["r", "k", 1]], 0, 100),
        w(1, "s1", "k=1", 10, 15, position=1),
        w(2, "s1", "k=2", 20, 25, position=2),
        r(3, "s0", "k=1", 110, 115),
    )
    assert [found.operations for found in verdict.violations] == [(0, 2, 3)]
