"""What came before each row in its group: counts, numbers and maxima, over all groups at once.

`order` lists the rows group by group, each group in its order.
"""

from __future__ import annotations

import numpy as np

from checker.columns import Bools, Ints


def count_before(order: Ints, group: Ints, counts: Bools) -> Ints:
    """Return for each row how many rows that count are before it in its group."""
    counted = counts[order]
    running = counted.cumsum() - counted
    before = np.empty(len(order), dtype=np.int64)
    before[order] = running - np.maximum.accumulate(np.where(_first(order, group), running, 0))
    return before


def last_upto(order: Ints, group: Ints, number: Ints) -> Ints:
    """Return for each row the number of the last row up to it in its group that has one above 0, else 0."""
    begin = np.maximum.accumulate(np.where(_first(order, group), np.arange(len(order)), 0))
    latest = np.maximum.accumulate(np.where(number[order] > 0, np.arange(len(order)), 0))
    last = np.empty(len(order), dtype=np.int64)
    last[order] = np.where(latest >= begin, number[order[latest]], 0)
    return last


def highest_before(order: Ints, group: Ints, value: Ints) -> Ints:
    """Return for each row the highest value (at least -1) of the rows before it in its group, else -1."""
    base = (_first(order, group).cumsum()) * (int(value.max(initial=0)) + 2)
    running = np.maximum.accumulate(base + value[order] + 1)
    before = np.empty(len(order), dtype=np.int64)
    before[order[1:]] = np.maximum(running[:-1] - base[1:], 0) - 1
    before[order[:1]] = -1
    return before


def ranges(first: Ints, stop: Ints) -> Ints:
    """Return the numbers of each range, one range after the other."""
    sizes = stop - first
    numbers: Ints = np.arange(int(sizes.sum())) - np.repeat(sizes.cumsum() - sizes, sizes)
    numbers += np.repeat(first, sizes)
    return numbers


def _first(order: Ints, group: Ints) -> Bools:
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = group[order[1:]] != group[order[:-1]]
    return first
