"""Writes through one leader: the version order that real time adds to causality.

Where real time orders writes, w1 is older than w2 if a path of session-order, reads-from and real-time edges
between writes leads from one to the other. A path with a real-time edge a → b ends before b starts: so it is
enough to know the earliest end that an acknowledged write after w1 (or w1 itself) has, and the latest start
that a write before w2 (or w2 itself) has. If the one is before the other, w1 is older.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checker.history.columns import OK, Bools, Ints
from checker.orders.candidates import NO_ONE
from checker.orders.causality import Causality
from checker.orders.groups import highest_before

if TYPE_CHECKING:
    from checker.prepared import Prepared


class RealTime:
    """The earliest end after each write (`done`) and the latest start before it (`begun`), as ranks.

    There is one entry per operation; what is no write that took effect has no meaningful one.
    """

    def __init__(self, prepared: Prepared, causality: Causality) -> None:
        self._prepared = prepared
        columns, took = prepared.columns, prepared.took[:-1]
        source = prepared.candidates.source
        reads = prepared.reads
        self._reads = reads[(source[reads] > NO_ONE) & (source[reads] < prepared.initial)]
        self._sources: Ints = source[self._reads]
        self._ok: Bools = columns.status == OK
        writes = took.nonzero()[0]
        closed = writes[self._ok[writes]]
        # Times as ranks, so that they can be shifted group by group; ends before starts where they coincide
        # would say that one precedes the other, so starts come first.
        times = np.concatenate((columns.start[writes], columns.end[closed]))
        rank = np.empty(len(times), dtype=np.int64)
        rank[times.argsort(kind="stable")] = np.arange(len(times))
        self._never = len(times)
        self.begun: Ints = np.full(prepared.size + 1, -1, dtype=np.int64)
        self.done: Ints = np.full(prepared.size + 1, self._never, dtype=np.int64)
        self.begun[writes], self.done[closed] = rank[: len(writes)], rank[len(writes) :]
        self._spread_back()
        if causality.backward:
            self._go_round(self.begun[writes], self.done[writes])
            self._spread_forward()

    def older(self, one: Ints, other: Ints) -> Bools:
        """Return for each pair whether a path with a real-time edge leads from one write to the other."""
        older: Bools = self.done[one] < self.begun[other]
        return older

    def _spread_back(self) -> None:
        """Lower each end to the least that an operation causally after it has."""
        done, columns = self.done, self._prepared.columns
        backwards = columns.session_count - columns.session
        while True:
            before = done.copy()
            later = highest_before(columns.by_session[::-1], backwards, self._never - done[:-1])
            done[:-1][self._ok] = np.minimum(done[:-1], self._never - later)[self._ok]
            np.minimum.at(done, self._sources, done[self._reads])
            if np.array_equal(before, done):
                return

    def _spread_forward(self) -> None:
        """Raise each start to the highest that an operation causally before it has."""
        begun, columns = self.begun, self._prepared.columns
        while True:
            before = begun.copy()
            begun[self._reads] = np.maximum(begun[self._reads], begun[self._sources])
            known = np.where(self._ok, begun[:-1], -1)
            begun[:-1] = np.maximum(begun[:-1], highest_before(columns.by_session, columns.session, known))
            if np.array_equal(before, begun):
                return

    def _go_round(self, begun: Ints, done: Ints) -> None:
        """Lower each end to the least of whatever starts after it, and so on.

        By way of a compare-and-set that leads back in time, what started later may precede what ended before.
        """
        order = begun.argsort()
        least = np.append(np.minimum.accumulate(done[order][::-1])[::-1], self._never)
        while True:
            sooner = np.minimum(self.done, least[begun[order].searchsorted(self.done, "right")])
            if np.array_equal(sooner, self.done):
                return
            self.done = sooner
