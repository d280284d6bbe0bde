"""Who made what was read of a key that grows."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from checker import Operation
from checker.linearizability.texts import Grown, Texts, Version
from checker.sequential.growing import Growing
from tests.checker.literal import a, d, r, w


def named(version: Version) -> list[Any]:
    """The value that a version began with, and the numbers of those who appended to it."""
    appends: list[Any] = []
    while isinstance(version, Grown):
        appends.append(version.append)
        version = version.found
    return [version.value, *appends[::-1]]


def found(*operations: Operation, grows: Growing = "strings") -> list[list[Any]] | None:
    """What the last of some operations, a read, may have found."""
    versions = Texts(operations, grows).found(len(operations) - 1)
    return None if versions is None else [named(version) for version in versions]


AB = (a(0, "s", 'x="a"', 0, 10), a(1, "t", 'x="b"', 0, 10))


def test_a_read_tells_who_appended_in_which_order() -> None:
    assert found(*AB, r(2, "u", 'x="ab"', 20, 30)) == [[None, 0, 1]]
    assert found(*AB, r(2, "u", 'x="ba"', 20, 30)) == [[None, 1, 0]]
    assert found(*AB, r(2, "u", 'x="b"', 20, 30)) == [[None, 1]]
    assert found(*AB, w(2, "u", 'x="p"', 0, 10), r(3, "u", 'x="pb"', 20, 30)) == [["p", 1]]


def test_lists_grow_by_one_item() -> None:
    ab = (a(0, "s", "x=1", 0, 10), a(1, "t", "x=true", 0, 10), w(2, "u", "x=[7,8]", 0, 10))
    assert found(*ab, r(3, "u", "x=[1,true]", 5, 30), grows="lists") == [[None, 0, 1]]
    assert found(*ab, r(3, "u", "x=[7,8,1]", 20, 30), grows="lists") == [[[7, 8], 0]]
    assert found(*ab, r(3, "u", "x=[7,8,1,1]", 20, 30), grows="lists") == [[[7, 8], 0, 0]]
    assert found(*ab, r(3, "u", "x=[8,1]", 20, 30), grows="lists") == []
    assert found(w(0, "s", "x=[]", 0, 10), r(1, "s", "x=[]", 20, 30), grows="lists") == [[None]]


def test_what_is_no_text_nobody_made() -> None:
    assert found(*AB, r(2, "u", "x=5", 20, 30)) == []
    assert found(*AB, r(2, "u", 'x=["a"]', 20, 30)) == []
    assert found(*AB, r(2, "u", 'x="a"', 20, 30), grows="lists") == []
    assert found(*AB, r(2, "u", 'x="abc"', 20, 30)) == []


def test_what_comes_apart_in_several_ways_is_not_known() -> None:
    several = (*AB, a(2, "u", 'x="ab"', 0, 10))
    assert found(*several, r(3, "u", 'x="ab"', 20, 30)) is None
    assert found(*several, r(3, "u", 'x="b"', 20, 30)) == [[None, 1]]
    # … unless it is not what can have begun it.
    begun = (*several, w(3, "u", 'x="ab"', 11, 12))
    assert found(*begun, r(4, "u", 'x="ab"', 20, 30)) == [["ab"]]
    assert found(*begun, r(4, "u", 'x="ab"', 12, 30)) is None


def test_a_delete_leaves_nothing_whatever_value_it_names() -> None:
    deleted = structs.replace(d(0, "s", "x", 0, 10), value="p")
    assert found(deleted, a(1, "s", 'x="a"', 20, 30), r(2, "s", 'x="pa"', 40, 50)) == []
    assert found(deleted, a(1, "s", 'x="a"', 20, 30), r(2, "s", 'x="a"', 40, 50)) == [[None, 1]]


def test_each_beginning_is_a_way() -> None:
    begun = (*AB, w(2, "u", 'x="a"', 0, 20))
    assert found(*begun, r(3, "u", 'x="ab"', 20, 30)) == [[None, 0, 1], ["a", 1]]
    empty = (*AB, w(2, "u", 'x=""', 0, 20))
    assert found(*empty, r(3, "u", 'x="a"', 20, 30)) == [[None, 0], ["", 0]]


def test_an_empty_string_is_another_value_than_what_is_absent() -> None:
    assert found(d(0, "s", "x", 0, 10), r(1, "s", 'x=""', 5, 30)) == []
    assert found(w(0, "s", 'x=""', 0, 10), r(1, "s", 'x=""', 5, 30)) == [[""]]
    assert found(w(0, "s", 'x=""', 0, 10), r(1, "s", "x=null", 5, 30)) == [[None]]


@pytest.mark.parametrize(("start", "beginnings"), [(20, [[None, 0], ["", 0]]), (21, [["", 0]])])
def test_what_was_absent_is_gone_when_a_write_has_ended(start: int, beginnings: list[list[Any]]) -> None:
    one = (a(0, "s", 'x="a"', 0, 50), w(1, "t", 'x=""', 10, 20))
    assert found(*one, r(2, "u", 'x="a"', start, 40)) == beginnings


@pytest.mark.parametrize(
    ("end", "beginnings"), [(29, [["pa"]]), (30, [["p", 0], ["pa"]]), (None, [["p", 0], ["pa"]])]
)
def test_a_beginning_is_gone_when_one_has_ended_that_started_later(
    end: int | None, beginnings: list[list[Any]]
) -> None:
    """The latest to start counts, wherever others ended; and each write of a value."""
    one = (
        a(0, "s", 'x="a"', 0, 50),
        w(1, "t", 'x="p"', 1, 2),
        w(2, "v", 'x="z"', 5, 37),
        w(3, "t", 'x="p"', 10, end),
        w(4, "u", 'x="pa"', 30, 35),
    )
    assert found(*one, r(5, "w", 'x="pa"', 40, 60)) == beginnings


def test_where_there_is_one_way_time_is_not_asked() -> None:
    """Others will find that it cannot be."""
    gone = (*AB, w(2, "u", 'x="p"', 20, 30), r(3, "u", 'x="a"', 40, 50))
    assert found(*gone) == [[None, 0]]
    assert found(a(0, "s", 'x="a"', 40, 50), r(1, "t", 'x="a"', 0, 10)) == [[None, 0]]
    assert found(*gone[:3], a(3, "v", 'x="a"', 0, 10), gone[3]) == []


def test_the_newest_write_is_the_last_to_start_of_those_that_have_ended() -> None:
    one = (
        w(0, "s", 'x="p"', 0, 10),
        d(1, "t", "x", 5, 40),
        w(2, "u", 'x="q"', 6, 30),
        a(3, "v", 'x="a"', 7, 8),
        *(r(4 + at, "w", 'x="pa"', start, 90) for at, start in enumerate((9, 10, 11, 30, 31, 41))),
    )
    texts = Texts(one, "strings")
    assert [texts.newest_before(number) for number in range(4, 10)] == [None, None, 0, 0, 2, 2]
    late = (w(0, "s", 'x="p"', 0, 40), d(1, "t", "x", 5, 10), r(2, "u", "x=null", 50, 60))
    assert Texts(late, "strings").newest_before(2) == 1


@pytest.mark.parametrize(
    ("first", "second", "made"),
    [
        ((0, 10), (20, 40), None),
        ((0, 10), (31, 40), [["", 1]]),
        ((0, 10), (30, 40), None),
        ((0, 4), (20, 40), [["", 2]]),
        ((0, 5), (20, 40), None),
        ((0, 4), (31, 40), []),
    ],
)
def test_of_several_appends_of_an_item_one_may_fit_in_time(
    first: tuple[int, int], second: tuple[int, int], made: list[list[Any]] | None
) -> None:
    """Not one that had ended before the write started, nor one that started after the read had ended."""
    one = (w(0, "s", 'x=""', 5, 8), a(1, "t", 'x="a"', *first), a(2, "u", 'x="a"', *second))
    assert found(*one, r(3, "v", 'x="a"', 25, 30)) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [("abc", [[None, 0, 1, 2]]), ("cab", [[None, 2, 0, 1]]), ("bac", [[None, 1, 0, 2]]), ("cba", None)],
)
def test_neighbours_tell_which_append_an_item_is_of(text: str, made: list[list[Any]] | None) -> None:
    """None that started after one further on had ended, nor that ended before one further back started."""
    one = (
        a(0, "s", 'x="a"', 0, 10),
        a(1, "t", 'x="b"', 5, 35),
        a(2, "u", 'x="c"', 6, 34),
        a(3, "v", 'x="a"', 36, 40),
    )
    assert found(*one, r(4, "w", f'x="{text}"', 38, 50)) == made


@pytest.mark.parametrize(("since", "made"), [(5, [["", 3]]), (4, None)])
def test_nobody_appended_to_what_was_written_later(since: int, made: list[list[Any]] | None) -> None:
    """Though that write had not ended when it was read."""
    one = (
        w(0, "r", 'x="p"', -20, -10),
        w(1, "s", 'x=""', since, 60),
        a(2, "t", 'x="a"', 0, 4),
        a(3, "u", 'x="a"', 20, 40),
    )
    assert found(*one, r(4, "v", 'x="a"', 25, 30)) == made


def test_each_item_must_fit_in_time() -> None:
    late = (a(0, "s", 'x="b"', 0, 10), a(1, "t", 'x="a"', 40, 50), a(2, "u", 'x="a"', 41, 50))
    assert found(*late, r(3, "v", 'x="ab"', 20, 30)) == []
    assert found(*late, r(3, "v", 'x="ba"', 20, 30)) == []
    begun = (*late, w(3, "w", 'x="a"', 0, 10), r(4, "v", 'x="ab"', 5, 30))
    assert found(*begun) == [["a", 0]]


def test_an_item_that_comes_twice_is_of_two_appends() -> None:
    one = (
        a(0, "s", 'x="a"', 0, 10),
        a(1, "t", 'x="b"', 20, 30),
        a(2, "u", 'x="a"', 40, 50),
    )
    assert found(*one, r(3, "v", 'x="aba"', 60, 70)) == [[None, 0, 1, 2]]
    assert found(*one, r(3, "v", 'x="aab"', 60, 70)) == [[None, 0, 0, 1]]
    assert found(*one, r(3, "v", 'x="baa"', 60, 70)) == [[None, 1, 2, 2]]


def test_versions_are_shared() -> None:
    one = (*AB, r(2, "u", 'x="a"', 20, 30), r(3, "u", 'x="ab"', 40, 50), r(4, "u", 'x="a"', 20, 30))
    texts = Texts(one, "strings")
    (short,), (long,), (again,) = (texts.found(number) or () for number in (2, 3, 4))
    assert isinstance(long, Grown)
    assert long.found is short is again


def test_where_something_cannot_grow_nothing_is_told() -> None:
    told = (*AB, w(2, "s", 'x="p"', 0, 1), d(3, "s", "x", 0, 1), r(4, "s", "x=7", 0, 1))
    assert Texts(told, "strings").is_told
    assert not Texts([*AB, w(2, "s", "x=7", 0, 1)], "strings").is_told
    assert not Texts([*AB, w(2, "s", "x=[]", 0, 1)], "strings").is_told
    assert not Texts([*AB, a(2, "s", "x=7", 0, 1)], "strings").is_told
    assert not Texts([*AB, a(2, "s", 'x=""', 0, 1)], "strings").is_told
    lists = (*AB, a(2, "s", 'x=""', 0, 1), a(3, "s", "x=null", 0, 1), w(4, "s", "x=[1]", 0, 1))
    assert Texts(lists, "lists").is_told
    assert not Texts([*lists, w(5, "s", 'x="p"', 0, 1)], "lists").is_told
