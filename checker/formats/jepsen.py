"""What Jepsen's operations mean, whatever notation they are written in.

| `:f` and `:value` | becomes |
| --- | --- |
| `:read v`, `:write v`, `:delete`, `:cas [old new]` | the same, of the key `register` |
| `:get`, `:put`, `:append`, … with `:key` | read, write, append, … of that key |
| `[key value]` in every operation: `jepsen.independent` | the same, of that key |
| `:acquire`, `:release` of a lock | compare-and-sets of `null` to `"held"`, and back |
| a map `{key value, …}`, read or written: a multi-register | a transaction |
| `[[:r k v] [:w k v] [:append k v] …]`, whatever `:f` | a transaction |

A tuple of `jepsen.independent` is printed like a pair. The first client invocation that has no `:key` and is
no transaction decides for the whole file: they are tuples if it reads `[k nil]`, writes `[k v]` or swaps
`[k [old new]]`, or if a tag calls its value a tuple.

The value of an operation is its completion's if that is `:ok` and has one, else its invocation's. A read of
nil whose value is thereby *unknown* is `info`: it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from checker.formats.edn_values import Pair
from checker.formats.protocol import Nil
from checker.history import HistoryError, Status

Fields = Mapping[Any, Any]

_LONGEST_SHOWN = 60

REGISTER = "register"
"""The key of a history that has but one register."""


def _both_ways(words: Mapping[str, str]) -> dict[str, str]:
    """The same words with and without a keyword's colon."""
    return {colon + word: meaning for word, meaning in words.items() for colon in ("", ":")}


