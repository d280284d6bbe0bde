"""EDN: tokens, nesting, what JSON has no word for, and errors with their line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import HistoryError
from checker.formats.edn import read_forms, read_values
from checker.formats.edn_values import Literal, Pair, edn_text, json_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nil", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-17", -17),
        ("+3", 3),
        ("12345678901234567890N", 12345678901234567890),
        ("1.5", 1.5),
        ("-2e3", -2000.0),
        (":read", ":read"),
        (":jepsen.util/x", ":jepsen.util/x"),
        ('"a b"', "a b"),
        (r'"q\"\\\n\t\r\b\f"', 'q"\\\n\t\r\b\f'),
        (r'"é\101"', "éA"),
        (r'"\ud83d\ude00"', "😀"),
        ('"; no [comment] #_ {"', "; no [comment] #_ {"),
        ("[1 2]", [1, 2]),
        ("(1, 2)", [1, 2]),
        ("[]", []),
        ("[nil [true {}] ()]", [None, [True, {}], []]),
        ("{:a 1, :b [2]}", {":a": 1, ":b": [2]}),
        ('{"a" 1}', {"a": 1}),
        ("[1 ; two ]\n 2]", [1, 2]),
        ("[1 #_ 2 3]", [1, 3]),
        ("[#_#_ 1 2 3]", [3]),
        ("[#_[1 2] 3]", [3]),
        ("#_ 1 2", 2),
        ("#jepsen.history.Op{:f :read}", {":f": ":read"}),
        ("#jepsen.independent.Tuple[1 nil]", [1, None]),
        ("#clojure.lang.MapEntry{:key 1, :val 2}", [1, 2]),
    ],
)
def test_values_are_what_json_has_for_them(text: str, value: Any) -> None:
    (found,) = read_values(text)
    assert (json_value(found), type(json_value(found))) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("foo/bar", "foo/bar"),
        ("+", "+"),
        (r"\a", r"\a"),
        (r"\newline", r"\newline"),
        (r"\(", r"\("),
        ("1/3", "1/3"),
        ("1.50M", "1.50M"),
        ("1e999", "1e999"),
        ("##NaN", "##NaN"),
        ("#{3 1 2 1}", "#{1 2 3}"),
        ("#{}", "#{}"),
        ('#inst "2020-01-01"', '#inst "2020-01-01"'),
        ("#my/tag {:b 1 :a 2}", "#my/tag {:a 2, :b 1}"),
        ("{1 2}", "{1 2}"),
        ("{nil 1, [1] 2}", "{[1] 2, nil 1}"),
        ('{"edn" 1}', '{"edn" 1}'),
        ('":a"', '":a"'),
    ],
)
def test_what_json_has_no_word_for_keeps_its_text(text: str, canonical: str) -> None:
    (value,) = read_values(text)
    assert json_value(value) == {"edn": canonical}
    assert edn_text(value) == canonical


def test_what_clojure_tells_apart_stays_apart() -> None:
    texts = '1 "1" :a ":a" a \\a [1] #{1} {1 1} {"1" 1} nil "nil" true 1/2 "1/2" {:edn 1} {"edn" 1}'
    values = [json.dumps(json_value(value)) for value in read_values(texts)]
    assert len(set(values)) == len(values) == 17


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2**63 - 1, "9223372036854775807"),
        (2**63, "9223372036854775808N"),
        (-(2**63), "-9223372036854775808"),
        (-(2**63) - 1, "-9223372036854775809N"),
    ],
)
def test_what_is_beyond_a_long_is_written_as_a_big_integer(value: int, text: str) -> None:
    assert edn_text(value) == text


def test_forms_may_be_nested_a_hundred_deep() -> None:
    text = "{:a " * 100 + "1" + "}" * 100
    assert edn_text(read_values(text)[0]) == text


def test_a_tuple_is_known_by_its_tag() -> None:
    tagged, plain = read_values("#jepsen.independent.Tuple[1 2] [1 2]")
    assert (type(tagged), type(plain)) == (Pair, list)


def test_equal_sets_and_maps_are_one_value() -> None:
    assert read_values("#{{:a 1, :b 2}}") == read_values("#{{:b 2, :a 1}}") == [Literal("#{{:a 1, :b 2}}")]


def test_forms_come_with_the_line_that_they_began_on() -> None:
    lines = ["; a comment\n", "{:a\n", " 1} 2\n", "\n", '"a\n', 'b" #_ 3 [4]\n', "#tag\n", "5\n"]
    assert list(read_forms(lines, unwrap=False)) == [
        (2, {":a": 1}),
        (3, 2),
        (6, "a\nb"),
        (6, [4]),
        (7, Literal("#tag 5")),
    ]


@pytest.mark.parametrize(
    "text", ["[{:a 1}\n {:b 2}]", "({:a 1}\n{:b 2})", "{:a 1}\n{:b 2}", "[{:a 1}]\n[{:b 2}]"]
)
def test_an_outermost_vector_is_unwrapped(text: str) -> None:
    assert list(read_forms(text.splitlines(keepends=True))) == [(1, {":a": 1}), (2, {":b": 2})]


def test_an_empty_vector_holds_nothing() -> None:
    assert list(read_forms(["[]"])) == list(read_forms(["[\n", "]\n"])) == list(read_forms([])) == []


def test_a_long_line_is_read_like_a_short_one() -> None:
    many = 200_000
    assert sum(1 for _ in read_forms(["[" + "{:a 1} " * many + "]"])) == many


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{:a 1}\n{:a", 2, "'{' without '}'"),
        ("[{:a 1}\n", 1, "truncated: no ']' at the end"),
        ("{:a 1}\n]", 2, "unexpected ']'"),
        ("{:a 1)", 1, "unexpected ')'"),
        ("\n{:a}", 2, "a map with a key without value"),
        ("{:a 1 :a 2}", 1, "a map with a key twice"),
        ('{:a 1}\n{:a "b\n c}', 2, "a string without end"),
        (r'"\q"', 1, r"a string with the unknown escape '\q'"),
        (r'"\ud800"', 1, "a string with half a surrogate pair"),
        ("{:a 1}\n{:a 0x1f}", 2, "'0x1f' is no EDN"),
        ("{:a 1}\n{:a @b}", 2, "'@b' is no EDN"),
        ("{:a [1 012]}", 1, "'012' is no EDN"),
        ("{:a #_}", 1, "nothing follows #_"),
        ("1 #tag", 1, "nothing follows #tag"),
        ("[" * 200, 1, "nested deeper than 100"),
        ("[[1 2]\n 3", 2, "truncated: no ']' at the end"),
        ("[#_]", 1, "nothing follows #_"),
    ],
)
def test_what_is_no_edn_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(HistoryError) as caught:
        list(read_forms(text.splitlines(keepends=True)))
    assert (caught.value.line, caught.value.message) == (line, message)


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from((":read", ":a/b"))
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=3))
def test_what_is_printed_reads_back(values: list[Any]) -> None:
    assert read_values(" ".join(map(edn_text, values))) == values
