"""Which writes a clock holds."""

from __future__ import annotations

from typing import Any

import pytest

from checker import History, Operation, check
from checker.orders.visible import _block
from tests.checker.literal import c, history, r, w


def found(one: History, guarantee: str) -> list[tuple[int, ...]]:
    return [violation.operations for violation in check(one, [guarantee]).guarantees[guarantee].violations]


def test_keys_may_be_more_than_sessions() -> None:
    one = history(
        w(0, "a", "u=1", 0, 5),
        w(1, "a", "v=1", 10, 15),
        w(2, "a", "x=1", 20, 25),
        w(3, "a", "y=1", 30, 35),
        r(4, "b", "y=1", 40, 45),
        r(5, "b", "x=null", 50, 55),
    )
    assert found(one, "consistent-prefix") == [(2, 4, 5)]


def test_of_a_key_that_nobody_wrote_nothing_is_known() -> None:
    """No count is higher than that of operation 2, and the clock of 6 holds it."""
    one = history(
        w(0, "a", "u=1", 0, 5),
        w(1, "a", "v=1", 10, 15),
        w(2, "a", "x=1", 20, 25),
        r(3, "b", "x=1", 30, 35),
        w(4, "b", "z=1", 40, 45),
        r(5, "c", "z=1", 50, 55),
        r(6, "c", "y=null", 60, 65),
    )
    assert check(one, ["consistent-prefix"]).guarantees["consistent-prefix"].judged == 0


def test_a_sessions_own_writes_are_known_where_causes_may_come_later() -> None:
    """Operation 2 read what started after it, so that times say nothing of what is older."""
    one = history(
        w(0, "a", "k=1", 0, 10),
        r(1, "a", "k=null", 20, 30),
        c(2, "b", "z=3>4", 0, 100),
        w(3, "c", "z=3", 50, 60),
    )
    assert found(one, "causal") == [(0, 1)]


def test_an_open_write_that_a_session_read_last_hides_none_of_its_own() -> None:
    """Operation 7 knows of 3, which may be older than what it returned, and of 2, which is not."""
    one = history(
        w(0, "a", "x=1", 0, 5),
        r(1, "b", "x=1", 10, 15),
        w(2, "b", "x=2", 20, 25),
        w(3, "c", "x=3", 0, None),
        r(4, "b", "x=3", 30, 35),
        w(5, "b", "y=1", 40, 45),
        r(6, "d", "y=1", 50, 55),
        r(7, "d", "x=1", 60, 65),
    )
    assert found(one, "causal") == [(2, 5, 6, 7)]


def test_of_two_open_writes_that_a_session_read_either_may_be_no_newer() -> None:
    """Operation 8 returned 0 or 1; 2 started after 0 had ended, and nothing had when 3 started."""
    one = history(
        w(0, "a", "x=1", 0, 5),
        w(1, "p", "x=1", 0, 50),
        w(2, "q", "x=2", 10, None),
        w(3, "s", "x=3", 0, None),
        r(4, "b", "x=2", 20, 22),
        r(5, "b", "x=3", 24, 26),
        w(6, "b", "y=1", 30, 35),
        r(7, "d", "y=1", 60, 62),
        r(8, "d", "x=1", 64, 66),
        real_time_writes=True,
    )
    verdict = check(one, ["consistent-prefix"]).guarantees["consistent-prefix"]
    assert (verdict.judged, verdict.ambiguous) == (1, 0)
    rows = [row for row in one.operations if row.index not in (3, 5)]
    other = history(w(9, "s", "y=2", 0, 3), *rows, real_time_writes=True)
    verdict = check(other, ["consistent-prefix"]).guarantees["consistent-prefix"]
    assert (verdict.judged, verdict.ambiguous) == (0, 1)


def transaction(index: int, *ops: list[Any]) -> Operation:
    return Operation(index=index, session="t", op="txn", ops=list(ops), start=20, end=30, status="ok")


def test_an_open_write_is_known_to_all_parts_of_the_transaction_that_read_it_first() -> None:
    """Also where causes may come later, by way of operations 2 and 3."""
    writes = (w(0, "a", "x=1", 0, 5), w(1, "a", "x=2", 10, None))
    assert found(history(*writes, transaction(2, ["r", "x", 2], ["r", "x", 1])), "causal") == [(1, 2)]
    one = history(
        w(0, "a", "x=1", 0, None),
        transaction(1, ["r", "x", 1], ["r", "x", None]),
        c(2, "b", "z=3>4", 0, 100),
        w(3, "c", "z=3", 50, 60),
    )
    assert found(one, "causal") == [(0, 1)]


@pytest.mark.parametrize(("most", "answer"), [(2, "violated"), (1, "unknown")])
def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch, most: int, answer: str) -> None:
    """Operation 4 knows of 0 and of 2."""
    monkeypatch.setattr("checker.orders.visible.MANY_PAIRS", most)
    one = history(
        w(0, "a", "k=1", 0, 5),
        r(1, "b", "k=1", 10, 15),
        w(2, "b", "k=2", 20, 25),
        r(3, "c", "k=2", 30, 35),
        r(4, "c", "k=1", 40, 45),
    )
    verdict = check(one, ["causal"]).guarantees["causal"]
    assert verdict.verdict == answer
    if answer == "unknown":
        assert verdict.reason == "too many pairs to compare without positions"


@pytest.mark.parametrize(
    ("bound", "entries"),
    [(2, 8_192), (2**18 - 64, 8_192), (2**20, 2_046), (2**29, 2), (2**30, 1), (2**31, 1)],
)
def test_a_block_is_short_where_counts_are_large(bound: int, entries: int) -> None:
    assert _block(bound) == entries
