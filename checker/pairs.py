"""Pairs of one session and one key, where places do not order the versions and pairs are compared one by one.

Of the operations before a given one few need to be looked at, where the order is inferred: a session's
past only grows.
"""

from __future__ import annotations

from enum import Enum, auto

import numpy as np

from checker.candidates import SEVERAL, OutOfBudget
from checker.columns import Bools, Ints
from checker.groups import ranges
from checker.prepared import Prepared

MANY_PAIRS = 20_000_000
"""Pairs that we are willing to compare."""


class Keep(Enum):
    """Which earlier operations of an inferred key say all that there is to say.

    - `ALL`: each may matter.
    - `ENDS`: the first one's past is in every other's, and the last one's holds all.
    - `DISTINCT`: of reads that may have returned the same versions, the first.
    - `LATEST`: none of them can be violated, so the last one is enough; the last ambiguous one, too.
    """

    ALL = auto()
    ENDS = auto()
    DISTINCT = auto()
    LATEST = auto()


def partial_pairs(prepared: Prepared, earlier: Bools, later: Bools, keep: Keep) -> tuple[Ints, Ints]:
    """Return pairs of rows, earlier and later, of one session and one key that is not ranked.

    `earlier` and `later` say which operations count. Where positions count, all pairs are returned, whatever
    `keep` says. Raises `OutOfBudget`.
    """
    order, group = prepared.by_session_key
    nothing = np.zeros(0, dtype=np.int64)
    if not earlier.any() or not later.any():
        return nothing, nothing
    wanted = ((earlier | later) & ~prepared.ranked)[order].nonzero()[0]
    rows, group = order[wanted], group[wanted]
    before = _Before(prepared, rows, group, later[rows])
    first = (earlier & prepared.ok)[rows]
    if keep is Keep.ALL or not prepared.positioned_key.any():
        kept = before.kept(first, keep)
    else:
        positioned = prepared.positioned_key[prepared.columns.key[rows]]
        kept = [*before.kept(first & positioned, Keep.ALL), *before.kept(first & ~positioned, keep)]
    sizes = [stop - begin for _, begin, stop in kept]
    if sum(int(size.sum()) for size in sizes) > MANY_PAIRS:
        raise OutOfBudget("too many pairs to compare without positions")
    ones = [listed[ranges(begin, stop)] for listed, begin, stop in kept if len(listed)]
    others = [
        np.repeat(before.later, size) for size, (listed, _, _) in zip(sizes, kept, strict=True) if len(listed)
    ]
    return np.concatenate((nothing, *ones)), np.concatenate((nothing, *others))


class _Before:
    """What precedes each of the later ones of some rows, which come group by group.

    The parts of one operation do not precede each other.
    """

    def __init__(self, prepared: Prepared, rows: Ints, group: Ints, later: Bools) -> None:
        self._prepared, self._rows, self._group = prepared, rows, group
        at = later.nonzero()[0]
        self.later = rows[at]
        self._begin: Ints = group.searchsorted(group[at], "left")
        self._end = at
        if prepared.unfolded is not None:
            whole = prepared.operation_of[rows]
            new = np.ones(len(rows), dtype=np.bool_)
            new[1:] = (whole[1:] != whole[:-1]) | (group[1:] != group[:-1])
            self._end = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))[at]

    def kept(self, first: Bools, keep: Keep) -> list[tuple[Ints, Ints, Ints]]:
        """Return lists of earlier rows, each with the range of it that every later row is paired with."""
        if keep is Keep.LATEST:
            ambiguous = self._prepared.ambiguous[self._rows]
            kinds = (first & ~ambiguous, first & ambiguous) if ambiguous.any() else (first,)
            spans = [self._span(kind) for kind in kinds]
            return [(listed, np.maximum(begin, stop - 1), stop) for listed, begin, stop in spans]
        if keep is Keep.DISTINCT:
            first = self._distinct(first)
        listed, begin, stop = self._span(first)
        if keep is Keep.ENDS:
            oldest = (listed, begin, np.minimum(begin + 1, stop))
            return [oldest, (listed, np.maximum(np.minimum(begin + 1, stop), stop - 1), stop)]
        return [(listed, begin, stop)]

    def _span(self, counts: Bools) -> tuple[Ints, Ints, Ints]:
        """Return the rows that count, and where in their list those before each later row begin and end."""
        running = np.append(0, counts.cumsum())
        return self._rows[counts], running[self._begin], running[self._end]

    def _distinct(self, first: Bools) -> Bools:
        """Return the first ones of each group that may have returned the same versions."""
        prepared = self._prepared
        at = first.nonzero()[0]
        version = prepared.candidates.source[self._rows[at]]
        numbers: dict[tuple[int, ...], int] = {}
        for place in (version == SEVERAL).nonzero()[0].tolist():
            choice = prepared.versions_of(int(self._rows[at[place]]))
            version[place] = prepared.size + 1 + numbers.setdefault(choice, len(numbers))
        order = np.lexsort((version, self._group[at]))
        version, group = version[order], self._group[at][order]
        again = np.zeros(len(at), dtype=np.bool_)
        again[1:] = (version[1:] == version[:-1]) & (group[1:] == group[:-1])
        distinct = first.copy()
        distinct[at[order[again]]] = False
        return distinct
