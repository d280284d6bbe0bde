"""EDN to the letter: lines of forms within forms, prefixes within prefixes, flat maps read the quick way."""

from __future__ import annotations

from typing import Any

import pytest

from checker import HistoryError
from checker.formats import edn
from checker.formats.edn import _Atoms, _flat_map, _tokens, read_forms, read_values
from checker.formats.edn_values import Literal, Pair


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ('{:a\n {:b "c"}}', [(1, {":a": {":b": "c"}})]),
        ("{:a\n #t 1}", [(1, {":a": Literal("#t 1")})]),
        ("#a\n#b\n1", [(1, Literal("#a #b 1"))]),
        ('#a ["x" #b 1]', [(1, Literal('#a ["x" #b 1]'))]),
        ('#_ ["x"]\n{:a 1}', [(2, {":a": 1})]),
        # A map on a line of its own within another form, and behind what discards it.
        ("{:x\n{:a 1}\n}", [(1, {":x": {":a": 1}})]),
        ("#_\n{:a 1}\n2", [(3, 2)]),
        # Elements of the outermost vector are forms, whatever they are.
        ('[["x"] [1 2]\n{:b 1}] {:c 2}', [(1, ["x"]), (1, [1, 2]), (2, {":b": 1}), (2, {":c": 2})]),
        ("?x 0\n?", [(1, Literal("?x")), (1, 0), (2, Literal("?"))]),
        ('{1 "x", [1] 2}', [(1, {1: "x", Literal("[1]"): 2})]),
    ],
)
def test_forms_and_the_lines_that_they_began_on(text: str, forms: list[tuple[int, Any]]) -> None:
    assert list(read_forms(text.splitlines(keepends=True))) == forms


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{:a " * 101, 1, "nested deeper than 100"),
        ('#a ["x" #_]\n1', 1, "nothing follows #_"),
        ("#a #_", 1, "nothing follows #_"),
        ('{:a\n ["x"', 1, "'{' without '}'"),
        ('"a\nb" 1\n"c', 3, "a string without end"),
        ("012", 1, "'012' is no EDN"),
        ("::a", 1, "'::a' is no EDN"),
        (r'"\u12"', 1, r"a string with the unknown escape '\u'"),
        (r'"\?"', 1, r"a string with the unknown escape '\?'"),
        ("1 \\ ", 1, r"'\\' is no EDN"),
        ("1\n{:a 012}", 2, "'012' is no EDN"),
        ("1\n{:a 01}", 2, "'01' is no EDN"),
        ('{:a [ "x" 1}', 1, "unexpected '}'"),
    ],
)
def test_what_is_wrong_is_said_of_the_right_one(text: str, line: int, message: str) -> None:
    with pytest.raises(HistoryError) as caught:
        list(read_forms(text.splitlines(keepends=True), unwrap=False))
    assert (caught.value.line, caught.value.message) == (line, message)


@pytest.mark.parametrize("tag", ["#jepsen.independent.Tuple", "#a/tuple", "#clojure.lang.MapEntry"])
def test_names_of_tuples(tag: str) -> None:
    assert [type(value) for value in read_values(f"{tag}[1 2] {tag}[1] [1 2]")] == [Pair, Literal, list]


@pytest.mark.parametrize(
    "text",
    [
        "#a.Tuple 5",
        "#a.MapEntry {:a 1}",
        "#a.Other {:key 1, :val 2}",
        "#a.Op [1]",
        "##Inf",
        "##-Inf",
        "##NaN",
    ],
)
def test_what_a_tag_says_nothing_of_keeps_its_text(text: str) -> None:
    assert read_values(text) == [Literal(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", {}),
        ("{:a 1, :b [2 3]}", {":a": 1, ":b": [2, 3]}),
        ('{"a;b" nil, 0 10, :c "}"}', {"a;b": None, 0: 10, ":c": "}"}),
        ("", None),
        ("{", None),
        ("}", None),
        ("7", None),
        ("{:a 1} 2", None),
        ("2 {:a 1}", None),
        ("{:a {:b 1}}", None),
        ("{:a}", None),
        ("{:a 1, :b}", None),
        ("{:a 1, :a 2}", None),
        ("{:a 1 ; b\n}", None),
        ("{:a #_ 1 2}", None),
        ("{:a @b}", None),
        ("{[1] 2}", None),
        ("[:a 1]", None),
        ('{:a [ "x" 1}', None),
    ],
)
def test_a_line_that_is_a_flat_map_is_read_the_quick_way(text: str, found: dict[Any, Any] | None) -> None:
    assert _flat_map(_tokens(text), _Atoms()) == found
    assert _flat_map(iter(_tokens(text)), _Atoms()) is None


def test_values_of_short_tokens_are_kept_but_for_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history repeats its words, and counts on."""
    known = _Atoms()
    values = [known[token] for token in (":a", "0", "10", "7", ":" + "b" * 22, ":" + "b" * 23)]
    assert values == [":a", 0, 10, 7, ":" + "b" * 22, ":" + "b" * 23]
    assert list(known) == [":a", "0", ":" + "b" * 22]
    monkeypatch.setattr(edn, "_MOST_KNOWN", 4)
    assert [known[token] for token in (":c", ":d")] == [":c", ":d"]
    assert ":c" in known
    assert ":d" not in known


def test_the_tokens_of_a_long_line_are_not_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{:a [1 2]} "x" ; y'
    monkeypatch.setattr(edn, "_LONG_LINE", len(text))
    assert not isinstance(_tokens(text), list)
    assert _tokens(text[1:]) == list(_tokens(text))[1:]
    assert read_values(text) == [{":a": [1, 2]}, "x"]
