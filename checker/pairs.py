"""Pairs of one session and one key, where places do not order the versions and pairs are compared one by one.

Of the operations before a given one few need to be looked at, where the order is inferred: a session's
past only grows.
"""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum, auto

import numpy as np

from checker.candidates import OutOfBudget
from checker.columns import Bools, Ints
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
    wanted = ((earlier | later) & ~prepared.ranked)[order].nonzero()[0]
    rows = order[wanted]
    ones: list[int] = []
    others: list[int] = []
    kept: dict[Hashable, int] = {}
    current = -1
    key = prepared.columns.key
    for row, number, first, second, positioned in zip(
        rows.tolist(),
        group[wanted].tolist(),
        (earlier & prepared.ok)[rows].tolist(),
        later[rows].tolist(),
        prepared.positioned_key[key[rows]].tolist(),
        strict=True,
    ):
        if number != current:
            current, kept = number, {}
        if second and kept:
            ones.extend(kept.values())
            others.extend([row] * len(kept))
            if len(ones) > MANY_PAIRS:
                raise OutOfBudget("too many pairs to compare without positions")
        if not first:
            continue
        if positioned or keep is Keep.ALL:
            kept[row] = row
        elif keep is Keep.ENDS:
            kept.setdefault("first", row)
            kept["last"] = row
        elif keep is Keep.DISTINCT:
            kept.setdefault(prepared.versions_of(row), row)
        else:
            kept[bool(prepared.ambiguous[row])] = row
    return np.array(ones, dtype=np.int64), np.array(others, dtype=np.int64)
