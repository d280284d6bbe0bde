"""What came before each row in its group: counts, numbers and maxima, over all groups at once.

`order` lists the rows group by group, by the groups' numbers, and each group in its own order.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import Bools, Ints


def count_before(order: Ints, group: Ints, counts: Bools) -> Ints:
    """Return for each row how many rows that count are before it in its group."""
    counted, sizes = counts[order], _sizes(group)
    running = counted.cumsum() - counted
    before = np.empty(len(order), dtype=np.int64)
    before[order] = running - np.repeat(running[sizes.cumsum() - sizes], sizes)
    return before


def last_upto(order: Ints, group: Ints, number: Ints) -> Ints:
    """Return for each row the number of the last row up to it in its group that has one above 0, else 0."""
    numbers, sizes = number[order], _sizes(group)
    first = sizes.cumsum() - sizes
    at = np.where(numbers > 0, np.arange(len(order)), 0)
    at[first] = first
    last = np.empty(len(order), dtype=np.int64)
    last[order] = numbers[np.maximum.accumulate(at, out=at)]
    return last


def highest_before(order: Ints, group: Ints, value: Ints) -> Ints:
    """Return for each row the highest value (at least -1) of the rows before it in its group, else -1."""
    sizes, width = _sizes(group), int(value.max(initial=0)) + 2
    base = np.repeat(np.arange(len(sizes)) * width, sizes)
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


def _sizes(group: Ints) -> Ints:
    """Return how many rows each group has that has any."""
    sizes = np.bincount(group)
    found: Ints = sizes[sizes > 0]
    return found
