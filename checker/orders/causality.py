"""The causal past of each operation, as vector clocks.

Causal order is (session-order ∪ reads-from)⁺. A session's `ok` operations are a chain, so what an operation
has in its past is one number for each session: how many of that session's `ok` operations. An `info` write
precedes nothing in its session; it is in a past if one of those who read it is.

A session's clock grows only where it reads from another session. Such reads alone have a clock; every other
operation has that of the last one before it in its session, but for the session's own count, which is known
anyway. That is O(reads · sessions), in time and in numbers held (Mattern, *Virtual Time and Global States of
Distributed Systems*, 1989).

Reads are walked through in the order of their end: what a write knew, its session had read before it
started, and it started before its reader ended. Only a compare-and-set, which is both, may end after a read
of what it wrote; then dependencies are followed first. Where those go round in circles, the walk is repeated
until nothing changes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import CAS, OK, Bools, Ints
from checker.orders.candidates import NO_ONE, OutOfBudget
from checker.orders.groups import count_before, last_upto, ranges
from checker.orders.ordering import begins, order_by_number

if TYPE_CHECKING:
    from checker.prepared import Prepared

Clocks: TypeAlias = NDArray[np.int32]

_NOBODY = -1

_WIDE = 8
"""Reads that must be ready at a time, on average, for it to pay to work them out together."""


class Causality:
    """Which operation is in whose causal past.

    All arrays have one entry per operation, and one more for the initial version, whose past is empty.
    A session's `ok` operations are counted by twos: one for what each reads, one for what it writes. `before`
    is the count that precedes what an operation writes, and `upto` includes it: what a clock that holds
    it says of its session. `clocks[clock[row]]` is the clock of `row`, right for all sessions but its own.
    `cyclic` says that some operation is in its own past. Where transactions are unfolded into several rows,
    `first` is the first row of each row's operation, else it is None: relations are between operations, and
    what one part of a transaction read is in the past of all.

    Raises `OutOfBudget` when the clocks do not fit in memory.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        columns = prepared.columns
        ok = columns.status == OK
        self.first, last = _parts(prepared)
        self.session: Ints = np.append(columns.session, _NOBODY)
        counts = ok.copy()
        if self.first is not None:
            # One row counts for all of an operation's; some of them may be writes that it took back.
            rows = ok.nonzero()[0]
            counts[rows[np.diff(self.first[rows], prepend=-1) == 0]] = False
        before = count_before(columns.by_session, columns.session, counts)
        if self.first is not None:
            before = before[self.first]
        self.before: Ints = np.append(2 * before + ok, 0)
        self.upto: Ints = self.before + np.append(ok, False)
        news = _News(prepared, self.session, self.upto, last)
        if 4 * news.size * columns.session_count > prepared.memory_limit:
            raise OutOfBudget("the vector clocks need too much memory")
        order, self.cyclic = news.order()
        self.clocks, number = news.clocks(order, cyclic=self.cyclic)
        self.clock: Ints = np.append(number[news.last], 0)

    @cached_property
    def backward(self) -> bool:
        """Whether some operation that writes, too, read from a write that started after it.

        Only then can a causal path lead back in time.
        """
        prepared = self.prepared
        start, source = prepared.columns.start, prepared.candidates.source
        writes = prepared.columns.kind == CAS
        if self.first is not None:
            writes = np.isin(self.first, self.first[prepared.took[:-1]])
        rows = prepared.reads[writes[prepared.reads]]
        rows = rows[(source[rows] >= 0) & (source[rows] < prepared.initial)]
        return bool((start[source[rows]] >= start[rows]).any())

    def past(self, rows: Ints) -> tuple[Ints, Ints, Ints]:
        """Return what is in the past of each operation: a clock's number, and so many of its own session."""
        return self.clock[rows], self.session[rows], self.before[rows]

    def contains(self, before: Ints, after: Ints) -> Bools:
        """Return for each pair whether the write `before` is in the past of the operation `after`."""
        inside = self._holds(after, self.session[before], self.upto[before])
        loose = ((before < self.prepared.initial) & (self.upto[before] == self.before[before])).nonzero()[0]
        if len(loose):
            inside[loose] = self._holds_open(before[loose], after[loose])
        return inside

    def readers_of(self, writes: Ints) -> tuple[Ints, Ints]:
        """Return pairs of an `info` write, by number, and the first reader of its operation in a session."""
        written, readers = self._readers
        writes = writes if self.first is None else self.first[writes]
        low, stop = written.searchsorted(writes, "left"), written.searchsorted(writes, "right")
        return np.repeat(np.arange(len(writes)), stop - low), readers[ranges(low, stop)]

    @cached_property
    def _readers(self) -> tuple[Ints, Ints]:
        """The `info` operations that somebody read, by first row, and the first reader in each session."""
        source, rows = self.prepared.candidates.source, self.prepared.reads
        rows = rows[(source[rows] > NO_ONE) & (source[rows] < self.prepared.initial)]
        rows = rows[self.upto[source[rows]] == self.before[source[rows]]]
        written = source[rows] if self.first is None else self.first[source[rows]]
        order = np.lexsort((self.before[rows], self.session[rows], written))
        rows, written = rows[order], written[order]
        first = np.ones(len(rows), dtype=np.bool_)
        first[1:] = (written[1:] != written[:-1]) | (self.session[rows[1:]] != self.session[rows[:-1]])
        return written[first], rows[first]

    def _holds(self, rows: Ints, session: Ints, count: Ints) -> Bools:
        """Return whether the past of each row holds so many operations of a session."""
        inside: Bools = self.clocks[self.clock[rows], session] >= count
        inside |= (session == self.session[rows]) & (count <= self.before[rows])
        inside &= (count > 0) & (self.session[rows] != _NOBODY)
        return inside

    def _holds_open(self, before: Ints, after: Ints) -> Bools:
        """Return for each pair whether somebody who read the `info` write `before` is in a past."""
        pair, reader = self.readers_of(before)
        known = self._holds(after[pair], self.session[reader], self.before[reader])
        inside = np.zeros(len(before), dtype=np.bool_)
        inside[pair[known]] = True
        return inside


