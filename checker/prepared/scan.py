"""What came before each operation in its session: places compared over all groups at once.

Theory of operation: rows stand in groups (a session's operations on one key, or all of a session's), each in
the order of time. Mostly nothing in a group ever goes back to a place below one before it: the scan is
steady, no pair is violated, and all that is left is to see who comes after whom. Else every group has a range
of numbers of its own, above those of the group before, and each row's place is a number in it: its slot. A
running maximum over the slots of the rows that count then says for each row the newest place before it in its
group, or a number below the group's range if there is none. Each step is one pass over an array, which is
what a million operations in a tenth of a second take.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from checker.history.columns import INITIAL, Bools, Ints
from checker.orders.candidates import NO_ONE
from checker.orders.groups import ranges
from checker.orders.ordering import Numbers, begins, short_enough

if TYPE_CHECKING:
    from checker.checks.tally import Tally
    from checker.prepared.prepared import Prepared


class Rows(NamedTuple):
    """Which rows of a scan count, and whether as reads: a compare-and-set both reads and writes."""

    counts: Bools
    reading: bool


class Slots(NamedTuple):
    """The base of each row's group, and the slots of what a row wrote and of all that it may have read."""

    base: Numbers
    written: Numbers
    low: Numbers
    high: Numbers

    def lowest(self, rows: Rows) -> Numbers:
        """Return the oldest slots at which some rows may stand."""
        return self.low if rows.reading else self.written

    def highest(self, rows: Rows) -> Numbers:
        """Return the newest slots at which some rows may stand."""
        return self.high if rows.reading else self.written


