"""How texts consist of a beginning and of items."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from checker.linearizability.apart import Piece, Text, take_apart


def pieces(piece: Piece) -> list[Text]:
    """The beginning of a text and its items, up to a piece."""
    found = [piece.item]
    while piece.before is not None:
        piece = piece.before
        found.append(piece.item)
    return found[::-1]


def apart(text: Text, beginnings: Collection[Text], items: Collection[Text], *others: Text) -> object:
    """How a text comes apart, by the length of its beginning: `...` where in several ways."""
    found = take_apart([text, *others], beginnings, items)[text]
    return {start: ... if piece.several else pieces(piece) for start, piece in found.items()}


def test_a_text_is_a_beginning_and_items() -> None:
    assert apart("pab", ["p", "q"], ["a", "b"]) == {1: ["p", "a", "b"]}
    assert apart("", [""], ["a"]) == {0: [""]}
    assert apart("p", ["p"], []) == {1: ["p"]}
    assert apart("pa", ["p"], []) == {}
    assert apart("aab", [""], ["a", "b"]) == {0: ["", "a", "a", "b"]}
    assert apart((1, 2), [()], [(1,), (2,)]) == {0: [(), (1,), (2,)]}
    assert apart((1, 2), [(1,), (2,)], [(1,), (2,)]) == {1: [(1,), (2,)]}


@pytest.mark.parametrize("text", ["b", "pc", "pac", "ap", "paX", "q"])
def test_what_is_made_of_something_else_does_not_come_apart(text: str) -> None:
    assert apart(text, ["p"], ["a", "b"]) == {}


def test_several_beginnings_each_come_by_themselves() -> None:
    assert apart("pab", ["", "p", "pa"], ["pa", "a", "b"]) == {
        0: ["", "pa", "b"],
        1: ["p", "a", "b"],
        2: ["pa", "b"],
    }


def test_items_may_be_cut_in_several_ways() -> None:
    assert apart("ab", [""], ["a", "b", "ab"]) == {0: ...}
    assert apart("abc", [""], ["a", "b", "ab", "c"]) == {0: ...}
    assert apart("abc", [""], ["a", "b", "ab", "bc"]) == {0: ["", "a", "bc"]}
    assert apart("aba", [""], ["a", "ba", "ab"]) == {0: ...}
    assert apart("aaab", [""], ["a", "aa", "b"]) == {0: ...}
    assert apart("cab", [""], ["a", "b", "ab", "c"]) == {0: ...}


def test_a_text_goes_on_from_one_that_it_begins_with() -> None:
    """From all places that an item may go on from, also one across the end of the shorter text."""
    assert apart("abc", [""], ["a", "b", "bc"], "a", "ab") == {0: ["", "a", "bc"]}
    assert apart("abc", [""], ["a", "b", "bc", "c"], "a", "ab") == {0: ...}
    assert apart("abcd", [""], ["a", "bcd"], "a", "ab", "abc") == {0: ["", "a", "bcd"]}
    assert apart("abd", [""], ["a", "b", "c", "d"], "abc", "ab") == {0: ["", "a", "b", "d"]}
    assert apart("abcd", [""], ["a", "b", "c", "d"], "abx", "abc") == {0: ["", "a", "b", "c", "d"]}
    assert apart("qa", ["p", "q"], ["a", "b"], "p", "pa", "pab") == {1: ["q", "a"]}


def test_what_texts_share_is_taken_apart_once() -> None:
    found = take_apart(["ab", "a", "abc"], [""], ["a", "b", "c"])
    assert found["abc"][0].before is found["ab"][0]
    assert found["ab"][0].before is found["a"][0]
    forked = take_apart(["ax", "ab", "a"], [""], ["a", "b", "x"])
    assert forked["ax"][0].before is forked["ab"][0].before is forked["a"][0]
    assert list(take_apart(["b", "a", "b"], ["a"], ["b"])) == ["b", "a"]
