"""When writes were last missed and last shown, to the nanosecond, and where there is too much to compare."""

from __future__ import annotations

import pytest

from checker import Operation
from checker.fates import seen
from checker.fates.seen import NEVER, when_seen
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from tests.checker.literal import c, f, history, r, w

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


SEQUEL = (
    *(w(i, "a", f"x={i}", 20 * i, 20 * i + 10) for i in range(4)),
    *(r(10 + i, "b", f"x={i}", 100 + 20 * i, 110 + 20 * i) for i in range(4)),
)
"""Writes of which each had ended before the next began, and then a read of each."""


def test_what_does_not_overlap_is_not_compared_in_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MANY_PAIRS", 4)  # of each write with itself
    found = [(-1, 160, False, False), *((80 + 20 * i, 160, False, False) for i in range(1, 4))]
    assert told(*SEQUEL) == found
    # One swap began together with what it read, and one read what nobody wrote.
    swaps = (w(20, "d", "y=1", 0, 10), c(21, "e", "y=1>2", 0, 10), c(22, "f", "z=5>6", 0, 10))
    monkeypatch.setattr(seen, "MANY_PAIRS", 6)  # of the version that was read with two writes more
    assert told(*swaps, *SEQUEL)[3:] == found


def test_a_version_is_compared_once_with_what_began_while_it_was_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    during = [w(i, f"s{i}", f"x={i}", 10 * i, 100) for i in range(1, 6)]
    monkeypatch.setattr(seen, "MANY_PAIRS", 5)
    assert told(w(0, "a", "x=0", 0, 100), *during, r(9, "b", "x=0", 200, 210)) == [
        (-1, 200, False, False),
        *[(-1, -1, False, False)] * 5,
    ]


def test_where_nothing_has_to_be_compared_one_by_one_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MANY_PAIRS", 0)
    placed = (w(0, "a", "x=1", 0, 10, position=1), w(1, "b", "x=1", 20, 30, position=2))
    assert told(*placed, r(2, "c", "x=1", 40, 50)) == [(-1, 40, False, False), (-1, -1, False, False)]
    twins = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10))
    assert told(*twins, r(2, "c", "x=1", 10, 20)) == [(-1, -1, False, False)] * 2


def test_what_nobody_wrote_is_no_other_kind_of_read() -> None:
    """Neither the read of the write nor the one that found nothing is replaced by a later illegal one."""
    write, illegal = w(0, "a", "x=1", 0, 10), r(2, "b", "x=9", 40, 50)
    assert told(r(1, "b", "x=1", 20, 30), write, illegal) == [(-1, 20, False, False)]
    assert told(write, r(1, "b", "x=null", 20, 30), illegal) == [(20, -1, False, False)]


AHEAD = (
    c(0, "a", "x=2>3", 0, 10),
    c(1, "b", "x=1>2", 5, 50),
    w(2, "c", "x=1", 30, 40),
    r(3, "d", "x=1", 100, 110),
)
"""By way of what they expected, the last write is older than the first, which had ended before it began."""


def test_where_a_swap_read_what_began_later_causes_go_before_time() -> None:
    assert told(*AHEAD) == [(100, -1, False, False), (100, -1, False, False), (-1, 100, False, False)]
    usual = (w(4, "e", "y=1", 0, 1), c(5, "e", "y=1>2", 5, 6))
    assert told(*AHEAD, *usual)[:3] == told(*AHEAD)


def test_writes_whose_places_causes_contradict_are_each_older_than_each() -> None:
    """Who wrote at place 3 had read what followed place 5; of key `y` nothing is contradicted."""
    crossed = (
        w(0, "a", "x=1", 0, 10, position=5),
        w(1, "a", "x=2", 20, None),
        r(2, "b", "x=2", 30, 40),
        w(3, "b", "x=3", 50, 60, position=3),
        r(4, "c", "x=1", 100, 110),
    )
    other = w(5, "d", "y=1", 0, 10, position=1)
    assert told(*crossed, other) == [(100, -1, False, False)] * 2 + [(-1, -1, False, False)]
