"""Orders that a search must not overlook."""

from __future__ import annotations

import pytest

from checker import Operation, check
from tests.checker.literal import c, history, r, w


def test_an_open_compare_and_set_may_lead_back_to_a_state_that_was_left() -> None:
    """Operation 4 finds 1 only after 2 replaced it and 3, which is open, brought it back."""
    one = history(
        c(0, "s1", "k=null>9", 20, 48),
        c(1, "s2", "k=9>1", 26, 38),
        c(2, "s3", "k=1>2", 34, 56),
        c(3, "s2", "k=2>1", 40, None),
        c(4, "s4", "k=1>3", 44, 54),
    )
    assert check(one, ["linearizable"]).guarantees["linearizable"].verdict == "holds"


@pytest.mark.parametrize("ago", [0, 10**18])
def test_the_initial_version_is_before_all_time(ago: int) -> None:
    one = history(w(0, "s1", "k=1", -100 - ago, -90 - ago), r(1, "s2", "k=null", -80 - ago, -70 - ago))
    assert check(one, ["linearizable"]).guarantees["linearizable"].verdict == "violated"


def test_an_open_write_that_an_open_compare_and_set_replaced_took_effect() -> None:
    """Operation 2 saw 1, which saw 0, which was not even invoked by then."""
    one = history(
        w(0, "s1", "k=1", 100, None),
        c(1, "s2", "k=1>2", 10, None),
        r(2, "s3", "k=2", 20, 30),
    )
    found = check(one, ["linearizable"]).guarantees["linearizable"]
    assert [violation.operations for violation in found.violations] == [(0, 1, 2)]


def test_each_circle_of_compare_and_sets_is_a_violation_of_its_own_key() -> None:
    """Of two circles of one key one is shown, as for any key."""
    one = history(
        c(0, "a", "x=2>1", 0, 10),
        c(1, "b", "x=1>2", 5, 15),
        c(2, "c", "y=2>1", 0, 10),
        c(3, "d", "y=3>2", 5, 15),
        c(4, "e", "y=1>3", 5, 15),
        c(5, "f", "x=5>4", 0, 10),
        c(6, "g", "x=4>5", 5, 15),
    )
    found = check(one, ["linearizable"]).guarantees["linearizable"]
    shown = [(violation.key, violation.operations) for violation in found.violations]
    assert shown == [("x", (0, 1)), ("y", (2, 3, 4))]
    assert found.violation_count == 2


def test_open_compare_and_sets_in_a_circle_are_followed_once_round() -> None:
    one = history(c(0, "a", "x=2>1", 0, None), c(1, "b", "x=1>2", 0, None), r(2, "c", "x=1", 10, 20))
    found = check(one, ["linearizable"]).guarantees["linearizable"]
    assert [violation.operations for violation in found.violations] == [(0, 1, 2)]


def test_what_a_search_decides_is_no_reason_to_trust_transactions() -> None:
    """Of two writes of one value either may have been read, so that key `x` is searched, and `y` apart."""
    plain = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10), w(2, "c", "x=2", 0, 10))
    reads = (r(3, "d", "x=1", 20, 30), r(4, "d", "x=1", 40, 50))
    for read, verdict in ((None, "holds"), (1, "violated")):
        one = Operation(index=5, session="e", op="txn", ops=[["r", "y", read]], start=0, end=10, status="ok")
        found = check(history(*plain, *reads, one), ["linearizable"]).guarantees["linearizable"]
        assert (found.verdict, found.judged) == (verdict, 3)
    found = check(history(*plain, *reads), ["linearizable"]).guarantees["linearizable"]
    assert (found.verdict, found.judged) == ("holds", 2)
