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
    columns, size = prepared.columns, prepared.size
    passed: Bools = prepared.ranked_key.copy()
    if not passed.any():
        return passed
    unclear = prepared.ambiguous.nonzero()[0]
    passed[columns.key[unclear]] = False
    writes, reads, source = prepared.written, prepared.reads, prepared.read_from
    if len(unclear) or prepared.swaps:
        # A compare-and-set that took effect stands where it wrote.
        stands = (source >= 0) & ~prepared.took[reads]
        reads, source = reads[stands], source[stands]
    if not prepared.ranked_key.all():
        writes, ranked = writes[prepared.ranked[writes]], prepared.ranked[reads]
        reads, source = reads[ranked], source[ranked]
    key = columns.key[writes]
    start, end, first, span = _moments(columns.start, columns.end, prepared.key_count)
    invoked, asked = start[writes], start[reads]
    # The latest invocation at each place, and at that of each key's initial version.
    latest = np.full(size + 1, first, dtype=np.int64)
    if prepared.in_time:
        latest[source] = asked  # of several the last one stays
    else:
        np.maximum.at(latest, source, asked)
    initial = np.full(prepared.key_count, first, dtype=np.int64)
    unwritten = (source == prepared.initial).nonzero()[0]
    np.maximum.at(initial, columns.key[reads[unwritten]], asked[unwritten])
    order = _by_place(prepared, writes, key, passed)
    # Each key's times above those of the key before: what comes from there is below all of its own.
    sizes = np.bincount(key, minlength=prepared.key_count)
    base = np.repeat(np.arange(prepared.key_count) * span - first, sizes)
    running = np.maximum(latest[writes], invoked)[order]
    running += base
    np.maximum.accumulate(running, out=running)
    floor = np.maximum(initial[key], invoked)
    older = np.full(len(writes), first, dtype=np.int64)
    older[order[1:]] = running[:-1] - base[1:]
    np.maximum(floor, older, out=floor)
    passed[key[end[writes] < floor]] = False
    latest[writes] = floor
    latest[prepared.initial] = first
    passed[columns.key[reads[end[reads] < latest[source]]]] = False
    return passed


def _by_place(prepared: Prepared, writes: Ints, key: Ints, passed: Bools) -> Ints:
    """Return the order of writes by key and place.

    A key fails where two writes have one place, or a compare-and-set does not expect what stands before it.
    """
    columns = prepared.columns
    width = columns.place_count + 1
    slot = key * width
    slot += prepared.place[writes]
    order, slot = in_order(slot, prepared.key_count * width)
    passed[slot[1:][slot[1:] == slot[:-1]] // width] = False
    if prepared.swaps:
        writes, key = writes[order], key[order]
        follows = key[1:] == key[:-1]
        found = np.zeros(len(writes), dtype=np.int64)  # null, the value of the initial version
        found[1:][follows] = columns.value[writes[:-1]][follows]
        passed[key[(columns.kind[writes] == CAS) & (found != columns.expected[writes])]] = False
    return order


def _moments(start: Ints, end: Ints, key_count: int) -> tuple[Ints, Ints, int, int]:
    """Return starts and ends, the first start, and how far starts lie apart; as ranks where times of several
    keys would not fit in one integer."""
    first, last = int(start.min()), int(start.max())
    if (last - first + 1) * key_count <= LIMIT:
        return start, end, first, last - first + 1
    ordered = np.sort(start)
    return ordered.searchsorted(start, "left"), ordered.searchsorted(end, "right") - 1, 0, len(start)


def sweep_log(prepared: Prepared) -> bool:
    """Return whether no write was invoked after anything at a higher place in the one log had ended.

    All places must be known, and each read have one candidate.
    """
    columns, place, writes = prepared.columns, prepared.place, prepared.written
    written = place[writes]
    never = -LIMIT
    older = np.full(columns.place_count + 2, never, dtype=np.int64)
    older[written + 1] = columns.start[writes]
    if np.count_nonzero(older > never) < len(writes):
        return False  # some place was given twice
    np.maximum.accumulate(older, out=older)
    if (columns.end[writes] < older[written]).any():
        return False
    read = place[prepared.read_from]
    return not (columns.end[prepared.reads] < older[read]).any()
