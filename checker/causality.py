"""The causal past of each write, as vector clocks.

Causal order is (session-order ∪ reads-from)⁺. Each session's acknowledged writes are a chain; an `info`
write that someone read precedes nothing in its session, so it is a chain of its own. A clock says how
much of each chain is in an operation's past; one clock is kept per write that took effect: O(writes ·
chains) numbers.

Invocation order is nearly a topological order: a write precedes, by when it starts, what a read puts
after it by when it ends. Only a compare-and-set, which is both, can read from a write that started after
it; then the pass is repeated until nothing changes.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from checker.candidates import NO_ONE, OutOfBudget
from checker.columns import OK, Bools, Ints

if TYPE_CHECKING:
    from checker.prepared import Prepared

MEMORY_LIMIT = 4_000_000_000
"""Bytes of vector clocks that we are willing to hold."""


class Causality:
    """Which write is in which write's causal past.

    With `real_time`, real-time edges between writes join the closure. `backward` says that some
    compare-and-set read from a write that started after it: only then can a causal path lead back in
    time. Raises `OutOfBudget` when the clocks would not fit in memory.
    """

    def __init__(self, prepared: Prepared, *, real_time: bool = False) -> None:
        self.prepared = prepared
        self.real_time = real_time
        columns, took = prepared.columns, prepared.took[:-1]
        rows = took.nonzero()[0]
        open_rows = rows[columns.status[rows] != OK]
        self.chain_count = columns.session_count + len(open_rows)
        if (len(rows) + 1) * self.chain_count * 4 > prepared.memory_limit:
            raise OutOfBudget("the vector clocks need too much memory")
        self.chain: Ints = columns.session.copy()
        self.chain[open_rows] = np.arange(columns.session_count, self.chain_count)
        self.depth: Ints = _depths(prepared)
        self.depth[open_rows] = 1
        self.slot: Ints = np.full(prepared.size + 1, len(rows), dtype=np.int64)
        self.slot[rows] = np.arange(len(rows))
        self.past = np.zeros((len(rows) + 1, self.chain_count), dtype=np.int32)
        """One clock per write that took effect, by `slot`; the last is empty, for the initial version."""
        self.backward = False
        self._fill(_topological_order(prepared))

    def contains(self, before: Ints, after: Ints) -> Bools:
        """Return for each pair whether the write `before` is in the past of the write `after`."""
        inside: Bools = self.past[self.slot[after], self.chain[before]] >= self.depth[before]
        return inside

    def _fill(self, order: list[int]) -> None:
        columns = self.prepared.columns
        arguments = (
            self.prepared.candidates.source.tolist(),
            self.prepared.took.tolist(),
            (columns.status == OK).tolist(),
            self.chain.tolist(),
            self.depth.tolist(),
            self.slot.tolist(),
        )
        self._pass(order, *arguments)
        while self.backward:
            before = self.past.copy()
            self._pass(order, *arguments)
            if np.array_equal(before, self.past):
                break

    def _pass(
        self,
        order: list[int],
        source: list[int],
        took: list[bool],
        ok: list[bool],
        chain: list[int],
        depth: list[int],
        slot: list[int],
    ) -> None:
        columns, past, initial = self.prepared.columns, self.past, self.prepared.initial
        session = columns.session.tolist()
        is_read = self.prepared.ok_read.tolist()
        clocks = np.zeros((columns.session_count, self.chain_count), dtype=np.int32)
        done: set[int] = set()
        start, end = columns.start.tolist(), columns.end.tolist()
        finished = np.zeros(self.chain_count, dtype=np.int32)
        pending: list[tuple[int, int]] = []
        for row in order:
            clock = clocks[session[row]]
            if is_read[row]:
                read_from = source[row]
                if 0 <= read_from < initial:
                    if read_from not in done:
                        self.backward = True
                    at = chain[read_from]
                    if self.backward or clock[at] < depth[read_from]:
                        np.maximum(clock, past[slot[read_from]], out=clock)
                        clock[at] = max(clock[at], depth[read_from])
            if not took[row]:
                continue
            done.add(row)
            if self.real_time:
                while pending and pending[0][0] < start[row]:
                    _, earlier = heapq.heappop(pending)
                    np.maximum(finished, past[slot[earlier]], out=finished)
                    at = chain[earlier]
                    finished[at] = max(finished[at], depth[earlier])
                if ok[row]:
                    heapq.heappush(pending, (end[row], row))
                    np.maximum(clock, finished, out=clock)
                else:
                    clock = np.maximum(clock, finished)
            mine = past[slot[row]]
            np.maximum(mine, clock, out=mine)
            if ok[row]:
                clock[:] = mine
                at = chain[row]
                clock[at] = max(clock[at], depth[row])


def _depths(prepared: Prepared) -> Ints:
    """Number each session's acknowledged writes from 1."""
    order = prepared.columns.by_session
    acknowledged = prepared.ok_write[order]
    running = acknowledged.cumsum()
    session = prepared.columns.session[order]
    depth = np.zeros(prepared.size + 1, dtype=np.int64)
    if len(order):
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = session[1:] != session[:-1]
        before = np.where(first, running - acknowledged, 0)
        depth[order] = running - np.maximum.accumulate(before)
    return depth


def _topological_order(prepared: Prepared) -> list[int]:
    """Return the rows that matter, writes by their start and reads by their end, writes first."""
    columns = prepared.columns
    reading = prepared.ok_read & (prepared.candidates.source[:-1] != NO_ONE)
    took = prepared.took[:-1]
    rows = (reading | took).nonzero()[0]
    only_read = ~took[rows]
    time = np.where(only_read, columns.end[rows], columns.start[rows])
    order: list[int] = rows[np.lexsort((only_read, time))].tolist()
    return order
