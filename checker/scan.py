"""What came before each operation in its session: running maxima of places, over all groups at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from checker.candidates import NO_ONE
from checker.columns import INITIAL, Bools, Ints

if TYPE_CHECKING:
    from checker.prepared import Prepared

NOTHING = -2
"""The newest place before a row that nothing precedes."""


class Scan:
    """Rows in groups, each in the order of time, with the places that they wrote or may have read.

    The groups are the sessions' operations on one key, as far as the key's versions all have a place. All
    arrays have one entry per listed row.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.order, group = prepared.by_session_key
        self.prepared = prepared
        counts = prepared.ranked[self.order]
        self.useful = bool(counts.any())
        self._lay_out(group, counts)

    def _lay_out(self, group: Ints, counts: Bools) -> None:
        prepared, order = self.prepared, self.order
        self._width = prepared.columns.place_count + 5
        # Each group's numbers lie above those of the one before, so one running maximum does for all.
        self._base = group * self._width
        self.place: Ints = np.maximum(prepared.place[order], INITIAL)
        self.took = prepared.took[order] & counts
        self.acknowledged = prepared.ok_write[order] & counts
        self.reads = prepared.ok_read[order] & counts
        low, high = prepared.read_places
        self.read_low, self.read_high = low[order], high[order]

    @cached_property
    def newest_write(self) -> Ints:
        """The newest place of the acknowledged writes before each row."""
        return self.newest(self.place, self.acknowledged)

    @cached_property
    def oldest_write(self) -> Ints:
        """The oldest place of the acknowledged writes before each row."""
        return self.oldest(self.place, self.acknowledged)

    def newest(self, place: Ints, counts: Bools) -> Ints:
        """Return the newest place among the rows that count before each row, `NOTHING` if none does."""
        newest = np.empty(len(place), dtype=np.int64)
        top = np.maximum.accumulate(self._base + np.where(counts, place + 2, 0))
        newest[:1] = NOTHING
        np.maximum(top[:-1] - self._base[1:], 0, out=newest[1:])
        newest[1:] += NOTHING
        return newest

    def oldest(self, place: Ints, counts: Bools) -> Ints:
        """Return the oldest place among the rows that count before each row; above all if none does."""
        width = self._width
        oldest = np.empty(len(place), dtype=np.int64)
        low = np.maximum.accumulate(self._base + np.where(counts, width - 2 - place, 0))
        oldest[:1] = width
        np.subtract(width - 2, np.maximum(low[:-1] - self._base[1:], -2), out=oldest[1:])
        return oldest


class LogScan(Scan):
    """Rows by session alone: in one log, the places of all keys whose positions count compare."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.order = prepared.columns.by_session
        key = prepared.columns.key[self.order]
        positioned = prepared.positioned_key[key] & (key >= 0)
        self.useful = bool(positioned.any())
        self._lay_out(prepared.columns.session[self.order], positioned)
        placed = prepared.place[self.order] > INITIAL
        self.took &= placed
        self.acknowledged &= placed
        # A read compares if all that it may have returned has a place; an illegal one is ambiguous.
        illegal = prepared.candidates.source[:-1][self.order] == NO_ONE
        self.reads &= illegal | (self.read_low >= INITIAL)
