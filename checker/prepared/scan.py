"""What came before each operation in its session: places compared over all groups at once.

Theory of operation: rows stand in groups (a session's operations on one key, or all of a session's), each in
the order of time. Mostly nothing goes back to a place below one before it, which `sweep` tells of all
sessions at once: then no pair is violated, and all that is left is to see who comes after whom. Else every
group has a range of numbers of its own, above those of the group before, and each row's place is a number in
it: its slot. A running maximum over the slots of the rows that count then says for each row the newest place
before it in its group, or a number below the group's range if there is none. Each step is one pass over an
array, which is what a million operations in a tenth of a second take.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from checker.history.columns import INITIAL, Bools, Ints
from checker.orders.candidates import NO_ONE
from checker.orders.ordering import Numbers, begins, short_enough

if TYPE_CHECKING:
    from checker.checks.tally import Tally
    from checker.prepared.prepared import Prepared


class Rows:
    """Which of the operations count, and whether as reads: a compare-and-set both reads and writes.

    `rows` are those that count, in their order; `group` says of each operation in which group it is, by
    numbers below `count`.
    """

    def __init__(self, rows: Ints, group: Numbers, count: int, *, reading: bool) -> None:
        self.rows, self.reading = rows, reading
        self._group, self._count = group, count

    @cached_property
    def counts(self) -> Bools:
        """Whether each operation counts."""
        counts = np.zeros(len(self._group), dtype=np.bool_)
        counts[self.rows] = True
        return counts

    @cached_property
    def groups(self) -> Ints:
        """The group of each of the rows; long numbers, as they are used to index."""
        return self._group[self.rows].astype(np.int64)

    @cached_property
    def first(self) -> Ints:
        """The first of the rows in each group, one past the last operation if the group has none."""
        first = np.full(self._count, len(self._group), dtype=np.int64)
        np.minimum.at(first, self.groups, self.rows)
        return first

    def after(self, earlier: Rows) -> Bools:
        """Return which of the rows come after an earlier one of their group, the order being that of time."""
        if self is earlier:
            after = np.ones(len(self.rows), dtype=np.bool_)
            after[self.rows.searchsorted(self.first[self.first < len(self._group)])] = False
            return after
        return earlier.first[self.groups] < self.rows

    def only(self, those: Bools) -> Rows:
        """Return only those that `those`, with one entry for each of the rows, holds for."""
        return self if those.all() else Rows(self.rows[those], self._group, self._count, reading=self.reading)


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

    The groups are the sessions' operations on one key, as far as the key's versions all have a place.
    `reads`, `writes` and `acknowledged` are those of the operations that are compared.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._set_out(prepared, prepared.ranked)

    def _set_out(self, prepared: Prepared, compares: Bools) -> None:
        self._prepared, self._compares = prepared, compares
        # Places from -1 (an illegal read's oldest) become slots from 1: 0 is nobody's.
        self._width = prepared.columns.place_count + 5
        self.reads = self._comparing(prepared.reads, reading=True)
        self.acknowledged = self._comparing(prepared.acknowledged, reading=False)
        self.writes = self.acknowledged
        if not prepared.all_acknowledged:
            self.writes = self._comparing(prepared.written, reading=False)

    def _comparing(self, rows: Ints, *, reading: bool) -> Rows:
        found = Rows(rows, *self._group, reading=reading)
        return found if self._compares.all() else found.only(self._compares[rows])

    @property
    def _group(self) -> tuple[Numbers, int]:
        """The number of each operation's group, and a number above all of those."""
        return self._prepared.session_key

    @property
    def _ordered(self) -> tuple[Ints, Numbers]:
        """All rows, group by group, and their groups."""
        return self._prepared.by_session_key

    @cached_property
    def _steady(self) -> Bools | None:
        """Which operations are known never to stand below one before them; None if all are that compare."""
        prepared = self._prepared
        if not prepared.in_time:
            return np.zeros(prepared.size, dtype=np.bool_)
        steady = prepared.steady_key
        return None if steady[prepared.ranked_key].all() else steady[prepared.columns.key] & self._compares

    @cached_property
    def _listed(self) -> tuple[Ints, Numbers]:
        """The rows that are compared by their slots, group by group, and their groups."""
        order, group = self._ordered
        listed = self.reads.counts | self.writes.counts
        if self._steady is not None:
            listed &= ~self._steady
        at = listed[order].nonzero()[0]
        return order[at], group[at]

    @cached_property
    def _slots(self) -> Slots:
        prepared, (order, group) = self._prepared, self._listed
        most = (int(group[-1]) + 2) * self._width
        short = short_enough(2 * most)
        base = group.astype(short)
        base *= self._width
        above = base + 2
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
        order, group = self._listed
        new = begins(self._prepared.operation_of[order])
        new |= begins(group)
        return np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))[1:]

    def _before(self, running: Numbers) -> Numbers:
        """Return for each row but the first what a running maximum was before its operation."""
        return running[:-1] if self._begin is None else np.append(0, running)[self._begin]

    def read_writes(self) -> Rows:
        """Return only the reads that returned what somebody wrote, as far as one can tell."""
        prepared = self._prepared
        return self.reads.only(prepared.candidates.source[self.reads.rows] != prepared.initial)

    def compare(self, tally: Tally, *, later: Rows, earlier: Rows, certain: Rows | None = None) -> None:
        """Add to `tally` how each of the later rows compares with the earlier ones before it.

        Some pair is violated if the newest that an earlier one must be is above what the later one can be;
        some pair is fine if the oldest that an earlier one can be is not above what the later one must be.
        Only `certain` ones among the earlier (default: all) can make a pair fine.
        """
        if self._steady is None or self._steady.any():
            self._compare_steady(tally, later, earlier)
        if self._steady is None or len(self._listed[0]) < 2:
            return
        slots, order = self._slots, self._listed[0]
        top = slots.lowest(earlier) * earlier.counts[order]
        np.maximum.accumulate(top, out=top)
        top = self._before(top)
        paired = top > slots.base[1:]
        paired &= later.counts[order[1:]]
        violated = slots.highest(later)[1:] < top
        if certain is None and slots.low is slots.high:
            fine = ~violated  # whoever is not above the newest is not above the others
        else:
            fine = slots.lowest(later)[1:] >= self._oldest_before(certain or earlier)
        tally.add(order[1:], paired, violated, fine)

    def _compare_steady(self, tally: Tally, later: Rows, earlier: Rows) -> None:
        """Add the later rows that have an earlier one before them, where that is all there is to see."""
        if self._steady is not None:
            later, earlier = (rows.only(self._steady[rows.rows]) for rows in (later, earlier))
        paired = later.after(earlier)
        tally.add(later.rows, paired, np.zeros(len(paired), dtype=np.bool_), paired)

    def _oldest_before(self, rows: Rows) -> Numbers:
        """Return the lowest slot before each row but the first, in its group; above all if there is none."""
        width, base = self._width, self._slots.base
        mirrored = (2 * base + width - self._slots.highest(rows)) * rows.counts[self._listed[0]]
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
        # No key is derived where there is one log.
        self._set_out(prepared, prepared.positioned)
        if not len(prepared.unplaced):
            return
        self.writes = self.writes.only(prepared.place[self.writes.rows] > INITIAL)
        # A read compares if all that it may have returned has a place; an illegal one is ambiguous.
        rows = self.reads.rows
        illegal = prepared.candidates.source[rows] == NO_ONE
        self.reads = self.reads.only(illegal | (prepared.read_places[0][rows] >= INITIAL))

    @property
    def _group(self) -> tuple[Numbers, int]:
        columns = self._prepared.columns
        return columns.session, columns.session_count

    @property
    def _ordered(self) -> tuple[Ints, Numbers]:
        columns = self._prepared.columns
        return columns.by_session, columns.session[columns.by_session]

    @cached_property
    def _steady(self) -> Bools | None:
        """None if no write stands below what came before it in its session."""
        prepared = self._prepared
        if prepared.in_time and prepared.steady_log:
            return None
        return np.zeros(prepared.size, dtype=np.bool_)
