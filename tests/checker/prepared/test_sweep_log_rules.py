"""The sweep over one log: no write began after something at a higher place had ended."""

from __future__ import annotations

from checker import Operation
from checker.prepared import Prepared
from tests.checker.literal import history, r, w


def steady(*operations: Operation) -> bool:
    return Prepared(history(*operations, one_log=True)).steady_log


def test_nothing_in_one_log_goes_back_to_a_place_below_what_had_ended() -> None:
    assert steady(
        r(0, "s0", "a=null", 0, 5),
        w(1, "s0", "a=1", 10, 15, position=1),
        w(2, "s1", "b=1", 20, 25, position=2),
        r(3, "s2", "a=1", 30, 35),
    )


def test_one_log_where_a_write_had_ended_before_one_below_it_began() -> None:
    """At the very moment it may still be at work."""
    for start, found in ((5, True), (6, False)):
        below = w(1, "s1", "b=1", start, 9, position=1)
        assert steady(w(0, "s0", "a=1", 0, 5, position=2), below) is found
        between = w(2, "s2", "a=2", 0, 9, position=2)
        assert steady(w(0, "s0", "a=1", 0, 5, position=3), between, below) is found


def test_one_log_where_a_read_had_ended_before_a_write_below_it_began() -> None:
    for start, found in ((20, True), (21, False)):
        seen = (w(0, "s0", "a=1", 0, 100, position=2), r(1, "s1", "a=1", 10, 20))
        assert steady(*seen, w(2, "s2", "b=1", start, 30, position=1)) is found


def test_one_log_with_a_place_given_twice() -> None:
    assert not steady(w(0, "s0", "a=1", 0, 5, position=1), w(1, "s1", "b=1", 0, 5, position=1))


def test_one_log_whose_rows_are_not_in_the_order_of_time() -> None:
    """The write of the lower place is the first row, and was invoked at 10, after the others."""
    below = w(0, "s0", "a=1", 10, 30, position=1)
    for end, found in ((10, True), (9, False)):
        assert steady(below, w(1, "s1", "b=1", 5, end, position=2)) is found
        seen = (w(1, "s1", "b=1", 0, 100, position=2), r(2, "s2", "b=1", 5, end))
        assert steady(below, *seen) is found
