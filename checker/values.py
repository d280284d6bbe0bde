"""When two JSON values are the same value.

Values are compared as JSON, by type: `true` is not 1, 1 equals 1.0, objects are unordered. Python agrees on
numbers (also beyond 64 bits) and disagrees on booleans, which it counts among the integers.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

NULL = 0
"""The identity of `null`, the same in every table."""

_ATOMS = frozenset((str, int, type(None)))


class NotJson(ValueError):
    """A value that JSON cannot hold: NaN, an infinity, or an object of Python's own."""


def identity(value: Any) -> Hashable:
    """Return a hashable stand-in that is equal for two JSON values exactly when they are one value.

    Raises `NotJson` for NaN, infinities and anything that JSON has no word for.
    """
    kind = type(value)
    if kind in _ATOMS:
        return value  # type: ignore[no-any-return]  # `kind` says what it is
    if kind is bool:
        return ("boolean", str(value))
    if kind is float:
        if not math.isfinite(value):
            raise NotJson(f"{value} is no JSON number")
        return value  # type: ignore[no-any-return]  # `kind` says what it is
    if kind is list or kind is tuple:
        return ("array", *map(identity, value))
    if kind is dict:
        if any(type(name) is not str for name in value):
            raise NotJson("an object's names are strings")
        return ("object", frozenset((name, identity(item)) for name, item in value.items()))
    raise NotJson(f"{kind.__name__} is no JSON value")


class ValueTable:
    """Numbers the distinct values of a history, `null` first."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {None: NULL}

    def __len__(self) -> int:
        return len(self._numbers)

    def number_all(self, values: Sequence[Any]) -> list[int]:
        """Return the number of each value; equal values have equal numbers.

        Raises `NotJson`.
        """
        keys: Sequence[Hashable] = values
        if not set(map(type, values)) <= _ATOMS:
            keys = [identity(value) for value in values]
        numbers = self._numbers
        return [numbers.setdefault(key, len(numbers)) for key in keys]
