"""Orders of rows by small numbers, as fast as memory allows.

Sessions, keys and groups of them are numbered without gaps, so a radix sort on 16 bits at a time, which is
what numpy does to `uint16`, beats a comparison sort by ten times. Times are nearly sorted in a history's
file, which a merge sort (numpy's `stable`) makes use of.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Bools, Ints

Numbers: TypeAlias = NDArray[np.signedinteger[Any]]
"""Numbers in as few bytes as they need: what takes time with a million of them is memory."""

_SHORT = 2_000
"""Rows below which one comparison sort is quicker than setting up a radix sort."""


def short_enough(count: int) -> type[np.signedinteger[Any]]:
    """Return the type of the shortest numbers that hold all from 0 to `count`, negative ones beside them."""
    return next(kind for kind in (np.int16, np.int32, np.int64) if count <= np.iinfo(kind).max)


def order_by_number(numbers: Numbers, count: int) -> Ints:
    """Return the stable order of numbers that are at least 0 and below `count`."""
    if len(numbers) < _SHORT or numbers.dtype.itemsize <= 2:
        return numbers.argsort(kind="stable")
    if count <= 0x10000:
        return numbers.astype(np.uint16).argsort(kind="stable")
    order: Ints = (numbers & 0xFFFF).astype(np.uint16).argsort(kind="stable")
    while (count := (count + 0xFFFF) >> 16) > 1:
        numbers = numbers >> 16
        order = order[(numbers & 0xFFFF).astype(np.uint16)[order].argsort(kind="stable")]
    return order


def begins(ordered: Ints) -> Bools:
    """Return where a number differs from the one before it: the first of each run."""
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return first


def distinct(numbers: Ints) -> Ints:
    """Return the distinct numbers in their order; `numpy.unique` takes 40 ms to load what it needs."""
    ordered = np.sort(numbers)
    return ordered[begins(ordered)]


class Timeline:
    """What had ended, key by key, before each of some moments.

    `ends` and `key` have one entry per row, `times` and `keys` one per question; `key_count` is above all
    keys. A row that ends at the very moment had not ended before it.
    """

    def __init__(self, ends: Ints, key: Ints, *, times: Ints, keys: Ints, key_count: int) -> None:
        self._questions = len(times)
        self._key_count = key_count
        order = np.concatenate((times, ends)).argsort(kind="stable")
        # Keys as short as they come: what takes time here is memory.
        group = np.concatenate((keys, key)).astype(short_enough(key_count))
        order = order[order_by_number(group[order], key_count)]
        self._key = group[order]
        asked: Bools = order < self._questions
        self._asked = asked.nonzero()[0]
        self._question = order[self._asked]
        self._ended = (~asked).nonzero()[0]
        self._row = order[self._ended] - self._questions

    def newest(self, place: Ints, *, width: int) -> Ints:
        """Return for each question the highest place of the rows that had ended, -1 if none had.

        `place` has one entry per row, at least 0 and below `width`.
        """
        running = self._key.astype(short_enough((self._key_count + 1) * (width + 1)))
        running *= width + 1
        base = running[self._asked]
        running[self._ended] += (place[self._row] + 1).astype(running.dtype)
        np.maximum.accumulate(running, out=running)
        newest = np.empty(self._questions, dtype=np.int64)
        newest[self._question] = running[self._asked] - base
        newest -= 1
        return newest

    def oldest(self, place: Ints, *, width: int) -> Ints:
        """Return for each question the lowest place of the rows that had ended, `width` if none had."""
        return width - 1 - self.newest(width - 1 - place, width=width)
