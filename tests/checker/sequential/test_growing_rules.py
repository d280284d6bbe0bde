"""What becomes of values that are appended to."""

from __future__ import annotations

from typing import Any

import pytest

from checker import check
from checker.sequential.growing import Growing, appended, growing, held
from tests.checker.literal import a, c, history, r, t, w


def test_what_grows_in_each_key() -> None:
    """Strings where a read returned one; what a compare-and-set expected is no read."""
    assert growing([w(0, "s", "x=[1]", 0, 1), r(1, "s", 'y="a"', 2, 3)]) == {}
    assert growing([a(0, "s", 'x="a"', 0, 1), w(1, "s", 'x="b"', 2, 3), r(2, "s", 'y="b"', 2, 3)]) == {
        "x": "lists"
    }
    assert growing([r(0, "s", 'x="a"', 0, 1), a(1, "s", 'x="a"', 2, 3), a(2, "s", "y=1", 2, 3)]) == {
        "x": "strings",
        "y": "lists",
    }
    assert growing([c(0, "s", 'x="a">1', 0, 1), a(1, "s", 'x="a"', 2, 3)]) == {"x": "lists"}
    assert growing([t(0, "s", 'x+=1 y="a" y+="b" z="c"', 0, 1)]) == {"x": "lists", "y": "strings"}
    assert growing([t(0, "s", 'y="a" y+="b"', 0, None)]) == {"y": "lists"}


@pytest.mark.parametrize(
    ("state", "item", "grows", "allowed", "after"),
    [
        (None, 1, "lists", True, [1]),
        (None, "a", "lists", True, ["a"]),
        (None, "a", "strings", True, "a"),
        (None, 1, "strings", True, [1]),
        ("", "a", "strings", True, "a"),
        ("a", "b", "lists", True, "ab"),
        ("a", "b", "strings", True, "ab"),
        ("a", 1, "strings", False, "a"),
        ([], "a", "strings", True, ["a"]),
        ([1], 2, "lists", True, [1, 2]),
        ((1,), 2, "lists", True, [1, 2]),
        (["a"], "b", "strings", True, ["a", "b"]),
        (1, 2, "lists", False, 1),
        (0, "a", "strings", False, 0),
        ({}, 2, "lists", False, {}),
    ],
)
def test_what_can_be_appended_to(state: Any, item: Any, grows: Growing, allowed: bool, after: Any) -> None:
    assert appended(state, item, grows) == (allowed, after)


@pytest.mark.parametrize("found", [[], ()])
def test_an_empty_list_that_grows_is_what_is_absent(found: Any) -> None:
    assert held(found, "lists") is None
    assert held(found, "strings") == found
    assert held(found, "nothing") == found
    assert (held([1], "lists"), held("", "lists"), held(0, "lists")) == ([1], "", 0)


@pytest.mark.parametrize("absent", ["[]", "null"])
def test_an_empty_list_may_be_read_where_nothing_was_appended(absent: str) -> None:
    """The search decides: of two appends of one thing either may come first."""
    two = (a(0, "a", "x=1", 10, 20), a(1, "b", "x=1", 10, 20), r(2, "c", "x=[1,1]", 30, 40))
    for start, verdict in ((0, "holds"), (50, "violated")):
        empty = r(3, "d", f"x={absent}", start, start + 5)
        found = check(history(*two, empty), ["linearizable"]).guarantees["linearizable"]
        assert (found.verdict, found.judged) == (verdict, 2)
    for expected in ("[]", "null"):
        swapped = (c(3, "d", f"x={expected}>{absent}", 0, 5), r(4, "d", f"x={expected}", 6, 8))
        found = check(history(*two, *swapped), ["linearizable"]).guarantees["linearizable"]
        assert (found.verdict, found.judged) == ("holds", 3)


def test_an_empty_list_that_was_written_is_absent_to_who_appends() -> None:
    one = (w(0, "a", "x=[]", 0, 5), a(1, "a", "x=1", 10, 20), a(2, "b", "x=1", 10, 20))
    found = check(history(*one, r(3, "c", "x=null", 6, 8), r(4, "c", "x=[1,1]", 30, 40)), ["linearizable"])
    assert found.guarantees["linearizable"].verdict == "holds"
