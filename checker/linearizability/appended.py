"""Lists whose reads tell the order of all appends: a sweep over places, as for positions in a log.

The items of a key are distinct, and the lists that were read are beginnings of the longest one, so what was
seen of the order is forced (`unfolded` has read the places off). What nobody saw comes after all of that,
in the order of time. So there is one order to test, and failing proves that there is none: each read, and
each append that was seen, must stand above what had completed before it was invoked.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import READ, Bools
from checker.linearizability.floor import floor_before
from checker.prepared import Prepared


def sweep_lists(prepared: Prepared, keys: Bools) -> Bools:
    """Return, of the keys that are set, all of whose places were read off lists, which are linearizable."""
    columns = prepared.columns
    passed: Bools = keys.copy()
    source = prepared.candidates.source
    rows = ((prepared.ok_read | prepared.took[:-1]) & keys[columns.key]).nonzero()[0]
    key = columns.key[rows]
    reading = columns.kind[rows] == READ
    illegal = reading & (source[rows] < 0)
    passed[key[illegal]] = False
    rows, key, reading = rows[~illegal], key[~illegal], reading[~illegal]
    place = np.where(reading, prepared.place[source[rows]], prepared.place[rows])
    floor = floor_before(
        columns.end[rows], key, place, times=columns.start[rows], keys=key, width=columns.place_count + 4
    )
    # An append that nobody saw has the last place, like others, and may follow any of them.
    last = np.zeros(prepared.key_count, dtype=np.int64)
    np.maximum.at(last, key[reading], place[reading])
    loose = ~reading & (place > last[key])
    passed[key[~loose & (place < floor + ~reading)]] = False
    return passed