_DEEDS = _both_ways(
    {
        "read": "read",
        "get": "read",
        "write": "write",
        "put": "write",
        "delete": "delete",
        "cas": "cas",
        "append": "append",
        "txn": "txn",
        "acquire": "acquire",
        "release": "release",
    }
)
_LOCK = {"acquire": [None, "held"], "release": ["held", None]}
"""What a lock swaps, free at first, whoever holds it."""
_OF_REGISTERS = frozenset(("read", ":read", "write", ":write"))
"""Words of Knossos' multi-registers, of which holds what does for its register; Elle has `:r` and `:w`."""
_MICRO = _both_ways({"r": "r", "read": "r", "w": "w", "write": "w", "append": "append"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How maps are written down.

    `colon` stands before names; `value` returns the JSON value that stands for one of the notation, `text`
    its text.
    """

    colon: str
    value: Callable[[Any], Any]
    text: Callable[[Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a format assumes where nobody says otherwise.

    `register` is the initial value of the one register, and of those of Knossos' transactions; `keyed` that
    of every other key. `nil_register` is what reading nil from such a register means, `nil` what it means
    elsewhere.
    """

    register: Any
    keyed: Any
    nil_register: Nil
    nil: Nil


class Meaning:
    """Says what operations mean; it keeps what the operations of one file have in common.

    `initial` holds the initial value of each key that was met, in the order of their appearance. `tuples`
    says whether values are `[key value]`, None if that is open; `register` is the key if there is but one. In
    what is `exact`, a value is what `:f` says, whatever it looks like.
    """

    def __init__(self, notation: Notation, defaults: Defaults) -> None:
        self.defaults = defaults
        self.initial: dict[str, Any] = {}
        self.register = REGISTER
        self.exact = False
        self.tuples: bool | None = None
        self._notation = notation
        self._f, self._key = notation.colon + "f", notation.colon + "key"
        self._value = notation.colon + "value"
        self._names: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def note(self, invocation: Fields) -> None:
        """Learn from an invocation, before its completion is known, whether values are tuples."""
        if self.tuples is None and invocation.get(self._key) is None:
            self.tuples = _is_tuple(_word(_DEEDS, invocation.get(self._f)), invocation.get(self._value))

    def fields(self, invocation: Fields, completion: Fields | None, status: Status) -> dict[str, Any]:
        """Return the fields of an operation: `op`, `key`, `value` and so on, and `status`.

        Raises `HistoryError` with the field.
        """
        f = invocation.get(self._f)
        deed = _word(_DEEDS, f)
        value = invocation.get(self._value)
        if status == "ok" and completion is not None:
            if completion.get(self._f, f) != f:
                raise HistoryError(f"completes a {self._shown(f)} that was invoked", field="f")
            answer = completion.get(self._value)
            if answer is not None or (deed == "read" and not self.tuples and not isinstance(value, Pair)):
                value = answer
        if self.tuples and not self.exact and _is_tuple_of_transaction(value):
            return self._transaction(value[1], status, self.defaults.nil, self._name(value[0]) + "/")
        if deed == "txn" or (_is_transaction(value) and not (deed and self.exact)):
            return self._transaction(value, status, self.defaults.nil, "")
        if deed is None:
            raise HistoryError(
                f"{self._shown(f)} is none of read, write, cas, delete, get, put, append, txn, acquire, "
                "release",
                field="f",
            )
        nil = self.defaults.nil_register
        swap = _LOCK.get(deed)
        key = invocation.get(self._key)
        if key is not None:
            name, nil = self._name(key), self.defaults.nil
        elif self.tuples or isinstance(value, Pair):
            if not isinstance(value, list) or len(value) != 2:
                raise HistoryError(
                    f"{self._shown(value)} is no [key value], as the file's first operation has",
                    field="value",
                )
            asked = invocation.get(self._value)
            if not isinstance(asked, list) or asked[:1] != value[:1]:
                raise HistoryError(f"{self._shown(value)} answers {self._shown(asked)}", field="value")
            name, value = self._name(value[0]), value[1]
        elif isinstance(value, dict) and deed in ("read", "write") and not self.exact:
            code = "r" if deed == "read" else "w"
            return self._transaction([[code, *item] for item in value.items()], status, nil, "")
        else:
            name = self.register
            self.initial.setdefault(name, None if swap else self.defaults.register)
        self.initial.setdefault(name, None if swap else self.defaults.keyed)
        if swap:
            deed, value = "cas", swap
        return self._single(deed, name, value, status, nil)

    def _single(self, deed: str, key: str, value: Any, status: Status, nil: Nil) -> dict[str, Any]:
        fields = {"op": deed, "key": key, "status": status}
        if deed == "cas":
            if not isinstance(value, list) or len(value) != 2:
                raise HistoryError(f"{self._shown(value)} is no [old new]", field="value")
            fields["expected"] = self._notation.value(value[0])
            fields["value"] = self._notation.value(value[1])
        elif deed == "read":
            if status != "ok":
                return fields
            if value is None and nil == "unknown":
                fields["status"] = "info"
                fields["error"] = "nil: the value is unknown"
            fields["value"] = self._notation.value(value)
        elif deed != "delete":
            fields["value"] = self._notation.value(value)
        return fields

    def _transaction(self, value: Any, status: Status, nil: Nil, prefix: str) -> dict[str, Any]:
        ops: list[list[Any]] = []
        fields = {"op": "txn", "ops": ops, "status": status}
        if value is not None and not isinstance(value, list):
            raise HistoryError(f"{self._shown(value)} is no list of operations", field="value")
        for item in value or ():
            code = _word(_MICRO, item[0]) if isinstance(item, list) and len(item) == 3 else None
            if code is None:
                raise HistoryError(
                    f"{self._shown(item)} is neither [r key value] nor [w …] nor [append …]",
                    field="value",
                )
            name = prefix + self._name(item[1])
            register = item[0] in _OF_REGISTERS
            self.initial.setdefault(name, self.defaults.register if register else self.defaults.keyed)
            if code == "append":  # a list is no register
                self.initial[name] = self.defaults.keyed
            found = None if code == "r" and status != "ok" else self._notation.value(item[2])
            absent = (self.defaults.nil_register if register else nil) == "absent"
            if code != "r" or found is not None or absent or status != "ok":
                ops.append([code, name, found])
        if value and not ops:
            fields |= {"status": "info", "error": "nil: the values are unknown"}
        return fields

    def _shown(self, value: Any) -> str:
        text = self._notation.text(value)
        return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"

    def _name(self, key: Any) -> str:
        """The name of a key: a string itself, else its text; no two keys have one name."""
        text = self._notation.text(key)
        name = self._names.get(text)
        if name is None:
            name = str(key) if isinstance(key, str) else text
            while self._taken.setdefault(name, text) != text:
                name += "'"
            self._names[text] = name
        return name


def _word(words: Mapping[str, str], found: Any) -> str | None:
    return words.get(found) if isinstance(found, str) else None


def _is_transaction(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and isinstance(value[0], list)
        and len(value[0]) > 1
        and _word(_MICRO, value[0][0]) is not None
    )


def _is_tuple_of_transaction(value: Any) -> TypeGuard[list[Any]]:
    return (
        isinstance(value, list)
        and len(value) == 2
        and _is_transaction(value[1])
        and not _is_transaction(value)
    )


def _is_tuple(deed: str | None, value: Any) -> bool | None:
    """Whether values are tuples, going by this one; None if it does not tell."""
    if isinstance(value, Pair) or _is_tuple_of_transaction(value):
        return True
    if deed in (None, "txn") or isinstance(value, dict) or _is_transaction(value):
        return None
    pair = isinstance(value, list) and len(value) == 2
    if deed == "cas":
        return pair and isinstance(value[1], list) and len(value[1]) == 2
    return pair
