"""The sweep: is the order of places itself a linearization?

Theory of operation. Let a key's writes stand in the order of their places, each followed by its reads. That
is a linearization iff nothing in it had ended before something that stands ahead of it was invoked. So one
running maximum of invocations along the places decides: each write and each read must end no sooner than the
latest invocation at any older place, and a read no sooner than its own write's. Passing proves the key
linearizable, repeated values welcome; failing proves only that this order is no witness.

Where a key passes, nothing goes back to an older place than that of what had ended before, neither in real
time nor, what follows, in any session: guarantees that rest on that need no closer look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checker.history.columns import CAS, LIMIT, Bools, Ints
from checker.orders.ordering import in_order

if TYPE_CHECKING:
    from checker.prepared.prepared import Prepared


def sweep(prepared: Prepared) -> Bools:
    """Return, by key, whether the order of places is a linearization."""
    columns = prepared.columns
    passed: Bools = prepared.ranked_key.copy()
    if not passed.any():
        return passed
    passed[columns.key[prepared.unclear]] = False
    writes, place = prepared.written, prepared.written_place
    reads, source = prepared.reads, prepared.read_from
    if len(prepared.unclear) or prepared.swaps:
        # A compare-and-set that took effect stands where it wrote.
        stands = (source >= 0) & ~prepared.took[reads]
        reads, source = reads[stands], source[stands]
    if not prepared.ranked_key.all():
        ranked = prepared.ranked[writes]
        writes, place = writes[ranked], place[ranked]
        ranked = prepared.ranked[reads]
        reads, source = reads[ranked], source[ranked]
    moments = prepared.moments
    asked = moments.of(reads)
    # The latest invocation at each place, and at that of each key's initial version.
    latest = moments.latest(source, asked, prepared.size + 1)
    unwritten = (source == prepared.initial).nonzero()[0]
    initial = moments.latest(columns.key[reads[unwritten]], asked[unwritten], prepared.key_count)
    writes, begin = _by_place(prepared, writes, place, passed)
    invoked = moments.of(writes)
    # Each key's moments above those of the key before: what comes from there is below all of its own.
    base = np.repeat(np.arange(prepared.key_count, dtype=moments.dtype) * moments.count, np.diff(begin))
    written = np.diff(begin).nonzero()[0]
    begin = begin[written]
    running = np.maximum(latest[writes], invoked)
    running[begin] = np.maximum(running[begin], initial[written])
    running += base
    np.maximum.accumulate(running, out=running)
    older = np.empty_like(running)
    older[1:] = running[:-1]
    older -= base
    older[begin] = initial[written]
    passed[columns.key[moments.late(writes, invoked, older)]] = False
    latest[writes] = np.maximum(older, invoked)
    latest[prepared.initial] = 0
    passed[columns.key[moments.late(reads, asked, latest[source])]] = False
    return passed


def _by_place(prepared: Prepared, writes: Ints, place: Ints, passed: Bools) -> tuple[Ints, Ints]:
    """Return the writes by key and place, and where each key's begin, the end of all coming last.

    A key fails where two writes have one place, or a compare-and-set does not expect what stands before it.
    """
    columns = prepared.columns
    width = columns.place_count + 1
    slot = columns.key[writes]
    slot *= width
    slot += place
    writes, slot = in_order(slot, prepared.key_count * width, writes)
    passed[slot[1:][slot[1:] == slot[:-1]] // width] = False
    if prepared.swaps:
        key = columns.key[writes]
        follows = key[1:] == key[:-1]
        found = np.zeros(len(writes), dtype=np.int64)  # null, the value of the initial version
        found[1:][follows] = columns.value[writes[:-1]][follows]
        passed[key[(columns.kind[writes] == CAS) & (found != columns.expected[writes])]] = False
    return writes, slot.searchsorted(np.arange(prepared.key_count + 1) * width)


def sweep_log(prepared: Prepared) -> bool:
    """Return whether no write was invoked after anything at a higher place in the one log had ended.

    All places must be known, and each read have one candidate.
    """
    columns, writes, written = prepared.columns, prepared.written, prepared.written_place
    never = -LIMIT
    older = np.full(columns.place_count + 2, never, dtype=np.int64)
    older[written + 1] = columns.start[writes]
    if np.count_nonzero(older > never) < len(writes):
        return False  # some place was given twice
    np.maximum.accumulate(older, out=older)
    if (columns.end[writes] < older[written]).any():
        return False
    read = prepared.place[prepared.read_from]
    return not (columns.end[prepared.reads] < older[read]).any()
