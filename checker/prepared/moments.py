"""Moments: when operations were invoked, as ranks.

Where the rows come in the order of time, as mostly they do, an operation's rank is its row. So moments are
short, need no looking up, and only what seems to come too late needs a look at the clock.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import Columns, Ints
from checker.orders.ordering import Numbers, short_enough


class Moments:
    """The ranks of the operations by their start, from 0, before which nothing ends.

    `count` is above all ranks; `dtype` holds as many as `groups` of operations have together.
    """

    def __init__(self, columns: Columns, groups: int, *, in_time: bool) -> None:
        self.count = columns.size
        self.dtype = short_enough(groups * self.count)
        self._end, self._ordered, self._rank = columns.end, columns.start, None
        if not in_time:
            order = columns.start.argsort()
            self._ordered, self._rank = columns.start[order], np.empty(self.count, dtype=self.dtype)
            self._rank[order] = np.arange(self.count)

    def of(self, rows: Ints) -> Numbers:
        """Return the moments of rows."""
        return rows.astype(self.dtype) if self._rank is None else self._rank[rows]

    def latest(self, at: Ints, moments: Numbers, count: int) -> Numbers:
        """Return for each of `count` places the latest of the moments at it, 0 where there is none.

        The moments are those of rows in their order.
        """
        latest = np.zeros(count, dtype=self.dtype)
        if self._rank is None:
            latest[at] = moments  # of several the last one stays
        else:
            np.maximum.at(latest, at, moments)
        return latest

    def late(self, rows: Ints, invoked: Numbers, moments: Numbers) -> Ints:
        """Return which of the rows, which were invoked then, had ended before other moments."""
        suspect = (moments > invoked).nonzero()[0]
        rows = rows[suspect]
        return rows[self._end[rows] < self._ordered[moments[suspect]]]
