"""Versions are compared pair by pair: what was read by all that it may be, in batches, and not too many."""

from __future__ import annotations

import numpy as np
import pytest

from checker import History, Verdict, check
from checker.orders import versions
from checker.orders.versions import _batches
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w


def judged(one: History, guarantee: str) -> Verdict:
    return check(one, [guarantee]).guarantees[guarantee]


def test_what_a_session_wrote_is_compared_not_what_it_replaced() -> None:
    one = history(
        w(0, "s0", "k=1", 0, 5, position=1),
        c(1, "s1", "k=1>2", 10, 15, position=5),
        w(2, "s1", "k=3", 20, 25, position=3),
        w(3, "s2", "k=9", 20, None),
        r(4, "s3", "k=9", 30, 35),
    )
    assert [found.operations for found in judged(one, "monotonic-writes").violations] == [(1, 2)]


@pytest.mark.parametrize("values", [(1, 9), (9, 1)])
def test_a_pair_with_an_illegal_read_is_ambiguous(values: tuple[int, int]) -> None:
    first, second = values
    one = history(w(0, "a", "k=1", 0, 5), r(1, "s", f"k={first}", 10, 15), r(2, "s", f"k={second}", 20, 25))
    verdict = judged(one, "monotonic-reads")
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 0, 1)


@pytest.mark.parametrize(("most", "answer"), [(2, "holds"), (1, "unknown")])
def test_too_many_choices_are_not_compared(monkeypatch: pytest.MonkeyPatch, most: int, answer: str) -> None:
    """The read at the end is of one of two writes, and is compared with what its session wrote before."""
    monkeypatch.setattr(versions, "MANY_CHOICES", most)
    one = history(
        w(0, "s", "k=1", 0, 5),
        r(1, "s", "k=1", 10, 15),
        w(2, "s", "k=2", 20, 25),
        w(3, "s", "k=2", 30, 35),
        r(4, "s", "k=2", 40, 45),
    )
    verdict = judged(one, "monotonic-reads")
    assert verdict.verdict == answer
    if answer == "unknown":
        assert verdict.reason == "too many versions that reads may have returned to compare"


def test_choices_are_compared_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_BATCH", 10)
    batches = _batches(np.arange(5), np.array([4, 6, 1, 4, 20]))
    assert [batch.tolist() for batch in batches] == [[0, 1], [2, 3], [4]]
    assert list(_batches(np.arange(0), np.arange(0))) == []


def test_pairs_with_an_illegal_read_are_ambiguous_beside_pairs_that_are_not() -> None:
    """Operation 1 is newer than 0, which operation 2 returned; operation 3 returned what nobody wrote."""
    one = Prepared(
        history(
            w(0, "a", "k=1", 0, 5),
            w(1, "a", "k=2", 10, 15),
            r(2, "b", "k=1", 20, 25),
            r(3, "b", "k=9", 30, 35),
        )
    ).versions
    writes, reads = np.array([0, 1, 0, 1]), np.array([2, 2, 3, 3])
    every, some = one.compare(reads, writes, ones_read=True)
    assert (every.tolist(), some.tolist()) == ([False, True, False, False], [False, True, True, True])
    every, some = one.compare(writes[2:], reads[2:], others_read=True)
    assert (every.tolist(), some.tolist()) == ([False, False], [True, True])
