"""Things that stand in a line, key by key, each at a number: which is the latest below a bound, and which
stand within bounds.

One sort lays the line out, and a binary search answers each question. Each thing has a rank that says how
late it is: the latest below a bound is a running maximum along the line, the latest above it one from the
other end.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import numpy as np

from checker.history.columns import Ints
from checker.orders.ordering import order_by_number

_ROOM = 2**62
_DENSE = 2**34
"""Slots below which they are sorted by their digits."""


class Line:
    """Things with a key, a number and a rank of at least 1, one entry each; `key_count` is above all keys."""

    def __init__(self, key: Ints, number: Ints, rank: Ints, *, key_count: int) -> None:
        self._key_count = key_count
        self._least, self._most = (int(number.min()), int(number.max())) if len(number) else (0, 0)
        number = number - self._least
        self._known: Ints | None = None
        if self._most - self._least >= _ROOM // (key_count + 2) - 3:
            self._known, number = np.unique(number, return_inverse=True)
        self._width = int(number.max(initial=0)) + 3
        slot = key * self._width + number
        count = (key_count + 1) * self._width
        self._order = order_by_number(slot, count) if count < _DENSE else slot.argsort(kind="stable")
        self._slot, self._key, self._rank = slot[self._order], key[self._order], rank[self._order]
        self._span = int(rank.max(initial=0)) + 1

    def below(self, key: Ints, bound: Ints) -> Ints:
        """Return for each key and bound the highest rank of the key's things at a number below it, or 0."""
        at, begin = self._find(key, bound, "left")
        latest = self._before[at]
        latest[self._ahead[at] < begin] = 0
        return latest

    def above(self, key: Ints, bound: Ints) -> Ints:
        """Return for each key and bound the highest rank of the key's things at a number above it, or 0."""
        at, begin = self._find(key, bound, "right")
        latest = self._after[at]
        latest[self._ahead[1:][at] >= begin + self._width] = 0
        return latest

    def within(self, key: Ints, first: Ints, last: Ints, *, most: int) -> tuple[Ints, Ints] | None:
        """Return each question with each thing of its key that stands from `first` to `last`.

        No `last` is below what precedes its `first`. Both are numbered as they came. None if there are more
        than `most` such pairs.
        """
        begin, stop = self._find(key, first, "left")[0], self._find(key, last, "right")[0]
        counts = stop - begin
        total = int(counts.sum())
        if total > most:
            return None
        along = np.arange(total) - np.repeat(counts.cumsum() - counts, counts)
        return np.repeat(np.arange(len(key)), counts), self._order[np.repeat(begin, counts) + along]

    @cached_property
    def _ahead(self) -> Ints:
        """The slot of the thing before each gap, and after it one further on; none is where nothing is."""
        return np.concatenate((np.array([-1]), self._slot, np.array([_ROOM])))

    @cached_property
    def _before(self) -> Ints:
        base = self._key * self._span
        running = np.maximum.accumulate(base + self._rank)
        running -= base
        return np.concatenate((np.zeros(1, dtype=np.int64), running))

    @cached_property
    def _after(self) -> Ints:
        base = (self._key_count - self._key) * self._span
        running = np.maximum.accumulate((base + self._rank)[::-1])[::-1] - base
        return np.concatenate((running, np.zeros(1, dtype=np.int64)))

    def _find(self, key: Ints, bound: Ints, side: Literal["left", "right"]) -> tuple[Ints, Ints]:
        """Return the gap that each bound falls in, and where the slots of its key begin."""
        bound = np.clip(bound, self._least - 1, self._most + 1) - self._least
        if self._known is not None:
            bound = self._known.searchsorted(bound, side)
        elif side == "right":
            bound = bound + 1
        begin = key * self._width
        return self._slot.searchsorted(begin + np.maximum(bound, 0), "left"), begin
