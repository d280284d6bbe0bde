"""Writes through one leader: which one is older by causality and real time together."""

from __future__ import annotations

from checker import History
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w

FORWARD = history(
    w(0, "a", "x=1", 0, None),
    r(1, "b", "x=1", 10, 20),
    w(2, "b", "y=1", 30, None),
    r(3, "c", "y=1", 40, 50),
    w(4, "c", "z=1", 60, 70),
    w(5, "d", "x=2", 65, 90),
    w(6, "e", "x=3", 80, 90),
    real_time_writes=True,
)
"""Two open writes, each known by its reader alone, before one that had ended when operation 6 started."""

BACKWARD = history(
    w(0, "a", "x=1", 28, 40),
    w(1, "c", "x=3", 50, 60),
    c(2, "b", "x=3>4", 0, 100),
    r(3, "d", "x=4", 20, 25),
    w(4, "d", "x=5", 30, 35),
    w(5, "e", "x=6", 34, 80),
    w(6, "f", "x=7", 36, 90),
    w(7, "g", "y=1", 95, 99),
    real_time_writes=True,
)
"""Operation 0 ends before 1 starts, which 2 read, which had started before all: 3 and 4 know of it, too."""


def older(one: History) -> set[tuple[int, int]]:
    """Return the pairs of writes of x of which the first is the older version."""
    prepared = Prepared(one)
    x = prepared.columns.key_names.index("x")
    rows = [row for row in prepared.writes.tolist() if prepared.columns.key[row] == x]
    is_older = prepared.versions.is_older
    return {(old, new) for old in rows for new in rows if old != new and is_older(old, new)}


def test_an_open_write_is_older_than_what_started_after_its_consequences_ended() -> None:
    assert older(FORWARD) == {(0, 6)}


def test_only_a_leader_orders_writes_by_time() -> None:
    assert older(history(*FORWARD.operations)) == set()


def test_what_started_later_may_come_before_what_ended_earlier() -> None:
    """Operations 1, 2 and 4 precede each other, and nothing had ended before 5 started."""
    circle = {(1, 2), (2, 1), (1, 4), (4, 1), (2, 4), (4, 2)}
    before, after = {(0, 1), (0, 2), (0, 4), (0, 6)}, {(1, 6), (2, 6), (4, 6)}
    assert older(BACKWARD) == circle | before | after
