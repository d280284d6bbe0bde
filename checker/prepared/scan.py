"""What came before each operation in its session: running maxima of places, over all groups at once.

Theory of operation: rows stand in groups (a session's operations on one key, or all of a session's), each in
the order of time. Every group has a range of numbers of its own, above those of the group before, and each
row's place is a number in it: its `slot`. A running maximum over the slots of the rows that count then says
for each row the newest place before it in its group, or a number below the group's range if there is none.
Each step is one pass over an array, which is what a million operations in a tenth of a second take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from checker.history.columns import INITIAL, Bools, Ints
from checker.orders.candidates import NO_ONE
from checker.orders.ordering import Numbers, short_enough

if TYPE_CHECKING:
    from checker.checks.tally import Tally
    from checker.prepared.prepared import Prepared


class Rows(NamedTuple):
    """Which rows of a scan count, and the oldest and newest slot that each may stand at."""

    counts: Bools
    low: Numbers
    high: Numbers


class Scan:
    """Rows in groups, each in the order of time, with the places that they wrote or may have read.

    The groups are the sessions' operations on one key, as far as the key's versions all have a place. All
    arrays have one entry per listed row. `useful` says whether there is anything to compare.
    """

    def __init__(self, prepared: Prepared) -> None:
        order, group = prepared.by_session_key
        self._lay_out(prepared, order, group, prepared.ranked[order])

    def _lay_out(self, prepared: Prepared, order: Ints, group: Numbers, counts: Bools) -> None:
        self.order = order
        self._all = bool(counts.all())
        self.useful = bool(counts.any())
        self._counts = counts
        # Places from -1 (an illegal read's oldest) become slots from 1: 0 is nobody's.
        self._width = prepared.columns.place_count + 5
        most = (int(group[-1]) + 2 if len(group) else 2) * self._width
        short = short_enough(2 * most)
        self._base: Numbers = group.astype(short)
        self._base *= self._width
        self._above = self._base + 2
        self._begin = self._operations_begin(prepared, order, group)
        oldest, newest = prepared.read_places
        took = self._those(prepared.took, order)
        acknowledged = took if prepared.all_acknowledged else self._those(prepared.ok_write, order)
        reads = self._those(prepared.ok_read, order)
        if oldest is newest and not prepared.swaps:
            # No row both reads and writes, and each stands at one place.
            slot = high = low = prepared.stood.astype(short)[order] + self._above
        else:
            slot = prepared.place[order].astype(short) + self._above
            low = oldest[order].astype(short) + self._above
            high = low if oldest is newest else newest[order].astype(short) + self._above
        self.writes, self.acknowledged = Rows(took, slot, slot), Rows(acknowledged, slot, slot)
        self.reads = Rows(reads, low, high)

    def _those(self, which: Bools, order: Ints) -> Bools:
        those: Bools = which[order]
        if not self._all:
            those &= self._counts
        return those

    @staticmethod
    def _operations_begin(prepared: Prepared, order: Ints, group: Numbers) -> Ints | None:
        """Return for each row but the first where its operation's rows begin in its group; None if there.

        The parts of a transaction share their times: none of them precedes another.
        """
        if prepared.unfolded is None:
            return None
        whole = prepared.operation_of[order]
        begins = np.ones(len(order), dtype=np.bool_)
        begins[1:] = (whole[1:] != whole[:-1]) | (group[1:] != group[:-1])
        return np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))[1:]

    def _before(self, running: Numbers) -> Numbers:
        """Return for each row but the first what a running maximum was before its operation."""
        return running[:-1] if self._begin is None else np.append(0, running)[self._begin]

    def limited(self, rows: Rows, to: Bools) -> Rows:
        """Return only those of the rows that `to`, with one entry per operation, holds for."""
        return rows._replace(counts=rows.counts & to[self.order])

    def compare(self, tally: Tally, *, later: Rows, earlier: Rows, certain: Rows | None = None) -> None:
        """Add to `tally` how each of the later rows compares with the earlier ones before it.

        Some pair is violated if the newest that an earlier one must be is above what the later one can be;
        some pair is fine if the oldest that an earlier one can be is not above what the later one must be.
        Only `certain` ones among the earlier (default: all) can make a pair fine.
        """
        if len(self.order) < 2:
            return
        top = earlier.low * earlier.counts
        np.maximum.accumulate(top, out=top)
        top = self._before(top)
        paired = top > self._base[1:]
        paired &= later.counts[1:]
        violated = later.high[1:] < top
        if certain is None and later.low is later.high and earlier.low is earlier.high:
            fine = ~violated  # whoever is not above the newest is not above the others
        else:
            fine = later.low[1:] >= self._oldest_before(certain or earlier)
        tally.add(self.order[1:], paired, violated, fine)

    def _oldest_before(self, rows: Rows) -> Numbers:
        """Return the lowest slot before each row but the first, in its group; above all if there is none."""
        width = self._width
        mirrored = (2 * self._base + width - rows.high) * rows.counts
        np.maximum.accumulate(mirrored, out=mirrored)
        mirrored = self._before(mirrored)
        base = self._base[1:]
        oldest: Numbers = np.where(mirrored > base, 2 * base + width - mirrored, base + width)
        return oldest


class LogScan(Scan):
    """Rows by session alone: in one log, the places of all keys whose positions count compare."""

    def __init__(self, prepared: Prepared) -> None:
        order = prepared.columns.by_session
        positioned = prepared.positioned[order]  # no key is derived where there is one log
        self._lay_out(prepared, order, prepared.columns.session[order], positioned)
        if not len(prepared.unplaced) and self.reads.low is self.reads.high:
            return
        placed = prepared.place[order] > INITIAL
        self.writes = self.writes._replace(counts=self.writes.counts & placed)
        # A read compares if all that it may have returned has a place; an illegal one is ambiguous.
        illegal = prepared.candidates.source[order] == NO_ONE
        compares = illegal | (self.reads.low >= INITIAL + self._above)
        self.reads = self.reads._replace(counts=self.reads.counts & compares)
