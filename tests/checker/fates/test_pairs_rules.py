"""What explains that a read found nothing, and what one read says of one write."""

from __future__ import annotations

import numpy as np
import pytest

from checker import Operation
from checker.fates import pairs
from checker.fates.pairs import compare_reads, compare_versions, null_explained, silent_nulls, written_by
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from tests.checker.literal import c, d, history, r, w

PLACED = w(0, "a", "x=1", 10, 20, position=2)
PLAIN = w(0, "a", "x=1", 10, 20)


@pytest.mark.parametrize(
    ("write", "other", "explained"),
    [
        (d(0, "a", "x", 10, 20), w(1, "b", "y=1", 0, 5), True),
        (w(0, "a", "x=null", 10, 20), w(1, "b", "y=1", 0, 5), True),
        (PLACED, d(1, "b", "x", 30, 40, position=3), True),
        (PLACED, d(1, "b", "x", 30, 40, position=2), False),
        (PLACED, d(1, "b", "x", 30, 40, position=1), False),
        (PLACED, w(1, "b", "x=null", 30, 40, position=3), True),
        (PLACED, w(1, "b", "x=7", 30, 40, position=3), False),
        (PLACED, d(1, "b", "y", 30, 40, position=3), False),
        (PLACED, d(1, "b", "x", 0, None), True),
        (PLACED, d(1, "b", "x", 30, 40, position=3, status="fail"), False),
        (PLAIN, d(1, "b", "x", 0, 9), False),
        (PLAIN, d(1, "b", "x", 0, 10), True),
        (PLAIN, d(1, "b", "x", 30, 40), True),
        (PLAIN, d(1, "b", "x", 0, None), True),
        (PLAIN, d(1, "b", "y", 30, 40), False),
    ],
)
def test_what_explains_that_nothing_was_found(write: Operation, other: Operation, explained: bool) -> None:
    prepared = Prepared(history(write, other))
    assert null_explained(prepared, np.array([0])).tolist() == [explained]


def test_nulls_at_places_and_without_are_told_apart_key_by_key() -> None:
    prepared = Prepared(
        history(
            w(0, "a", "x=1", 10, 20, position=2),
            w(1, "b", "y=1", 10, 20),
            d(2, "c", "x", 0, 30, position=1),
            d(3, "d", "y", 0, 5),
        )
    )
    assert null_explained(prepared, np.array([0, 1, 2, 3])).tolist() == [False, False, True, True]


def test_a_read_is_silent_that_found_nothing_and_says_no_version() -> None:
    reads = (
        r(0, "a", "x=null", 0, 5),
        r(1, "a", "x=null", 10, 15, version=None),
        r(2, "a", "x=1", 20, 25),
        c(3, "a", "x=null>2", 30, 35),
    )
    prepared = Prepared(history(w(4, "b", "x=1", 0, 1), *reads))
    assert silent_nulls(prepared, np.array([1, 2, 3, 4])).tolist() == [True, False, False, False]


def test_of_a_silent_read_only_the_writes_count() -> None:
    prepared = Prepared(history(d(0, "a", "x", 0, 5), d(1, "b", "x", 0, 5), r(2, "c", "x=null", 10, 20)))
    assert set(written_by(prepared, 2, True)) == {0, 1}
    assert set(written_by(prepared, 2, False)) == {0, 1, prepared.initial}


def test_a_version_lacks_a_write_that_began_after_it_had_ended() -> None:
    """Of two that overlap nothing is known; a write follows itself."""
    prepared = Prepared(
        history(
            w(0, "a", "x=1", 0, 10),
            w(1, "b", "x=2", 11, 20),
            w(2, "c", "x=3", 10, 30),
            r(3, "d", "x=1", 40, 50),
        )
    )
    initial = prepared.initial
    versions, writes = np.array([0, 1, 0, 2, 1, initial]), np.array([1, 0, 2, 0, 1, 1])
    lacks, follows = compare_versions(prepared, versions, writes)
    assert lacks.tolist() == [True, False, False, False, False, True]
    assert follows.tolist() == [False, True, False, False, True, False]


def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    ones = [w(0, "a", "x=1", 0, 5), w(1, "b", "x=1", 0, 5), r(2, "c", "x=1", 10, 20)]
    prepared = Prepared(history(*ones))
    monkeypatch.setattr(pairs, "MANY_PAIRS", 2)
    misses, shows = compare_reads(prepared, np.array([2]), np.array([0]))
    assert (misses.tolist(), shows.tolist()) == ([False], [False])
    monkeypatch.setattr(pairs, "MANY_PAIRS", 1)
    with pytest.raises(OutOfBudget, match=r"^too many pairs to compare what became of the writes$"):
        compare_reads(prepared, np.array([2]), np.array([0]))
