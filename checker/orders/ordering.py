"""Orders of rows by numbers, as fast as memory allows.

Theory of operation: numpy sorts integers with vector instructions, several times as fast as it finds the
order that would sort them. So a number and its row become one integer, the number in the upper bits: these
are sorted, and the rows read off the lower bits, equal numbers in the order of their rows.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Bools, Ints

Numbers: TypeAlias = NDArray[np.signedinteger[Any]]
"""Numbers in as few bytes as they need: what takes time with a million of them is memory."""

_SHORT = 2_000
"""Rows below which finding the order is quicker than packing numbers and rows."""
_BITS = 63
"""The bits of a number that is at least 0."""


def short_enough(count: int) -> type[np.signedinteger[Any]]:
    """Return the type of the shortest numbers that hold all from 0 to `count`, negative ones beside them."""
    return next(kind for kind in (np.int16, np.int32, np.int64) if count <= np.iinfo(kind).max)


def order_by_number(numbers: Numbers, count: int) -> Ints:
    """Return the stable order of numbers that are at least 0 and below `count`."""
    return in_order(numbers, count)[0]


def in_order(numbers: Numbers, count: int, rows: Ints | None = None) -> tuple[Ints, Numbers]:
    """Return the stable order of numbers that are at least 0 and below `count`, and the numbers in it.

    If `rows` are given (at least one; they ascend), numbers are of those and not of the first rows.
    """
    bits = (len(numbers) - 1 if rows is None else int(rows[-1])).bit_length()
    if len(numbers) < _SHORT or count > 1 << (_BITS - bits):
        order: Ints = numbers.argsort(kind="stable")
        return order if rows is None else rows[order], numbers[order]
    packed = numbers.astype(short_enough((count << bits) - 1))
    packed <<= bits
    packed |= np.arange(len(numbers), dtype=packed.dtype) if rows is None else rows
    packed.sort()
    ordered = packed >> bits
    packed &= (1 << bits) - 1
    return packed.astype(np.int64, copy=False), ordered.astype(numbers.dtype, copy=False)


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
        self._questions, self._keys = len(times), keys
        # Keys as short as they come: what takes time here is memory.
        group = np.concatenate((keys, key), dtype=short_enough(key_count), casting="same_kind")
        self._sizes = np.bincount(keys, minlength=key_count) + np.bincount(key, minlength=key_count)
        self._order = _order_by_key_and_time(group, np.concatenate((times, ends)), key_count, len(times))
        self._asked: Ints = (self._order < self._questions).nonzero()[0]
        self._question = self._order[self._asked]

    def newest(self, place: Ints, *, width: int) -> Ints:
        """Return for each question the highest place of the rows that had ended, -1 if none had.

        `place` has one entry per row, at least 0 and below `width`.
        """
        short = short_enough((len(self._sizes) + 1) * (width + 1))
        base = np.arange(len(self._sizes), dtype=short) * (width + 1)
        above = np.zeros(len(self._order), dtype=short)
        above[self._questions :] = place
        above[self._questions :] += 1
        running = above[self._order]
        running += np.repeat(base, self._sizes)
        np.maximum.accumulate(running, out=running)
        newest = np.empty(self._questions, dtype=short)
        newest[self._question] = running[self._asked]
        newest -= base[self._keys]
        newest -= 1
        return newest.astype(np.int64)

    def oldest(self, place: Ints, *, width: int) -> Ints:
        """Return for each question the lowest place of the rows that had ended, `width` if none had."""
        return width - 1 - self.newest(width - 1 - place, width=width)


def _order_by_key_and_time(key: Numbers, time: Ints, key_count: int, questions: int) -> Ints:
    """Return the stable order by key and then by time, which are of questions first and then of rows.

    Times at which nothing has ended yet, or nobody asks any more, count as one.
    """
    if len(key) < _SHORT:
        return np.lexsort((time, key))
    last = int(time[:questions].max(initial=0))
    first = min(int(time[questions:].min(initial=last)), last)
    np.clip(time, first, last, out=time)
    time -= first
    span = last - first + 1
    if key_count * span <= 1 << (_BITS - (len(key) - 1).bit_length()):
        time += key * np.int64(span)
        return order_by_number(time, key_count * span)
    order = order_by_number(time, span)
    return order[order_by_number(key[order], key_count)]