class _News:
    """The reads from other sessions, by which alone clocks grow.

    Arrays have one entry per such read, in the order of their end: its `session`, the `writer`'s session and
    `count`, what the read learns of that session; `known` numbers the read whose clock the writer had, and
    `previous` the one before in the same session, -1 where there is none. `last` is, for every operation,
    one more than the number of the last such read up to it in its session, 0 where there is none.
    """

    def __init__(self, prepared: Prepared, session: Ints, upto: Ints, last_part: Ints | None) -> None:
        columns, source = prepared.columns, prepared.candidates.source
        self._sessions = columns.session_count
        rows = prepared.reads
        rows = rows[(source[rows] > NO_ONE) & (source[rows] < prepared.initial)]
        rows = rows[session[source[rows]] != session[rows]]
        rows = rows[columns.end[rows].argsort(kind="stable")]
        number = np.zeros(columns.size, dtype=np.int64)
        number[rows] = np.arange(1, len(rows) + 1)
        self.last = last_upto(columns.by_session, columns.session, number)
        if last_part is not None:
            self.last = self.last[last_part]
        self.session = session[rows]
        self.writer = session[source[rows]]
        self.count = upto[source[rows]]
        self.known = self.last[source[rows]] - 1
        self.previous = _previous(self.session, columns.session_count)
        self.size = len(rows)

    def order(self) -> tuple[list[int] | None, bool]:
        """Return an order in which what a read depends on precedes it (None: as they are), and whether
        there is none, because they depend on each other."""
        if (self.known < np.arange(len(self.known))).all():
            return None, False
        known, previous = self.known.tolist(), self.previous.tolist()
        state = [0] * len(known)  # 1: being followed, 2: done
        order: list[int] = []
        circle = False
        for begin in range(len(known)):
            path = [begin]
            while path:
                read = path[-1]
                if state[read] == 2:
                    path.pop()
                    continue
                state[read] = 1
                waiting = 0
                for needed in (previous[read], known[read]):
                    if needed >= 0 and state[needed] == 0:
                        path.append(needed)
                        waiting += 1
                    elif needed >= 0 and state[needed] == 1:
                        circle = True
                if not waiting:
                    state[read] = 2
                    order.append(read)
        return order, circle

    def clocks(self, order: list[int] | None, *, cyclic: bool) -> tuple[Clocks, Ints]:
        """Return the clocks, the first one empty, and the number of each read's, the first one's included.

        A clock needs that of the read before it and that of the writer. Where many reads at a time have
        what they need, they are worked out together.
        """
        previous, known = self.previous + 1, self.known + 1
        level = _levels(previous.tolist(), known.tolist(), order)
        size = len(previous)
        clocks = np.zeros((size + 1, max(self._sessions, 1)), dtype=np.int32)
        if size and not cyclic and size >= _WIDE * (max(level) + 1):
            return clocks, self._fill_levels(clocks, np.array(level), previous, known)
        self._fill_singly(clocks, order, previous.tolist(), known.tolist())
        while cyclic:
            total = int(clocks.sum(dtype=np.int64))
            self._fill_singly(clocks, order, previous.tolist(), known.tolist())
            cyclic = int(clocks.sum(dtype=np.int64)) > total
        return clocks, np.arange(size + 1)

    def _fill_singly(
        self, clocks: Clocks, order: list[int] | None, previous: list[int], known: list[int]
    ) -> None:
        writer, count, merge = self.writer.tolist(), self.count.tolist(), np.maximum
        rows = list(clocks)
        for read in range(len(writer)) if order is None else order:
            mine = merge(rows[previous[read]], rows[known[read]], out=rows[read + 1])
            if mine[writer[read]] < count[read]:
                mine[writer[read]] = count[read]

    def _fill_levels(self, clocks: Clocks, level: Ints, previous: Ints, known: Ints) -> Ints:
        """Fill the clocks level by level and return the number of each; the first one stays empty."""
        order = order_by_number(level, int(level.max()) + 1)
        number = np.zeros(len(level) + 1, dtype=np.int64)
        number[order + 1] = np.arange(1, len(level) + 1)
        previous, known = number[previous[order]], number[known[order]]
        count = self.count[order].astype(np.int32)
        learnt = number[order + 1] * clocks.shape[1] + self.writer[order]
        flat = clocks.reshape(-1)
        begin = 0
        for end in np.bincount(level).cumsum().tolist():
            mine = clocks[begin + 1 : end + 1]
            clocks.take(previous[begin:end], axis=0, out=mine, mode="clip")
            np.maximum(mine, clocks.take(known[begin:end], axis=0, mode="clip"), out=mine)
            at = learnt[begin:end]
            flat[at] = np.maximum(flat[at], count[begin:end])
            begin = end
        return number


def _parts(prepared: Prepared) -> tuple[Ints | None, Ints | None]:
    """Return the first and the last row of each row's operation, None where each has but one."""
    whole = prepared.operation_of
    if prepared.unfolded is None:
        return None, None
    # The parts of an operation are listed one after the other.
    first = begins(whole).nonzero()[0]
    sizes = np.diff(first, append=len(whole))
    return np.repeat(first, sizes), np.repeat(first + sizes - 1, sizes)


def _levels(previous: list[int], known: list[int], order: list[int] | None) -> list[int]:
    """Return how long the chain of reads is that each one waits for, both numbered from 1; 0 is no read."""
    level = [-1] * (len(previous) + 1)
    for read in range(len(previous)) if order is None else order:
        one, other = level[previous[read]], level[known[read]]
        level[read + 1] = (one if one > other else other) + 1
    return level[1:]


def _previous(session: Ints, count: int) -> Ints:
    """Return for each read the one before it in its session, -1 for the first."""
    previous = np.full(len(session), -1, dtype=np.int64)
    order = order_by_number(session, count)
    same = session[order[1:]] == session[order[:-1]]
    previous[order[1:][same]] = order[:-1][same]
    return previous
