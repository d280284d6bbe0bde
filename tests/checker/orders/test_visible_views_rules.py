"""Which writes a view holds: lane by lane, and where each is sorted as one number that may be too long."""

from __future__ import annotations

import numpy as np
import pytest

from checker import History
from checker.orders.visible import View, Visible
from checker.prepared import Prepared
from tests.checker.literal import history, r, w


def view_of(one: History, *reads: int) -> tuple[Visible, View]:
    """Return what reads should know by their causal past."""
    prepared, rows = Prepared(one), np.array(reads)
    return Visible(prepared), View(rows, prepared.causality.clocks, *prepared.causality.past(rows))


@pytest.mark.parametrize("keys", [1_000, 1_001])
def test_a_key_may_be_far_down_in_a_long_list(monkeypatch: pytest.MonkeyPatch, keys: int) -> None:
    """Of all keys the last in the file was written first, by a session that did nothing else.

    With eleven bits for 2,020 rows, keys and counts just fill the rest of 32 bits, or just do not.
    """
    monkeypatch.setattr("checker.orders.visible._CELLS", 1)
    sessions = ["s0"] * 523 + [f"s{1 + at % 3}" for at in range(523, 2_019)]
    writes = [
        w(at, session, f"k{at % (keys - 1)}={at}", 100 + 10 * at, 105 + 10 * at)
        for at, session in enumerate(sessions)
    ]
    visible, view = view_of(
        history(
            *writes,
            w(2_019, "z", "last=1", 0, 5),
            r(2_020, "y", "last=1", 90_000, 90_005),
            r(2_021, "y", "last=null", 90_010, 90_015),
            r(2_022, "y", "k0=null", 90_020, 90_025),
        ),
        2_021,
        2_022,
    )
    assert visible.any_within(view).tolist() == [True, False]


def test_ranks_may_just_fill_what_is_left_beside_many_questions() -> None:
    """The only write has the highest rank that there is room for beside 2,048 reads."""
    one = history(w(0, "a", "x=1", 0, 5), r(1, "b", "x=1", 10, 15), r(2, "b", "x=1", 20, 25))
    visible, view = view_of(one, *[2] * 2_048)
    threshold = np.tile([2**20 - 2, 2**20 - 1], 1_024)
    rank = np.array([2**20 - 1, 0, 0, 0])
    assert visible.any_above(view, rank, threshold).tolist() == [True, False] * 1_024


def test_a_session_knows_what_another_had_written_by_then() -> None:
    """And of each key what was written to it."""
    one = history(
        *[w(at, "a", f"x={at}", 10 * at, 10 * at + 5) for at in range(1_000)],
        *[w(at, "b", f"y={at}", 10 * at, 10 * at + 5) for at in range(1_000, 2_000)],
        r(2_000, "c", "x=499", 90_000, 90_005),
        r(2_001, "c", "x=499", 90_010, 90_015),
        r(2_002, "c", "y=1000", 90_020, 90_025),
    )
    visible, view = view_of(one, 2_001, 2_002)
    numbers, writes = visible.all_within(view)
    assert (numbers.tolist(), writes.tolist()) == ([0] * 500 + [1], [*range(500), 1_000])
    numbers, writes = visible.last_within(view)
    assert (numbers.tolist(), writes.tolist()) == ([0, 1], [499, 1_000])
    numbers, writes = visible.first_within(view)
    assert (numbers.tolist(), writes.tolist()) == ([0, 1], [0, 1_000])


def test_open_writes_hide_neither_what_came_before_nor_what_came_after_them() -> None:
    """Session b wrote 0, read 1 and 2, which are open, and wrote 5; session e read them first."""
    one = history(
        w(0, "b", "x=1", 0, 5),
        w(1, "p", "x=2", 0, None),
        w(2, "q", "x=3", 0, None),
        r(3, "b", "x=2", 10, 15),
        r(4, "b", "x=3", 20, 25),
        w(5, "b", "y=1", 30, 35),
        r(6, "c", "y=1", 40, 45),
        r(7, "c", "x=1", 50, 55),
        r(8, "e", "x=2", 10, 15),
        r(9, "e", "x=3", 20, 25),
        w(10, "e", "x=4", 30, 35),
        r(11, "g", "x=4", 40, 45),
        r(12, "g", "x=1", 50, 55),
    )
    visible, view = view_of(one, 7)
    assert visible.last_within(view)[1].tolist() == [2, 1, 0]
    assert visible.first_within(view)[1].tolist() == [0]
    visible, view = view_of(one, 12)
    lanes = visible.first_within(view)[1].tolist(), visible.last_within(view)[1].tolist()
    assert [sorted(lane) for lane in lanes] == [[0, 1, 2, 10], [0, 10]]
