"""EDN, the notation of Clojure's data, read line by line.

Theory of operation: one regular expression cuts a line into tokens, a dictionary knows the value of every
token that was seen before (a history repeats a few hundred of them), and an explicit stack holds what is
still open, so that a form may span lines and nesting costs no recursion. A vector of atoms is one token.

Values become what Python has nearest: `nil` is None, vectors and lists are lists, maps are dicts. A keyword
is the string with its colon, `":read"`. What has no counterpart keeps its text: `Literal`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from checker.formats.edn_values import Literal, Pair, Text, edn_text, is_keyword
from checker.history import HistoryError

_STRING = r'"(?:[^"\\]|\\.)*"'
_VECTOR = r'\[[^\[\](){}";\\#]*\]'
_TOKEN = re.compile(
    rf'{_STRING}|"[\s\S]*|{_VECTOR}|;[^\n]*|[\[\](){{}}]|#\{{|#_|\\\S[^\s,()\[\]{{}}";]*|[^\s,()\[\]{{}}";]+',
    re.DOTALL,
)
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_INTEGER = re.compile(r"([+-]?(?:0|[1-9]\d*))N?")
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?(M?)")
_RATIO = re.compile(r"[+-]?\d+/\d+")
_NAME = re.compile(r"(?:[^\W\d]|[*!?$%&=<>./_|+-])(?:[\w*!?$%&=<>./|+:#'-])*")
_CHARACTER = re.compile(r"\\(?:newline|return|space|tab|formfeed|backspace|u[0-9a-fA-F]{4}|o[0-7]{1,3}|\S)")
_TAG = re.compile(r"#[^\W\d][\w.*+!?$%&=<>/|'-]*")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\"}
_WORDS = {"nil": None, "true": True, "false": False}
_CLOSERS = {"[": "]", "(": ")", "{": "}", "#{": "}"}
_TUPLES = ("Tuple", "tuple", "MapEntry")
_DISCARD = "#_"
_MISSING: Any = object()
_LONG_LINE = 1 << 20
"""Characters beyond which a line's tokens are not all held at once."""
_MOST_KNOWN = 1 << 16
_LONG_TOKEN = 24
"""Characters beyond which a token is hardly met again."""
_BRACKETS = frozenset("[](){}")
_DEEPEST = 100


def read_forms(lines: Iterable[str], *, unwrap: bool = True) -> Iterator[tuple[int, Any]]:
    """Return each form with the number of the line that it began on, counted from 1.

    With `unwrap`, the elements of an outermost vector or list count as the forms, so that a file may be one
    vector of maps or a map a line. Raises `HistoryError` with the line for what is no EDN.
    """
    known = _Atoms()
    stack: list[tuple[list[Any], str, int]] = []
    outer = ""  # what closes the vector or list that is unwrapped
    prefixes: list[tuple[int, str]] = []  # `#_` and tags that wait for a value, each with its depth
    items: list[Any] = []
    began = number = 0
    carried, carried_from = "", 0
    for number, line in enumerate(lines, 1):
        if carried:
            line, carried = carried + line, ""
        tokens = _tokens(line)
        if not stack and not prefixes and (flat := _flat_map(tokens, known)) is not None:
            yield number, flat
            continue
        for token in tokens:
            value = known.get(token, _MISSING)
            if value is _MISSING:
                first = token[0]
                if token in _CLOSERS:
                    if unwrap and not outer and not stack and not prefixes and first in "[(":
                        outer = _CLOSERS[token]
                        continue
                    if len(stack) >= _DEEPEST:
                        raise HistoryError(f"nested deeper than {_DEEPEST}", line=number)
                    if not stack:
                        began = number
                    stack.append((items, token, number))
                    items = []
                    continue
                if first in "])}":
                    if not stack and outer == token:
                        outer = ""
                        continue
                    if not stack or _CLOSERS[stack[-1][1]] != token:
                        raise HistoryError(f"unexpected {token!r}", line=number)
                    if prefixes and prefixes[-1][0] == len(stack):
                        raise HistoryError(f"nothing follows {prefixes[-1][1]}", line=number)
                    inner = items
                    items, opener, _ = stack.pop()
                    value = inner if first != "}" else _braced(opener, inner, number)
                elif first == ";":
                    continue
                elif first == "#" and _TAG.fullmatch(token):
                    if not stack and not prefixes:
                        began = number
                    prefixes.append((len(stack), token))
                    continue
                elif first == '"' and not _WHOLE_STRING.fullmatch(token):
                    carried, carried_from = token, carried_from or number
                    continue
                elif token.isdecimal() and first != "0":
                    value = int(token)
                else:
                    value = known.read(token, number)
            if prefixes:
                value = _prefixed(value, prefixes, len(stack))
                if value is _MISSING:
                    continue
            elif not stack and token not in _BRACKETS:
                began = number
            if stack:
                items.append(value)
            elif unwrap and not outer and value.__class__ is list:
                yield from ((number, item) for item in value)
            else:
                yield began, value
        if not carried:
            carried_from = 0
    if carried:
        raise HistoryError("a string without end", line=carried_from)
    if stack:
        raise HistoryError(f"{stack[0][1]!r} without {_CLOSERS[stack[0][1]]!r}", line=stack[0][2])
    if outer:
        raise HistoryError(f"truncated: no {outer!r} at the end", line=number)
    if prefixes:
        raise HistoryError(f"nothing follows {prefixes[-1][1]}", line=number)


