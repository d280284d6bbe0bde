"""Lists that are only appended to: their order, and what others appended cut out of them."""

from __future__ import annotations

from collections.abc import Hashable

from checker.sequential.lists import cut, lists_in
from checker.values import identity
from tests.checker.literal import a, c, r, t, w


def items(*values: object, start: int = 0) -> dict[Hashable, int]:
    return {identity(value): start for value in values}


def test_lists_are_what_is_only_appended_to_each_item_once() -> None:
    assert lists_in([a(0, "s", "x=1", 0, 1), t(1, "s", "x+=2 y+=2 z=null", 2, 3)]) == {
        "x": {identity(1): 0, identity(2): 2},
        "y": items(2, start=2),
    }
    assert lists_in([a(0, "s", "x=1", 0, 1), a(1, "s", "x=1.0", 2, 3), a(2, "s", "y=[1]", 2, 3)]) == {
        "y": items([1], start=2)
    }
    for other in (w(1, "s", "x=[1]", 2, 3), c(1, "s", "x=[1]>2", 2, 3), t(1, "s", "x:=null", 2, 3)):
        assert lists_in([a(0, "s", "x=2", 0, 1), other]) == {}


def test_what_may_be_part_of_a_string_is_no_item() -> None:
    assert lists_in([a(0, "s", "x=2", 0, 1), r(1, "s", 'x="2"', 2, 3)]) == {}
    assert lists_in([a(0, "s", "x=2", 0, 1), r(1, "s", "x=[2]", 2, 3)]) == {"x": items(2)}


def test_an_append_of_a_string_is_an_item_where_no_string_is_read() -> None:
    assert lists_in([a(0, "s", 'x="2"', 0, 1), r(1, "s", 'x=["2"]', 2, 3)]) == {"x": items("2")}


def test_what_others_appended_is_cut_out_of_what_was_found() -> None:
    """But what nobody appended stays; nothing that is left is nothing."""
    whole = {"x": items(1, 2, 3), "y": items(4)}
    part = [
        a(0, "s", "x=2", 0, 1),
        r(1, "s", "x=[1,2,7,3]", 2, 3),
        r(2, "s", "x=[1,3]", 4, 5),
        t(3, "s", "x=[3,2] y=[4] x+=8 z=[1] x=null", 6, 7),
        w(4, "s", "z=[1]", 8, 9),
        r(5, "s", "z=[1]", 8, 9),
        r(6, "s", "x=1", 8, 9),
    ]
    left = cut(part, whole)
    assert [one.value for one in left] == [2, [2, 7], None, None, [1], [1], 1]
    assert left[3].ops == [
        ["r", "x", [2]],
        ["r", "y", None],
        ["append", "x", 8],
        ["r", "z", [1]],
        ["r", "x", None],
    ]
    assert [one is other for one, other in zip(left, part, strict=True)] == [
        True, False, False, False, True, False, False,
    ]  # fmt: skip


def test_where_nobody_is_missing_nothing_is_cut_out() -> None:
    part = [a(0, "s", "x=2", 0, 1), a(1, "s", "x=1", 0, 1), r(2, "s", "x=[2,1]", 2, 3)]
    whole = {"x": items(1, 2)}
    assert all(one is other for one, other in zip(cut(part, whole), part, strict=True))
    assert [one.value for one in cut(part[1:], whole)] == [1, [1]]


def test_what_was_read_before_another_one_started_it_did_not_append() -> None:
    """An open operation may still have read anything, but does not say so."""
    part = [r(0, "s", "x=[1]", 0, 9), t(1, "t", "x=[1]", 0, 10), r(2, "u", "x=[1,1]", 0, 11)]
    left = cut(part, {"x": items(1, start=10)})
    assert (left[0].value, left[1].ops, left[2].value) == ([1], [["r", "x", None]], None)


def test_a_list_that_was_appended_is_an_item_and_stays() -> None:
    part = [t(0, "s", "x+=[1] x=[[1]]", 0, 1)]
    assert cut(part, {"x": items(1, [1])})[0].ops == [["append", "x", [1]], ["r", "x", [[1]]]]


def test_items_of_other_keys_do_not_count() -> None:
    """Three items are three, but not these."""
    part = [
        a(0, "s", "x=1", 0, 1),
        a(1, "s", "z=1", 0, 1),
        a(2, "s", "z=2", 0, 1),
        r(3, "s", "x=[1,2]", 2, 3),
    ]
    assert cut(part, {"x": items(1, 2), "y": items(3)})[3].value == [1]
