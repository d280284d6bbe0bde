"""Pairs of one session and one key, where places do not order the versions and pairs are compared one by one.

Of the operations before a given one few need to be looked at, where the order is inferred: a session's
past only grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

import numpy as np

from checker.history.columns import Bools, Ints
from checker.orders.candidates import SEVERAL, OutOfBudget
from checker.orders.groups import ranges
from checker.orders.ordering import Numbers
from checker.prepared import Prepared

MANY_PAIRS = 20_000_000
"""Pairs that we are willing to hold."""
_BATCH = 2_000_000


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
    nothing = np.zeros(0, dtype=np.int64)
    pairs = list(batches_of_pairs(prepared, earlier, later, keep, most=MANY_PAIRS))
    ones, others = zip(*pairs, strict=True) if pairs else ((), ())
    return np.concatenate((nothing, *ones)), np.concatenate((nothing, *others))


def batches_of_pairs(
    prepared: Prepared, earlier: Bools, later: Bools, keep: Keep, *, most: int
) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs that `partial_pairs` returns, some million at a time, at most so many in all."""
    if not earlier.any() or not later.any():
        return
    before = _before(prepared, earlier, later)
    first = (earlier & prepared.ok)[before.rows]
    if keep is Keep.ALL or not prepared.positioned_key.any():
        kept = before.kept(first, keep)
    else:
        positioned = prepared.positioned_key[prepared.columns.key[before.rows]]
        kept = [*before.kept(first & positioned, Keep.ALL), *before.kept(first & ~positioned, keep)]
    if sum(int((stop - begin).sum()) for _, begin, stop in kept) > most:
        raise OutOfBudget("too many pairs to compare without positions")
    for listed, begin, stop in kept:
        batch = (stop - begin).cumsum() // _BATCH
        bounds = [0, *((batch[1:] != batch[:-1]).nonzero()[0] + 1).tolist(), len(batch)]
        for part in map(slice, bounds[:-1], bounds[1:]):
            ones = listed[ranges(begin[part], stop[part])]
            if len(ones):
                yield ones, np.repeat(before.later[part], stop[part] - begin[part])


def preceded(prepared: Prepared, earlier: Bools, later: Bools) -> Ints:
    """Return those of the later rows, of keys that are not ranked, that an earlier one of their session and
    key precedes."""
    before = _before(prepared, earlier, later)
    _, begin, stop = before.span((earlier & prepared.ok)[before.rows])
    return before.later[stop > begin]


def _before(prepared: Prepared, earlier: Bools, later: Bools) -> _Before:
    order, group = prepared.by_session_key
    wanted = ((earlier | later) & ~prepared.ranked)[order].nonzero()[0]
    return _Before(prepared, order[wanted], group[wanted], later[order[wanted]])


class _Before:
    """What precedes each of the later ones of some rows, which come group by group.

    The parts of one operation do not precede each other.
    """

    def __init__(self, prepared: Prepared, rows: Ints, group: Numbers, later: Bools) -> None:
        self._prepared, self.rows, self._group = prepared, rows, group
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
            ambiguous = self._prepared.ambiguous[self.rows]
            kinds = (first & ~ambiguous, first & ambiguous) if ambiguous.any() else (first,)
            spans = [self.span(kind) for kind in kinds]
            return [(listed, np.maximum(begin, stop - 1), stop) for listed, begin, stop in spans]
        if keep is Keep.DISTINCT:
            first = self._distinct(first)
        listed, begin, stop = self.span(first)
        if keep is Keep.ENDS:
            oldest = (listed, begin, np.minimum(begin + 1, stop))
            return [oldest, (listed, np.maximum(np.minimum(begin + 1, stop), stop - 1), stop)]
        return [(listed, begin, stop)]

    def span(self, counts: Bools) -> tuple[Ints, Ints, Ints]:
        """Return the rows that count, and where in their list those before each later row begin and end."""
        running = np.append(0, counts.cumsum())
        return self.rows[counts], running[self._begin], running[self._end]

    def _distinct(self, first: Bools) -> Bools:
        """Return the first ones of each group that may have returned the same versions."""
        prepared = self._prepared
        at = first.nonzero()[0]
        version = prepared.candidates.source[self.rows[at]]
        numbers: dict[tuple[int, ...], int] = {}
        for place in (version == SEVERAL).nonzero()[0].tolist():
            choice = prepared.versions_of(int(self.rows[at[place]]))
            version[place] = prepared.size + 1 + numbers.setdefault(choice, len(numbers))
        order = np.lexsort((version, self._group[at]))
        version, group = version[order], self._group[at][order]
        again = np.zeros(len(at), dtype=np.bool_)
        again[1:] = (version[1:] == version[:-1]) & (group[1:] == group[:-1])
        distinct = first.copy()
        distinct[at[order[again]]] = False
        return distinct
