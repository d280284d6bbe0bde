"""What came before an operation: not a part of its transaction, nor of another key or session."""

from __future__ import annotations

import pytest

from checker import Operation, Staleness, Verdict, check
from tests.checker.literal import d, f, history, r, w


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


GOES_BACK = (
    w(0, "s0", "a=1", 0, 5, position=1),
    w(1, "s0", "b=1", 10, 15, position=2),
    w(2, "s0", "b=2", 20, 25, position=3),
    r(3, "s1", "a=1", 30, 35),
    r(4, "s1", "b=2", 40, 45),
    r(5, "s1", "a=1", 50, 55),
    r(6, "s1", "b=1", 60, 65),
)
"""Key a never goes back, key b does."""


def test_a_key_that_goes_back_is_looked_at_beside_one_that_does_not() -> None:
    verdict = monotonic_reads(*GOES_BACK)
    assert (verdict.judged, verdict.violation_count) == (2, 1)
    assert [found.operations for found in verdict.violations] == [(2, 4, 6)]


def test_the_order_of_the_file_is_not_the_order_of_time() -> None:
    """The second write of the session comes first in the file, the first one last."""
    good = (
        w(0, "s0", "a=2", 20, 25, position=2),
        r(1, "s0", "a=2", 30, 35),
        w(2, "s0", "a=1", 0, 5, position=1),
    )
    report = check(history(*good), ["read-your-writes", "monotonic-writes"])
    found = [report.guarantees[name] for name in ("read-your-writes", "monotonic-writes")]
    assert [(verdict.verdict, verdict.judged) for verdict in found] == [("holds", 1), ("holds", 1)]


def test_a_stale_key_is_found_beside_one_that_is_not() -> None:
    verdict = check(history(*GOES_BACK), ["bounded-staleness"], staleness=Staleness.parse("1ns")).guarantees[
        "bounded-staleness"
    ]
    assert (verdict.judged, verdict.violation_count) == (4, 1)


def test_a_lost_write_of_one_key_is_found_beside_another_key_that_keeps_all() -> None:
    final = (f(7, "n0", "a=1", 70), f(8, "n0", "b=1", 80))
    name = "no-lost-acknowledged-writes"
    verdict = check(history(*GOES_BACK, *final), [name]).guarantees[name]
    assert (verdict.verdict, verdict.judged) == ("violated", 3)
    assert [found.operations[0] for found in verdict.violations] == [2]


def test_a_read_of_another_key_that_may_be_of_a_write_without_place_is_in_no_pair() -> None:
    """Of operations 0 and 1, either of which 2 may have returned, only 0 compares with 3."""
    one = history(
        w(0, "a", "x=1", 0, 5, position=5),
        w(1, "b", "x=1", 0, None),
        r(2, "s", "x=1", 10, 15),
        w(3, "s", "y=1", 20, 25, position=1),
        one_log=True,
    )
    verdict = check(one, ["writes-follow-reads"]).guarantees["writes-follow-reads"]
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 0, 0)


def test_a_read_that_may_be_of_the_initial_version_is_in_a_pair_beside_a_write_without_place() -> None:
    """Operation 2 returned the deletion or the initial version; 5 has no place."""
    one = history(
        w(0, "a", "x=1", 0, 5, position=1),
        d(1, "a", "x", 10, 15, position=2),
        r(2, "s", "x=null", 20, 25),
        w(3, "s", "y=1", 30, 35, position=3),
        w(4, "b", "z=1", 0, 5, position=4),
        w(5, "b", "z=2", 10, None),
        r(6, "c", "z=2", 50, 55),
        one_log=True,
    )
    verdict = check(one, ["writes-follow-reads"]).guarantees["writes-follow-reads"]
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 0, 1)


def _read_your_writes(*operations: Operation) -> tuple[int, list[tuple[int, ...]]]:
    verdict = check(history(*operations), ["read-your-writes"]).guarantees["read-your-writes"]
    return verdict.judged, [found.operations for found in verdict.violations]


def test_what_one_session_wrote_is_not_what_a_session_far_from_it_wrote() -> None:
    """The first session goes back, and the last of 110 reads the same key: slots just outgrow 16 bits."""
    others = [w(at, f"s{at}", f"y={at}", 10 * at, 10 * at + 5, position=at + 1) for at in range(110)]
    found = _read_your_writes(
        *others,
        w(200, "s0", "x=1", 2_000, 2_005, position=201),
        w(201, "s0", "x=2", 2_010, 2_015, position=202),
        r(202, "s0", "x=1", 2_020, 2_025),
        r(203, "s109", "x=1", 2_030, 2_035),
    )
    assert found == (1, [(201, 202)])


def test_a_place_may_be_so_high_that_it_just_outgrows_sixteen_bits() -> None:
    """The slots of the fourth key of the first session begin at four times the number of places."""
    found = _read_your_writes(
        *[w(at, "a", f"k{at}=0", 10 * at, 10 * at + 5, status="fail") for at in range(3)],
        w(3, "a", "k3=1", 30, 35, position=0),
        w(4, "a", "k3=2", 40, 45, position=7_000),
        r(5, "a", "k3=1", 50, 55),
        *[w(at, "b", f"k0={at}", 10 * at, 10 * at + 5, position=at) for at in range(6, 6_606)],
    )
    assert found == (1, [(4, 5)])


@pytest.mark.parametrize("values", [("null", "9"), ("1", "9"), ("9", "null"), ("9", "1"), ("9", "9")])
def test_a_pair_with_an_illegal_read_is_ambiguous(values: tuple[str, str]) -> None:
    first, second = values
    verdict = monotonic_reads(
        w(0, "a", "x=1", 0, 5, position=1),
        r(1, "b", f"x={first}", 10, 15),
        r(2, "b", f"x={second}", 20, 25),
    )
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 0, 1)