def read_values(text: str) -> list[Any]:
    """Return the forms in a text. Raises `HistoryError`."""
    return [value for _, value in read_forms([text], unwrap=False)]


class _NotFlat(Exception):
    """A line is more than one map of atoms."""


class _Atoms(dict[str, Any]):
    """The value of each token, worked out when it is first met."""

    def read(self, token: str, line: int) -> Any:
        value = _atom(token, line)
        if len(self) < _MOST_KNOWN and len(token) < _LONG_TOKEN:
            self[token] = value
        return value

    def __missing__(self, token: str) -> Any:
        if token.isdecimal() and token[0] != "0":
            return int(token)
        if token in _BRACKETS or token[0] in "#;":
            raise _NotFlat
        return self.read(token, 0)


def _tokens(line: str) -> Iterable[str]:
    if len(line) < _LONG_LINE:
        return _TOKEN.findall(line)
    return (match[0] for match in _TOKEN.finditer(line))


def _flat_map(tokens: Iterable[str], known: _Atoms) -> dict[Any, Any] | None:
    """The map that a line holds if it is one of atoms, as most are: the quick way. None: who knows."""
    if not isinstance(tokens, list) or len(tokens) < 2 or tokens[0] != "{" or tokens[-1] != "}":
        return None
    try:
        items = list(map(known.__getitem__, tokens[1:-1]))
        found = dict(zip(items[::2], items[1::2], strict=False))
    except (_NotFlat, HistoryError, TypeError):
        return None  # the thorough way finds the same fault, and its line
    return found if len(found) * 2 == len(items) else None


def _braced(opener: str, items: list[Any], line: int) -> Any:
    if opener == "#{":
        texts = sorted({edn_text(item) for item in items})
        return Literal("#{" + " ".join(texts) + "}")
    if len(items) % 2:
        raise HistoryError("a map with a key without value", line=line)
    pairs = iter(items)
    try:
        found = dict(zip(pairs, pairs, strict=True))
    except TypeError:  # a list or a map as a key: by its text
        pairs = iter(items)
        found = {
            Literal(edn_text(key)) if isinstance(key, (list, dict)) else key: value
            for key, value in zip(pairs, pairs, strict=True)
        }
    if len(found) * 2 != len(items):
        raise HistoryError("a map with a key twice", line=line)
    return found


def _prefixed(value: Any, prefixes: list[tuple[int, str]], depth: int) -> Any:
    """The value with the tags before it applied; nothing if one discards it."""
    while prefixes and prefixes[-1][0] == depth:
        _, tag = prefixes.pop()
        if tag == _DISCARD:
            return _MISSING
        value = _tagged(tag, value)
    return value


def _tagged(tag: str, value: Any) -> Any:
    name = re.split(r"[./]", tag)[-1]
    if name in _TUPLES and isinstance(value, list) and len(value) == 2:
        return Pair(value)
    if name in _TUPLES and isinstance(value, dict) and value.keys() == {":key", ":val"}:
        return Pair((value[":key"], value[":val"]))
    if name == "Op" and isinstance(value, dict):
        return value
    return Literal(f"{tag} {edn_text(value)}")


def _atom(token: str, line: int) -> Any:
    first = token[0]
    if token in _WORDS:
        return _WORDS[token]
    if first == ":":
        if is_keyword(token):
            return token
    elif first == "[":
        return [_atom(item, line) for item in _TOKEN.findall(token[1:-1])]
    elif first == '"':
        text = token[1:-1]
        if "\\" in text:
            text = _without_surrogates(_ESCAPE.sub(lambda match: _unescaped(match[1], line), text), line)
        return Text(text) if is_keyword(text) else text
    elif found := _INTEGER.fullmatch(token):
        return int(found[1])
    elif found := _DECIMAL.fullmatch(token):
        # A decimal with M is exact, one beyond the doubles infinite: neither is a JSON number.
        exact = bool(found[1]) or not math.isfinite(float(token))
        return Literal(token) if exact else float(token)
    elif (
        _RATIO.fullmatch(token)
        or _NAME.fullmatch(token)
        or _CHARACTER.fullmatch(token)
        or token in ("##Inf", "##-Inf", "##NaN")
    ):
        return Literal(token)
    raise HistoryError(f"{token!r} is no EDN", line=line)


def _unescaped(code: str, line: int) -> str:
    if code in _ESCAPES:
        return _ESCAPES[code]
    if code[0] == "u" and len(code) == 5:
        return chr(int(code[1:], 16))
    if code[0] in "01234567":
        return chr(int(code, 8))
    raise HistoryError(f"a string with the unknown escape '\\{code}'", line=line)


def _without_surrogates(text: str, line: int) -> str:
    """The text with the halves of UTF-16 pairs joined, as Java writes what lies beyond 16 bits."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise HistoryError("a string with half a surrogate pair", line=line) from None
