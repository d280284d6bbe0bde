"""What is asked of a history before anything is judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checker import Operation, check
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w


def test_writes_alone_can_hold_monotonic_writes_without_positions() -> None:
    one = history(w(0, "s1", "k=1", 0, 5), w(1, "s1", "k=2", 10, 15))
    verdict = check(one, ["monotonic-writes"]).guarantees["monotonic-writes"]
    assert (verdict.verdict, verdict.evidence, verdict.judged) == ("holds", "inferred", 1)


def txn(index: int, session: str, start: int, *ops: list[Any], status: Any = "ok") -> Operation:
    return Operation(
        index=index, session=session, op="txn", ops=list(ops), start=start, end=start + 5, status=status
    )


def test_rows_come_in_time_unless_one_starts_before_the_row_above() -> None:
    """Two that start at one moment do come in time."""
    same = (w(0, "a", "x=1", 5, 9), w(1, "b", "x=2", 5, 9))
    assert Prepared(history(*same)).in_time
    assert not Prepared(history(*same, w(2, "c", "x=3", 4, 9))).in_time
    assert not Prepared(history(*same, w(2, "c", "x=3", 8, 9), w(3, "d", "x=4", 7, 9))).in_time


def test_rows_of_one_session_and_key_stand_together_in_the_order_of_time() -> None:
    one = Prepared(
        history(
            w(0, "b", "y=0", 0, 5),
            w(1, "a", "x=1", 10, 15),
            w(2, "b", "x=2", 20, 25),
            w(3, "a", "y=3", 30, 35),
            w(4, "b", "y=4", 40, 45),
        )
    )
    order, group = one.by_session_key
    assert order.tolist() == [0, 4, 2, 3, 1]
    assert (np.diff(group) > 0).tolist() == [False, True, True, True]
    numbers, count = one.session_key
    assert numbers[order].tolist() == group.tolist()
    assert 0 <= numbers.min() <= numbers.max() < count
    backwards = [w(at, "a", f"x={at}", 100 - 10 * at, 105 - 10 * at) for at in range(3)]
    assert Prepared(history(*backwards)).by_session_key[0].tolist() == [2, 1, 0]


def test_nothing_is_known_to_be_steady_where_an_operation_does_two_things() -> None:
    write = w(0, "a", "x=1", 0, 5, position=1)
    swap = c(1, "a", "x=1>2", 10, 15, position=2)
    assert Prepared(history(write)).steady_key.tolist() == [True]
    swaps = Prepared(history(write, swap, one_log=True))
    assert (swaps.linear_key.tolist(), swaps.steady_key.tolist()) == ([True], [False])
    assert (swaps.linear, swaps.steady_log) == (False, False)
    unfolded = Prepared(history(write, txn(1, "a", 10, ["r", "x", 1]), one_log=True))
    assert (unfolded.linear_key.tolist(), unfolded.steady_key.tolist()) == ([True], [False])
    assert (unfolded.linear, unfolded.steady_log) == (False, False)


@pytest.mark.parametrize("one_log", [True, False])
def test_one_log_is_steady_only_where_all_is_clear_and_placed(one_log: bool) -> None:
    write = w(0, "a", "x=1", 0, 5, position=1)
    assert Prepared(history(write, one_log=one_log)).steady_log is one_log
    assert not Prepared(history(write, r(1, "b", "x=9", 10, 15), one_log=one_log)).steady_log
    assert not Prepared(history(write, w(1, "b", "y=1", 0, 5), one_log=one_log)).steady_log
    below = w(1, "b", "y=1", 10, 15, position=0)
    assert not Prepared(history(write, below, one_log=one_log)).steady_log


def test_a_key_is_partial_if_its_places_do_not_order_all() -> None:
    ranked = (w(0, "a", "x=1", 0, 5, position=1), r(1, "b", "x=1", 10, 15))
    placed = Prepared(history(*ranked))
    assert (placed.has_partial, placed.partial_reads.tolist()) == (False, [])
    unread = Prepared(history(*ranked, w(2, "b", "y=1", 20, 25)))
    assert (unread.has_partial, unread.partial_reads.tolist()) == (True, [])
    read = Prepared(history(*ranked, r(2, "b", "y=null", 20, 25)))
    assert (read.has_partial, read.partial_reads.tolist()) == (True, [2])
    opened = Prepared(history(*ranked, w(2, "b", "y=1", 20, None)))
    assert (opened.has_partial, opened.partial_reads.tolist()) == (False, [])


def test_which_keys_are_appended_to_and_which_transactions_use() -> None:
    """What failed did neither; the plain write of z, and the append of x, are no transactions."""
    append = Operation(index=0, session="a", op="append", key="x", value=1, start=0, end=5, status="ok")
    one = Prepared(
        history(
            append,
            txn(1, "a", 10, ["r", "y", None], ["w", "u", 3]),
            txn(2, "a", 20, ["w", "v", 3], status="fail"),
            w(3, "b", "z=1", 0, 5),
            w(4, "b", "v=1", 10, 15),
        )
    )
    assert one.columns.key_names == ["x", "z", "v", "y", "u"]
    assert one.appended_key.tolist() == [True, False, False, False, False]
    assert one.transacted_key.tolist() == [False, False, False, True, True]
    assert [one.is_part(row) for row in range(one.size)] == [False, True, True, True, False, False]
    plain = Prepared(history(w(0, "a", "x=1", 0, 5)))
    assert (plain.transacted_key.tolist(), plain.is_part(0)) == ([False], False)


def test_what_ended_before_another_began_precedes_it() -> None:
    """At the very moment it does not; nor does what is open, or comes before what failed."""
    one = Prepared(
        history(
            w(0, "a", "x=1", 0, 10),
            w(1, "a", "x=2", 20, 30),
            w(2, "b", "x=3", 10, 15),
            w(3, "b", "x=4", 20, 25, status="fail"),
            w(4, "c", "x=5", 0, None),
            w(5, "d", "x=6", 90, None),
        )
    )
    assert [one.in_real_time(0, after) for after in range(6)] == [False, True, False, False, False, True]
    assert [one.in_real_time(before, 5) for before in range(6)] == [True, True, True, False, False, False]
    assert [one.in_session_order(0, after) for after in range(6)] == [False, True, False, False, False, False]
    assert not one.in_session_order(1, 0)
