"""The sweep: is the order of positions itself a linearization?

Per key, each operation must stand above what had completed before it was invoked: a read at the newest
place among those or above, a write strictly above. Passing proves the key linearizable, repeated values
welcome; failing proves only that this order is no witness.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import CAS, INITIAL, Bools, Ints
from checker.orders.ordering import Timeline
from checker.prepared import Prepared


def sweep(prepared: Prepared) -> Bools:
    """Return, by key, whether the order of positions is a linearization."""
    columns = prepared.columns
    passed: Bools = prepared.ranked_key.copy()
    if not passed.any():
        return passed
    source = prepared.candidates.source[:-1]
    took = prepared.took[:-1]
    _fail(passed, columns.key[(prepared.ok_read & (source < 0)).nonzero()[0]])
    listed = (prepared.ok_read | took) & prepared.ranked
    rows = slice(None) if listed.all() else listed.nonzero()[0]
    key = columns.key[rows]
    place = (_written_or_read(prepared) if prepared.swaps else prepared.stood)[rows]
    floor = floor_before(
        columns.end[rows], key, place, times=columns.start[rows], keys=key, width=columns.place_count + 4
    )
    floor += took[rows]
    _fail(passed, key[place < floor])
    _check_order(prepared, (listed & took).nonzero()[0], passed)
    return passed


def _written_or_read(prepared: Prepared) -> Ints:
    """Return the place that each row wrote, or else read."""
    place = prepared.place[prepared.candidates.source[:-1]]
    writes = prepared.took[:-1].nonzero()[0]
    place[writes] = prepared.place[writes]
    return place


def _fail(passed: Bools, keys: Ints) -> None:
    if len(keys):
        passed[keys] = False


def _check_order(prepared: Prepared, writes: Ints, passed: Bools) -> None:
    """Each place is one write's, and each compare-and-set's predecessor left what it expected."""
    columns = prepared.columns
    key, place = columns.key[writes], prepared.place[writes]
    width = columns.place_count + 1
    slot = np.sort(key * width + place)
    _fail(passed, slot[1:][slot[1:] == slot[:-1]] // width)
    if (columns.kind[writes] == CAS).any():
        order = np.lexsort((place, key))
        writes, key = writes[order], key[order]
        follows = key[1:] == key[:-1]
        found = np.zeros(len(writes), dtype=np.int64)  # null, the value of the initial version
        found[1:][follows] = columns.value[writes[:-1]][follows]
        _fail(passed, key[(columns.kind[writes] == CAS) & (found != columns.expected[writes])])


def floor_before(ends: Ints, key: Ints, place: Ints, *, times: Ints, keys: Ints, width: int) -> Ints:
    """Return the highest place, `INITIAL` if none, among the rows of each key that ended before each time.

    `ends`, `key` and `place` (at least 0, below `width`) have one entry per row; `times` and `keys` one per
    question.
    """
    count = 1 + max(int(key.max(initial=0)), int(keys.max(initial=0)))
    ended = Timeline(ends, key, times=times, keys=keys, key_count=count)
    return np.maximum(ended.newest(place, width=width), INITIAL)
