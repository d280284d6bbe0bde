"""When writes were last missed and last shown, to the nanosecond, and where there is too much to compare."""

from __future__ import annotations

import pytest

from checker import Operation
from checker.fates import seen
from checker.fates.seen import NEVER, when_seen
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from tests.checker.literal import f, history, r, w

PLACED = (w(0, "a", "x=1", 0, 10, position=1), w(1, "a", "x=2", 20, 30, position=2))
APART = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 20, 30))


def told(*operations: Operation) -> list[tuple[int, int, bool, bool]]:
    """Of each acknowledged write: last missed, last shown, asked about, and gone; -1 for never."""
    found = when_seen(Prepared(history(*operations)))
    columns = (found.missed, found.shown, found.asked, found.gone)
    return [
        (max(missed, -1), max(shown, -1), asked, gone)
        for missed, shown, asked, gone in zip(*(column.tolist() for column in columns), strict=True)
    ]


@pytest.mark.parametrize("writes", [PLACED, APART])
def test_the_last_read_of_each_kind_counts(writes: tuple[Operation, ...]) -> None:
    reads = (
        r(2, "c", "x=2", 40, 41),
        r(3, "c", "x=1", 50, 51),
        r(4, "c", "x=2", 60, 61),
        r(5, "c", "x=1", 70, 71),
    )
    assert told(*writes, *reads) == [(-1, 70, False, False), (70, 60, False, False)]
    assert told(*writes, *reads[:3]) == [(-1, 60, False, False), (50, 60, False, False)]


@pytest.mark.parametrize("writes", [PLACED, APART])
def test_a_read_that_begins_as_a_write_ends_says_nothing_of_it(writes: tuple[Operation, ...]) -> None:
    assert told(*writes, r(2, "c", "x=1", 30, 41)) == [(-1, 30, False, False), (-1, -1, False, False)]
    assert told(*writes, r(2, "c", "x=1", 31, 41)) == [(-1, 31, False, False), (31, -1, False, False)]


@pytest.mark.parametrize("writes", [PLACED, APART])
def test_final_reads_that_all_miss_it_say_that_it_is_gone(writes: tuple[Operation, ...]) -> None:
    lost = (f(2, "n", "x=1", 40), f(3, "m", "x=1", 50))
    assert told(*writes, *lost) == [(-1, 50, True, False), (50, -1, True, True)]
    assert told(*writes, *lost[:1], f(3, "m", "x=2", 50)) == [(-1, 50, True, False), (40, 50, True, False)]
    assert told(*writes, f(2, "n", "x=1", 30)) == [(-1, 30, True, False), (-1, -1, False, False)]


def test_where_no_read_goes_back_each_later_one_shows_a_write() -> None:
    forward = (r(2, "c", "x=1", 15, 16), r(3, "c", "x=2", 40, 41), f(4, "n", "x=2", 50))
    assert told(*PLACED, *forward) == [(-1, 50, True, False), (-1, 50, True, False)]
    assert told(*PLACED, *forward[:2]) == [(-1, 40, False, False), (-1, 40, False, False)]
    assert told(*PLACED, w(9, "b", "y=1", 0, 45, position=1), forward[1]) == [
        (-1, 40, False, False),
        (-1, 40, False, False),
        (-1, -1, False, False),
    ]
    assert NEVER < -(2**62)


def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    twins = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10), r(2, "c", "x=1", 20, 30))
    monkeypatch.setattr(seen, "MANY_PAIRS", 2)
    assert told(*twins) == [(-1, -1, False, False), (-1, -1, False, False)]
    monkeypatch.setattr(seen, "MANY_PAIRS", 1)
    with pytest.raises(OutOfBudget, match=r"^too many pairs to compare what became of the writes$"):
        told(*twins)
