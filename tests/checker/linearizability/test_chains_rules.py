"""Why operations on lists have no order: one history for each reason, and one that nearly gives it."""

from __future__ import annotations

import pytest

from checker import Operation
from checker.linearizability.chains import stuck_in
from tests.checker.literal import a, r, t


def stuck(*operations: Operation) -> int | None:
    """The index of the one that is stuck; of keys `x`, `y` and `z` it is known that they are lists."""
    ordered = sorted(operations, key=lambda operation: operation.start)
    number = stuck_in(ordered, {"x": "lists", "y": "lists", "z": "lists", "s": "strings"})
    return None if number is None else ordered[number].index


ONE, TWO = a(0, "a", "x=1", 0, 10), a(1, "a", "x=2", 12, 15)
BOTH = t(0, "a", "x+=1 x+=2", 0, 10)


def test_nothing_has_an_order() -> None:
    assert stuck() is None
    assert stuck(t(0, "a", "", 0, 10)) is None
    assert stuck(t(0, "a", "x=[1]", 0, None)) is None


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        ("x=null", None),
        ("x=[]", None),
        ("y=[]", None),
        ("k=null", None),
        ("k=[]", 2),
        ("s=null", None),
        ("s=[]", 2),
        ("x=7", 2),
        ('x="1"', 2),
        ("x=0", 2),
        ("x=[null]", 2),
    ],
)
def test_what_is_read_of_an_empty_list(found: str, answer: int | None) -> None:
    """Of what is not known to be a list nothing but null."""
    assert stuck(r(2, "b", found, 0, 5), t(0, "a", "x+=1 s+=2", 6, 10)) == answer


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        ("x=[1,2]", None),
        ("x=[1.0,2]", None),
        ("x=[2,1]", 2),
        ("x=[1]", 2),
        ("x=[2]", 2),
        ("x=[1,1,2]", 2),
        ("x=[1,2,1]", 2),
        ("x=[1,2,9]", 2),
        ("x=[9,1,2]", 2),
        ("x=[1,9,2]", 2),
        ("x=[9]", 2),
        ("x=null", 2),
    ],
)
def test_what_is_read_after_two_appends(found: str, answer: int | None) -> None:
    assert stuck(ONE, TWO, r(2, "b", found, 20, 30)) == answer
    assert stuck(BOTH, r(2, "b", found, 20, 30)) == answer


def test_what_nobody_appended_is_not_taken_for_what_nobody_saw() -> None:
    unseen = t(0, "a", "x=null x+=1", 0, 10)
    assert stuck(unseen, r(2, "b", "x=[9]", 20, 30)) == 2
    assert stuck(unseen, r(2, "b", "x=[1]", 20, 30)) is None
    assert stuck(unseen, a(1, "c", "x=2", 0, 10), r(2, "b", "x=[2,2]", 20, 30)) == 2
    assert stuck(unseen, a(1, "c", "x=2", 0, 10), r(2, "b", "x=[1,2]", 20, 30)) is None


def test_what_one_reads_begins_what_another_one_reads() -> None:
    """Whichever was invoked first."""
    long, short = r(2, "b", "x=[1,2]", 11, 30), r(3, "c", "x=[1]", 11, 14)
    assert stuck(ONE, TWO, long, short) is None
    assert stuck(ONE, TWO, short, long) is None
    assert stuck(ONE, TWO, long, r(3, "c", "x=[2]", 11, 14)) == 3
    assert stuck(ONE, a(1, "b", "x=2", 0, 10), long, r(3, "c", "x=[2]", 11, 40)) == 3


def test_between_what_one_operation_appends_nobody_comes() -> None:
    assert stuck(BOTH, r(2, "b", "x=[1]", 0, 10)) == 2
    assert stuck(BOTH, t(2, "b", "x=[1] x+=3", 0, 10), r(3, "c", "x=[1,3,2]", 20, 30)) == 2
    assert stuck(BOTH, a(2, "b", "x=3", 0, 10), r(3, "c", "x=[1,3,2]", 20, 30)) == 3
    assert stuck(BOTH, a(2, "b", "x=3", 0, 10), r(3, "c", "x=[3,1,2]", 20, 30)) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("x=null x+=1 x=[1] x+=3 x=[1,3]", None),
        ("x=null x+=1 x=[1] x+=3", None),
        ("x+=1 x=[1] x=[1]", None),
        ("x=null x+=1 x=null", 0),
        ("x+=1 x=null", 0),
        ("x=null x+=1 x=[3,1] x+=3", 0),
        ("x+=1 x=[3,1]", 0),
        ("x=[1] x+=1", 0),
    ],
)
def test_what_one_operation_reads_of_its_own(text: str, answer: int | None) -> None:
    assert stuck(t(0, "a", text, 0, 10)) == answer


