"""The order of the versions of one key, where places alone do not give it.

GUARANTEES, "Where the version order comes from". Two cases. A key whose positions do not count: one
version is older than another if it is in its causal past. A key whose positions count, with some `info`
write that was read and has none: it stands in the interval between the places that precede and follow it
causally.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from checker.history.columns import NOT_SAID, Bools, Ints
from checker.orders.candidates import OutOfBudget
from checker.orders.ordering import distinct
from checker.orders.overtaken import Overtaken
from checker.orders.real_time import RealTime
from checker.orders.visible import View

if TYPE_CHECKING:
    from checker.prepared import Prepared

MANY_CHOICES = 20_000_000
"""Pairs of versions of ambiguous reads that we are willing to compare."""
_BATCH = 1_000_000


class VersionOrder:
    """Answers which version of a key is older; right for ranked keys, too.

    Each version has an interval: `low` and `high` are twice its place, apart where no place is known. Raises
    `OutOfBudget` through the causal past.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        positioned = prepared.positioned_key
        place = prepared.place
        key = prepared.columns.key
        counts = np.zeros(prepared.size + 1, dtype=np.bool_)
        counts[:-1] = positioned[key] & (place[:-1] != NOT_SAID)
        counts[-1] = True
        last = 2 * prepared.columns.place_count + 4
        self.low: Ints = np.where(counts, 2 * place, 1)
        self.high: Ints = np.where(counts, 2 * place, last)
        self._unplaced: Bools = np.zeros(prepared.size + 1, dtype=np.bool_)
        self._unplaced[prepared.unplaced] = True
        self._inferred: Bools = np.zeros(prepared.size + 1, dtype=np.bool_)
        self._inferred[:-1] = ~positioned[key]
        self.tangled: Bools = np.zeros(prepared.size + 1, dtype=np.bool_)
        """Versions of keys in which some place was given twice and some write has none: see `older`."""
        for key_number in set(key[prepared.unplaced].tolist()):
            self._fit(key_number)

    @cached_property
    def real_time(self) -> RealTime | None:
        """What real time adds to the order of writes, where the history says that it orders them."""
        prepared = self.prepared
        return RealTime(prepared, prepared.causality) if prepared.real_time_writes else None

    @cached_property
    def overtaken(self) -> Bools:
        """Which `ok` reads returned a version older than a write in their causal past, by row."""
        prepared, causality = self.prepared, self.prepared.causality
        overtaken = np.zeros(prepared.size, dtype=np.bool_)
        view = View(prepared.reads, causality.clocks, *causality.past(prepared.reads))
        overtaken[prepared.reads] = self.views.judge(view)[0]
        return overtaken

    @cached_property
    def views(self) -> Overtaken:
        """What reads returned, against what they should have seen."""
        return Overtaken(self.prepared)

    def older(self, one: Ints, other: Ints) -> Bools:
        """Return for each pair of versions of one key whether the first is older than the second."""
        older: Bools = self.high[one] < self.low[other]
        initial = self.prepared.initial
        written = (one != initial) & (other != initial)
        inferred = self._inferred[other] & written
        if inferred.any():
            older[inferred] = self._inferred_older(one[inferred], other[inferred])
        loose = self._unplaced[one] & self._unplaced[other] & written
        tangled = self.tangled[other] & written
        if tangled.any():
            # An interval cannot say which of two writes at one place is next to a write without place.
            loose |= (self._unplaced[one] | self._unplaced[other]) & tangled
            twins = tangled & ~loose & (self.low[one] == self.low[other]) & ~older
            for at in twins.nonzero()[0].tolist():
                older[at] = self._joined(int(one[at]), int(other[at]))
        if loose.any():
            older[loose] |= self.prepared.causality.contains(one[loose], other[loose])
        return older

    def _joined(self, one: int, other: int) -> bool:
        """Whether causality leads from one write to another of the same place by one that has none."""
        prepared, contains = self.prepared, self.prepared.causality.contains
        between = prepared.unplaced
        between = between[prepared.columns.key[between] == prepared.columns.key[one]]
        joins = contains(np.full(len(between), one), between)
        joins &= contains(between, np.full(len(between), other))
        return bool(joins.any())

    def _inferred_older(self, one: Ints, other: Ints) -> Bools:
        older = self.prepared.causality.contains(one, other)
        if self.real_time is not None:
            older |= self.real_time.older(one, other)
        return older

    def is_older(self, one: int, other: int) -> bool:
        """Whether one version of a key is older than another."""
        return bool(self.older(np.array([one]), np.array([other]))[0])

    def newer_than(self, read: int) -> Ints:
        """Return the writes of a read's key that are newer than all that it may have returned."""
        prepared = self.prepared
        newer: Ints = (prepared.took[:-1] & (prepared.columns.key == prepared.columns.key[read])).nonzero()[0]
        for version in prepared.versions_of(read):
            newer = newer[self.older(np.full(len(newer), version), newer)]
        return newer

    def compare(
        self, ones: Ints, others: Ints, *, ones_read: bool = False, others_read: bool = False
    ) -> tuple[Bools, Bools]:
        """Return for each pair of rows whether all, and whether any, versions of one are older than the
        other's.

        The version of a row is what it wrote, or with `ones_read`, `others_read` all that it may have
        read. An illegal read's pairs are ambiguous: not all are older, and yet some. Raises `OutOfBudget`.
        """
        source = self.prepared.candidates.source
        left = source[ones] if ones_read else ones
        right = source[others] if others_read else others
        clear = (left >= 0) & (right >= 0)
        if clear.all():
            every = self.older(left, right)
            return every, every
        every = np.zeros(len(ones), dtype=np.bool_)
        every[clear] = self.older(left[clear], right[clear])
        some = every.copy()
        unclear = (~clear).nonzero()[0]
        these = self._choices(ones[unclear], read=ones_read)
        those = self._choices(others[unclear], read=others_read)
        sizes = np.array([len(one) * len(other) for one, other in zip(these, those, strict=True)])
        if sizes.sum() > MANY_CHOICES:
            raise OutOfBudget("too many versions that reads may have returned to compare")
        some[unclear[sizes == 0]] = True
        waiting = (sizes > 0).nonzero()[0]
        for batch in _batches(waiting, sizes[waiting]):
            pairs = batch.tolist()
            facts = self.older(
                np.concatenate([these[at].repeat(len(those[at])) for at in pairs]),
                np.concatenate([np.tile(those[at], len(these[at])) for at in pairs]),
            )
            begin = sizes[batch].cumsum() - sizes[batch]
            every[unclear[batch]] = np.logical_and.reduceat(facts, begin)
            some[unclear[batch]] = np.logical_or.reduceat(facts, begin)
        return every, some

    def _choices(self, rows: Ints, *, read: bool) -> list[Ints]:
        """Return the versions of each row: what it wrote, or all that it may have read."""
        if not read:
            return [row[None] for row in rows]
        known = {row: np.array(self.prepared.versions_of(row)) for row in set(rows.tolist())}
        return [known[row] for row in rows.tolist()]

    def _fit(self, key: int) -> None:
        """Fit a key's writes without place between those that have one."""
        prepared = self.prepared
        causality, place = prepared.causality, prepared.place
        rows = (prepared.took[:-1] & (prepared.columns.key == key)).nonzero()[0]
        placed = rows[place[rows] != NOT_SAID]
        tangled = len(distinct(place[placed])) < len(placed)
        self.tangled[rows] = tangled
        beside = 0 if tangled else 1
        crossed = []
        ends = np.zeros(prepared.size, dtype=np.bool_)
        for row in rows[place[rows] == NOT_SAID].tolist():
            alone = np.full(len(placed), row)
            before = placed[causality.contains(placed, alone)]
            after = placed[causality.contains(alone, placed)]
            low = int(place[before].max(initial=0))
            if len(before):
                self.low[row] = 2 * low + beside
            if len(after):
                high = int(place[after].min())
                self.high[row] = 2 * high - beside
                if len(before) and low + beside > high:
                    crossed.append((high, low))
                    ends[after[place[after] == high]] = True
                    ends[before[place[before] == low]] = True
        for first, last in _merge(crossed):
            # Causality contradicts the places from `first` to `last`: each is older than each, closed over.
            inside = placed[(place[placed] > first) & (place[placed] < last) | ends[placed]]
            inside = inside[(place[inside] >= first) & (place[inside] <= last)]
            self.low[inside] = 2 * last + beside
            self.high[inside] = 2 * first - beside


def _batches(numbers: Ints, sizes: Ints) -> Iterator[Ints]:
    """Yield numbers together as long as their sizes add up to no more than a batch."""
    group = (sizes.cumsum() - 1) // _BATCH
    for part in np.split(numbers, (group[1:] != group[:-1]).nonzero()[0] + 1):
        if len(part):
            yield part


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
