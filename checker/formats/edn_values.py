"""What EDN says beyond JSON, the JSON value that stands for it, and its text.

Two EDN values become one JSON value only if Clojure or JSON calls them equal, so that no verdict rests on
a confusion: `1` and `"1"`, `:a` and `":a"`, `[1]` and `#{1}` stay apart. What JSON has no word for becomes
`{"edn": TEXT}`, the text being the same for equal values (sets and maps are sorted).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_KEYWORD = re.compile(r":[^\s:,()\[\]{}\";@^`~\\][^\s,()\[\]{}\";@^`~\\]*")
_PLAIN = frozenset((str, int, type(None), bool, float))


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that JSON has no word for: a symbol, a character, a ratio, a set, a tagged value. Its text."""

    text: str


class Pair(list[Any]):
    """A list of two that its tag calls a tuple: `#jepsen.independent.Tuple [key value]`."""


class Text(str):
    """A string that reads like a keyword, and is none."""

    __slots__ = ()


def is_keyword(text: str) -> bool:
    """Return whether a text, with its colon, is a keyword's."""
    return _KEYWORD.fullmatch(text) is not None


def json_value(value: Any) -> Any:
    """Return the JSON value that stands for an EDN value."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list or kind is Pair:
        return [json_value(item) for item in value]
    if kind is dict and all(type(name) is str for name in value) and value.keys() != {"edn"}:
        return {name: json_value(item) for name, item in value.items()}
    return {"edn": edn_text(value)}


def edn_text(value: Any) -> str:
    """Return the text of an EDN value, the same for equal values."""
    if value is None:
        return "nil"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, Text):
        return _quoted(value)
    if isinstance(value, str):
        return value if is_keyword(value) else _quoted(value)
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(map(edn_text, value)) + "]"
    if isinstance(value, dict):
        pairs = sorted((edn_text(name), edn_text(item)) for name, item in value.items())
        return "{" + ", ".join(f"{name} {item}" for name, item in pairs) + "}"
    if isinstance(value, int):
        return f"{value}" if -(2**63) <= value < 2**63 else f"{value}N"
    return repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
