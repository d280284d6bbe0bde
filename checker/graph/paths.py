"""The shortest way from one operation to another along causal order, for the arguments of violations.

Edges are session-order and reads-from, and, if asked for, version-order between writes whose places are
known. The search goes back from the end, one edge at a time. Whatever precedes an operation in its session,
or a write in the log of its key, is one edge away: a step takes in whole stretches at once, and a million
operations take milliseconds.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import FAIL, NOT_SAID, Bools, Ints
from checker.orders.candidates import NO_ONE
from checker.orders.groups import count_before, ranges
from checker.orders.ordering import distinct
from checker.prepared import Prepared


def by_place(prepared: Prepared) -> tuple[Ints, Ints]:
    """Return the writes whose places are known and count, key by key from the oldest place on, and for each
    the number, in that list, of the first one of its key and place."""
    columns, place = prepared.columns, prepared.place[:-1]
    rows = (prepared.took[:-1] & (place != NOT_SAID)).nonzero()[0]
    rows = rows[prepared.positioned_key[columns.key[rows]]]
    rows = rows[np.lexsort((place[rows], columns.key[rows]))]
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (columns.key[rows[1:]] != columns.key[rows[:-1]]) | (place[rows[1:]] != place[rows[:-1]])
    return rows, np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))


class Paths:
    """Finds shortest paths in one history; with `versions` also along the order of places."""

    def __init__(self, prepared: Prepared, *, versions: bool) -> None:
        self._size = prepared.size
        columns, source = prepared.columns, prepared.candidates.source[:-1]
        reads_one = prepared.ok_read & (source > NO_ONE) & (source < prepared.initial)
        self._source: Ints = np.where(reads_one, source, NO_ONE)
        order = columns.by_session
        lower = count_before(order, columns.session, prepared.ok)
        self._first, self._live = prepared.causality.first, columns.status != FAIL
        if self._first is not None:
            lower = lower[self._first]
        self._chains = [_Chain(order[prepared.ok[order]], columns.session, lower)]
        if versions:
            rows, first = by_place(prepared)
            lower = np.zeros(prepared.size, dtype=np.int64)
            lower[rows] = first - columns.key[rows].searchsorted(columns.key[rows], "left")
            self._chains.append(_Chain(rows, columns.key, lower))

    def shortest(self, starts: Ints, end: int) -> tuple[int, ...]:
        """Return the rows of a shortest path of one edge or more from one of `starts` to `end`.

        If there is none it is empty. Of several it is one from the smallest row.
        """
        wanted = np.zeros(self._size, dtype=np.bool_)
        wanted[starts] = True
        seen = np.zeros(self._size, dtype=np.bool_)
        reached = [np.zeros(chain.groups, dtype=np.int64) for chain in self._chains]
        layers = [self._whole(np.array([end]))]
        while len(layers[-1]):
            rows = layers[-1]
            found = [chain.extend(rows, known) for chain, known in zip(self._chains, reached, strict=True)]
            written = self._source[rows]
            near = np.concatenate((*found, written[written != NO_ONE]))
            near = self._whole(distinct(near[~seen[near]]))
            seen[near] = True
            if wanted[near].any():
                return self._walk(int(near[wanted[near]][0]), layers, end)
            layers.append(near)
        return ()

    def _whole(self, rows: Ints) -> Ints:
        """Return all rows of the operations of some rows, but for writes that were taken back."""
        if self._first is None:
            return rows
        whole: Ints = (np.isin(self._first, self._first[rows]) & self._live).nonzero()[0]
        return whole

    def _walk(self, row: int, layers: list[Ints], end: int) -> tuple[int, ...]:
        """Return the path from a row to the end, by one row of each layer, the last layer first.

        It goes through two rows of a transaction where it enters by one and leaves by another.
        """
        path = [row]
        for rows in reversed(layers):
            for part in self._whole(np.array([row])).tolist():
                follows: Bools = self._source[rows] == part
                for chain in self._chains:
                    follows |= chain.precedes(part, rows)
                if follows.any():
                    break
            row = int(rows[follows][0])
            path += [part, row] if part != path[-1] else [row]
        return tuple(path) if row == end else (*path, end)


class _Chain:
    """Rows that are ordered within groups; `members` lists them group by group, in order.

    `lower` says for every row how many members of its group are below it, itself not counted.
    """

    def __init__(self, members: Ints, group: Ints, lower: Ints) -> None:
        self._members, self._group, self._lower = members, group, lower
        self.groups = int(group.max()) + 1
        self._first: Ints = group[members].searchsorted(np.arange(self.groups), "left")
        self._number: Ints = np.full(len(group), len(group), dtype=np.int64)
        self._number[members] = np.arange(len(members)) - self._first[group[members]]

    def extend(self, rows: Ints, reached: Ints) -> Ints:
        """Return the members below some of `rows` that were not yet `reached`, which counts them by group."""
        most = reached.copy()
        np.maximum.at(most, self._group[rows], self._lower[rows])
        grown = (most > reached).nonzero()[0]
        first = self._first[grown]
        new: Ints = self._members[ranges(first + reached[grown], first + most[grown])]
        reached[:] = most
        return new

    def precedes(self, row: int, rows: Ints) -> Bools:
        """Return whether a row is a member below each of `rows`."""
        below: Bools = (self._group[rows] == self._group[row]) & (self._number[row] < self._lower[rows])
        return below