class Scan:
    """Rows in groups, each in the order of time, with the places that they wrote or may have read.

    The groups are the sessions' operations on one key, as far as the key's versions all have a place. All
    arrays have one entry per listed row; listed are the rows that took effect, or read.
    """

    def __init__(self, prepared: Prepared) -> None:
        order, group = prepared.by_session_key
        self._lay_out(prepared, order, group, prepared.ranked)

    def _lay_out(self, prepared: Prepared, order: Ints, group: Numbers, compares: Bools) -> None:
        listed = prepared.ok_read | prepared.took[:-1]
        listed &= compares
        if not listed.all():
            at = listed[order].nonzero()[0]
            order, group = order[at], group[at]
        self._prepared, self.order, self._group = prepared, order, group
        # Places from -1 (an illegal read's oldest) become slots from 1: 0 is nobody's.
        self._width = prepared.columns.place_count + 5
        reads = prepared.ok_read[order]
        self.reads = Rows(reads, True)
        self.writes = Rows(prepared.took[order] if prepared.swaps else ~reads, False)
        self.acknowledged = (
            self.writes if prepared.all_acknowledged else Rows(prepared.ok_write[order], False)
        )

    @cached_property
    def _first(self) -> Ints:
        """Where each group begins."""
        return begins(self._group).nonzero()[0]

    @cached_property
    def _end(self) -> Ints:
        """Where each group ends."""
        return np.append(self._first[1:], len(self.order))

    @cached_property
    def _stood(self) -> Numbers:
        """The place of each row, where no row both reads and writes and each stands at one place."""
        return self._prepared.stood[self.order]

    @cached_property
    def _simple(self) -> bool:
        """Whether each row stands at one place, and is an operation of its own."""
        oldest, newest = self._prepared.read_places
        return oldest is newest and not self._prepared.swaps and self._prepared.unfolded is None

    @cached_property
    def _steady(self) -> bool:
        """Whether no row stands below one before it in its group: no pair is violated, and all are fine."""
        if not self._simple:
            return False
        back = self._stood[1:] < self._stood[:-1]
        back &= self._group[1:] == self._group[:-1]
        return not back.any()

    @cached_property
    def _slots(self) -> Slots:
        prepared, order = self._prepared, self.order
        most = (int(self._group[-1]) + 2) * self._width
        short = short_enough(2 * most)
        base = self._group.astype(short)
        base *= self._width
        above = base + 2
        if self._simple:
            slot = self._stood + above
            return Slots(base, slot, slot, slot)
        oldest, newest = prepared.read_places
        low = oldest[order].astype(short) + above
        high = low if oldest is newest else newest[order].astype(short) + above
        return Slots(base, prepared.place[order].astype(short) + above, low, high)

    @cached_property
    def _begin(self) -> Ints | None:
        """For each row but the first where its operation's rows begin in its group; None if there.

        The parts of a transaction share their times: none of them precedes another.
        """
        if self._prepared.unfolded is None:
            return None
        whole = self._prepared.operation_of[self.order]
        new = begins(whole)
        new[self._first] = True
        return np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))[1:]

    def _before(self, running: Numbers) -> Numbers:
        """Return for each row but the first what a running maximum was before its operation."""
        return running[:-1] if self._begin is None else np.append(0, running)[self._begin]

    def _after_any(self, later: Bools, earlier: Bools) -> Bools:
        """Return which of the later rows have an earlier one before them in their group."""
        at = earlier.nonzero()[0]
        after = later.copy()
        if len(at):
            which = at.searchsorted(self._first)
            upto = np.where(which < len(at), at.take(which, mode="clip") + 1, len(later))
            after[ranges(self._first, np.minimum(upto, self._end))] = False
        else:
            after[:] = False
        return after

    def read_writes(self) -> Rows:
        """Return only the reads that returned what somebody wrote, as far as one can tell."""
        if self._simple:
            written = self._stood != INITIAL
        else:
            written = self._prepared.candidates.source[self.order] != self._prepared.initial
        return self.reads._replace(counts=self.reads.counts & written)

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
        if self._steady:
            paired = self._after_any(later.counts, earlier.counts)[1:]
            tally.add(self.order[1:], paired, np.zeros(len(paired), dtype=np.bool_), paired)
            return
        slots = self._slots
        top = slots.lowest(earlier) * earlier.counts
        np.maximum.accumulate(top, out=top)
        top = self._before(top)
        paired = top > slots.base[1:]
        paired &= later.counts[1:]
        violated = slots.highest(later)[1:] < top
        if certain is None and slots.low is slots.high:
            fine = ~violated  # whoever is not above the newest is not above the others
        else:
            fine = slots.lowest(later)[1:] >= self._oldest_before(certain or earlier)
        tally.add(self.order[1:], paired, violated, fine)

    def _oldest_before(self, rows: Rows) -> Numbers:
        """Return the lowest slot before each row but the first, in its group; above all if there is none."""
        width, base = self._width, self._slots.base
        mirrored = (2 * base + width - self._slots.highest(rows)) * rows.counts
        np.maximum.accumulate(mirrored, out=mirrored)
        mirrored = self._before(mirrored)
        base = base[1:]
        oldest: Numbers = np.where(mirrored > base, 2 * base + width - mirrored, base + width)
        return oldest


class LogScan(Scan):
    """Rows by session alone: in one log, the places of all keys whose positions count compare.

    Only writes are later ones here: a read of one key may well be older than what was seen of another.
    """

    def __init__(self, prepared: Prepared) -> None:
        sizes = np.bincount(prepared.columns.session, minlength=prepared.columns.session_count)
        group = np.repeat(np.arange(len(sizes), dtype=short_enough(len(sizes))), sizes)
        # No key is derived where there is one log.
        self._lay_out(prepared, prepared.columns.by_session, group, prepared.positioned)
        if not len(prepared.unplaced) and self._simple:
            return
        order = self.order
        placed = prepared.place[order] > INITIAL
        self.writes = self.writes._replace(counts=self.writes.counts & placed)
        # A read compares if all that it may have returned has a place; an illegal one is ambiguous.
        illegal = prepared.candidates.source[order] == NO_ONE
        compares = illegal | (prepared.read_places[0][order] >= INITIAL)
        self.reads = self.reads._replace(counts=self.reads.counts & compares)

    @cached_property
    def _steady(self) -> bool:
        """Whether no write stands below a row before it in its session."""
        if not self._simple:
            return False
        slots = self._slots.written
        back = slots[1:] < np.maximum.accumulate(slots)[:-1]
        back &= self.writes.counts[1:]
        return not back.any()
