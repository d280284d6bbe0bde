"""The text of each EDN value, and the JSON value that stands for it."""

from __future__ import annotations

from typing import Any

import pytest

from checker.formats.edn_values import Literal, Pair, Text, edn_text, is_keyword, json_value

TEXTS: list[tuple[Any, str]] = [
    (None, "nil"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (1, "1"),
    (-7, "-7"),
    (2**63 - 1, "9223372036854775807"),
    (2**63, "9223372036854775808N"),
    (-(2**63), "-9223372036854775808"),
    (-(2**63) - 1, "-9223372036854775809N"),
    (1.5, "1.5"),
    (1e300, "1e+300"),
    ("a", '"a"'),
    ("", '""'),
    ('q"é\n', '"q\\"é\\n"'),
    (":a", ":a"),
    (":a b", '":a b"'),
    (Text(":a"), '":a"'),
    (Literal("#{1}"), "#{1}"),
    ([], "[]"),
    ([1, "a", None], '[1 "a" nil]'),
    ((1, (2,)), "[1 [2]]"),
    (Pair([5, 1]), "[5 1]"),
    ({}, "{}"),
    ({":b": 1, ":a": {"c": True}}, '{:a {"c" true}, :b 1}'),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_each_value_has_one_text(value: Any, text: str) -> None:
    assert edn_text(value) == text


@pytest.mark.parametrize("value", [None, True, False, 0, 2**70, 1.5, "a", ":a", [], [1, [":a"]], {"a": [1]}])
def test_what_json_has_stands_for_itself(value: Any) -> None:
    assert json_value(value) == value


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Text(":a"), {"edn": '":a"'}),
        (Literal("1/2"), {"edn": "1/2"}),
        ([Literal("x"), 1], [{"edn": "x"}, 1]),
        (Pair([5, Literal("x")]), [5, {"edn": "x"}]),
        ({"a": Literal("x"), "b": 2}, {"a": {"edn": "x"}, "b": 2}),
        ({1: 2}, {"edn": "{1 2}"}),
        ({"a": 1, Text(":b"): 2}, {"edn": '{":b" 2, "a" 1}'}),
        # An object that reads like a stand-in has a stand-in itself.
        ({"edn": 1}, {"edn": '{"edn" 1}'}),
        ({"edn": 1, "a": 2}, {"edn": 1, "a": 2}),
    ],
)
def test_what_json_has_no_word_for_is_its_text(value: Any, json: Any) -> None:
    assert json_value(value) == json


def test_what_a_keyword_looks_like() -> None:
    assert all(map(is_keyword, (":a", ":a/b", ":a:b", ":1", ":a#", ":-")))
    assert not any(map(is_keyword, ("", ":", "a", "::a", ":a b", ":a,", ":a@", ":[", ':"', " :a", ":a\\")))