def test_two_cannot_append_to_what_both_found() -> None:
    """A lost update, seen or not."""
    one, two = t(0, "a", "x=null x+=1", 0, 10), t(1, "b", "x=null x+=2", 0, 10)
    assert stuck(one, two) == 1
    assert stuck(one, two, r(2, "c", "x=[1]", 20, 30)) == 1
    assert stuck(one, t(1, "b", "x=[1] x+=2", 0, 10)) is None


def test_what_an_append_follows() -> None:
    """In time 2 came first."""
    late = a(0, "a", "x=1", 20, 30)
    assert stuck(late, a(1, "b", "x=2", 0, 10), r(2, "c", "x=[1,2]", 40, 50)) == 2
    assert stuck(late, a(1, "b", "x=2", 0, 20), r(2, "c", "x=[1,2]", 40, 50)) is None


def test_what_a_read_follows_and_precedes() -> None:
    late = a(0, "a", "x=1", 20, 30)
    assert stuck(late, r(1, "b", "x=[1]", 0, 19)) == 1
    assert stuck(late, r(1, "b", "x=[1]", 0, 20)) is None
    assert stuck(ONE, r(1, "b", "x=null", 11, 19), r(2, "b", "x=[1]", 20, 30)) == 1
    assert stuck(ONE, r(1, "b", "x=null", 10, 19), r(2, "b", "x=[1]", 20, 30)) is None


def test_what_nobody_saw_was_appended_after_the_rest() -> None:
    unseen = a(9, "u", "x=9", 0, 10)
    assert stuck(unseen, r(1, "b", "x=null", 11, 20)) == 1
    assert stuck(unseen, r(1, "b", "x=null", 10, 20)) is None
    assert stuck(unseen, a(0, "a", "x=1", 11, 20), r(1, "b", "x=[1]", 30, 40)) == 1
    assert stuck(unseen, t(0, "a", "x+=1 x=[1]", 11, 20)) == 0
    assert stuck(unseen, t(0, "a", "x+=1 x=[1]", 10, 20)) is None
    assert stuck(unseen, a(8, "v", "x=8", 0, 10)) is None
    assert stuck(unseen, t(0, "a", "x=null x+=8", 11, 20)) == 0


def test_an_open_append_may_never_take_effect_or_late() -> None:
    unseen = t(9, "u", "x+=9 y+=9", 0, None)
    assert stuck(unseen, r(1, "b", "x=null", 20, 30)) is None
    assert stuck(unseen, r(1, "b", "x=[9]", 20, 30)) is None
    assert stuck(unseen, r(1, "b", "x=[9]", 20, 30), r(2, "b", "y=null", 31, 40)) == 2
    assert stuck(unseen, r(1, "b", "y=null", 20, 30), r(2, "b", "x=[9]", 31, 40)) is None
    assert stuck(unseen, r(1, "b", "x=[9]", 20, 30), r(2, "b", "x=null", 31, 40)) == 2


def test_transactions_that_read_past_each_other() -> None:
    """Write skew on lists, and the same with time between."""
    one, other = t(0, "a", "x=null y+=1", 0, 10), t(1, "b", "y=null x+=1", 0, 10)
    assert stuck(one, other) == 1
    assert stuck(one, t(1, "b", "y=[1] x+=1", 0, 10)) is None
    long_fork = (t(2, "c", "x=[1] y=null", 0, 10), t(3, "d", "x=null y=[1]", 0, 10))
    assert stuck(t(0, "a", "x+=1", 0, 10), t(1, "b", "y+=1", 0, 10), *long_fork) == 3
    assert stuck(t(0, "a", "x+=1", 0, 10), t(1, "b", "y+=1", 0, 10), long_fork[0]) is None


def test_until_one_returns_what_it_read_does_not_count() -> None:
    """Operation 0 saw what came after operation 1 had seen it; operation 2 changes nothing about that."""
    first = (t(0, "a", "x+=1 y=[5]", 0, 100), r(1, "b", "x=[1]", 10, 20))
    later = (r(2, "b", "y=null", 22, 28), a(3, "c", "y=5", 30, 40), r(4, "c", "x=[1]", 50, 60))
    assert stuck(*first, *later) == 0
    assert stuck(*first, a(3, "c", "y=5", 30, 200), r(4, "b", "y=null", 22, 300)) == 0


def test_who_ends_first_does_not_need_to_have_been_invoked_first() -> None:
    """Operation 2 read nothing, though 1 had returned; 0, which is still under way, must follow both."""
    one = (r(0, "a", "x=[1]", 0, 100), a(1, "b", "x=1", 1, 5), r(2, "c", "x=null", 10, 20))
    assert stuck(*one) == 2
    assert stuck(one[0], a(1, "b", "x=1", 1, 10), one[2]) is None


def test_of_two_that_return_at_one_time_the_first_to_be_invoked_returns_first() -> None:
    assert stuck(r(0, "a", "x=[1]", 0, 10), r(1, "b", "x=[2]", 1, 10)) == 0
    assert stuck(r(0, "a", "x=[]", 0, 10), r(1, "b", "x=[2]", 1, 10), r(2, "c", "x=[3]", 2, 9)) == 2
