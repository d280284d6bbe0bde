"""Until when each state of a register can matter: until what is expected of it has been found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from typing import Any

from checker.values import identity


class Needs:
    """Until when each state of a register can matter: the last time that it, or more of it, is expected.

    `expected` pairs each value that a read or compare-and-set expects with the time until which it may.
    With `grows`, values also matter as beginnings of longer ones.
    """

    def __init__(self, expected: Iterable[tuple[Any, int]], *, grows: bool) -> None:
        self._exactly: dict[Hashable, int] = {}
        self._longer: dict[type, dict[Any, int]] = {str: {}, tuple: {}}
        for value, until in expected:
            key = identity(value)
            self._exactly[key] = max(until, self._exactly.get(key, until))
            if grows and isinstance(value, (str, list, tuple)):
                text = value if isinstance(value, str) else tuple(identity(item) for item in value)
                longer = self._longer[type(text)]
                longer[text] = max(until, longer.get(text, until))
        self._numbers: dict[Hashable, int] = {}
        self._sorted = {kind: self._sort(kind, longer) for kind, longer in self._longer.items()}

    def _sort(self, kind: type, longer: dict[Any, int]) -> tuple[list[Any], list[int]]:
        """Return values, those with one beginning side by side, and the times of each."""
        if kind is tuple:
            numbers = self._numbers
            longer = {
                tuple(numbers.setdefault(item, len(numbers)) for item in text): until
                for text, until in longer.items()
            }
        texts = sorted(longer)
        return texts, [longer[text] for text in texts]

    def until(self, state: Any) -> int:
        """Return the last time at which a state matters, -1 if it never does."""
        until = self._exactly.get(identity(state), -1)
        if state is None:
            return max((until, *(late for _, times in self._sorted.values() for late in times)))
        if isinstance(state, str):
            return max(until, self._beginning(str, state))
        if isinstance(state, (list, tuple)):
            numbers = [self._numbers.get(identity(item), -1) for item in state]
            return max(until, self._beginning(tuple, tuple(numbers)))
        return until

    def _beginning(self, kind: type, text: Any) -> int:
        texts, times = self._sorted[kind]
        low = bisect_left(texts, text)
        high = bisect_left(texts, True, low, key=lambda other: other[: len(text)] != text)
        return max(times[low:high], default=-1)
