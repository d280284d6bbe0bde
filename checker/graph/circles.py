"""Operations that causal order and the order of places lead round in circles.

Theory of operation: edges are session-order, reads-from, and version-order between writes whose places count.
If every operation can be given a number so that no edge leads to a smaller one, there is no circle, and two
ways to number them fit what stores do. A moment within the operation, when writes take effect in the order
of their places: one log, or one for each key. Or the newest place that the session had seen or made by then:
clocks in the manner of Lamport, where real time may say otherwise. Only where neither fits, or where causal
order itself has a circle, are circles looked for, as strongly connected components (Tarjan, *Depth-First
Search and Linear Graph Algorithms*, 1972).
"""

from __future__ import annotations

import numpy as np

from checker.graph.paths import by_place
from checker.history.columns import CAS, FAIL, Ints
from checker.orders.candidates import NO_ONE
from checker.orders.groups import highest_before
from checker.orders.ordering import distinct
from checker.prepared import Prepared


def circles(prepared: Prepared) -> list[Ints]:
    """Return the rows of each circle: operations each of which leads to all others, from the first row on."""
    causal = prepared.causality.cyclic
    if not causal and not (prepared.key_count and prepared.positioned_key.any()):
        return []
    places, first = by_place(prepared)
    if (prepared.causality.first is None and not causal) and (
        len(places) < 2 or _has_moments(prepared, places, first) or _has_places(prepared, places)
    ):
        return []
    return _components(prepared, places, first)


def _reads_from(prepared: Prepared) -> tuple[Ints, Ints]:
    """Return the writes and reads of all reads-from edges."""
    source, reads = prepared.candidates.source, prepared.reads
    reads = reads[(source[reads] > NO_ONE) & (source[reads] < prepared.initial)]
    return source[reads], reads


def _has_moments(prepared: Prepared, places: Ints, first: Ints) -> bool:
    """Return whether writes can take effect, as they run, in the order of places and before their reads."""
    columns = prepared.columns
    moment = columns.start.copy()
    key, start = columns.key[places], columns.start[places]
    # The highest start so far, key by key: ranks instead of times, so that the number of the key fits in.
    by_start = start.argsort(kind="stable")
    rank = np.empty(len(places), dtype=np.int64)
    rank[by_start] = np.arange(len(places))
    base = key * len(places)
    moment[places] = start[by_start[np.maximum.accumulate(base + rank) - base]]
    writes, reads = _reads_from(prepared)
    if (moment[places] > columns.end[places]).any() or (moment[writes] > columns.end[reads]).any():
        return False
    # At one moment a compare-and-set must have a higher place than what it read.
    swaps = columns.kind[reads] == CAS
    writes, reads = writes[swaps], reads[swaps]
    placed = np.zeros(prepared.size, dtype=np.bool_)
    placed[places] = True
    climbs = placed[writes] & placed[reads] & (prepared.place[writes] < prepared.place[reads])
    return bool((moment[writes] < moment[reads] + climbs).all())


def _has_places(prepared: Prepared, places: Ints) -> bool:
    """Return whether each write has a higher place than what its session had seen and written before."""
    columns = prepared.columns
    written = prepared.took[:-1].nonzero()[0]
    if len(written) > len(places):
        return False
    known = np.full(prepared.size, -1, dtype=np.int64)
    closed = written[prepared.ok[written]]
    known[closed] = prepared.place[closed]
    writes, reads = _reads_from(prepared)
    swaps = columns.kind[reads] == CAS
    if (prepared.place[writes] >= prepared.place[reads])[swaps].any():
        return False
    known[reads[~swaps]] = prepared.place[writes[~swaps]]
    seen = highest_before(columns.by_session, columns.session, known)
    return bool((seen[written] < prepared.place[written]).all())


def _components(prepared: Prepared, places: Ints, first: Ints) -> list[Ints]:
    """Return the strongly connected components of more than one operation.

    Between the places of a key stand nodes of their own: every write leads to the next one, and it to all
    writes of the next place.
    """
    size = prepared.size
    one, other = _edges(prepared, places, first)
    order = one.argsort(kind="stable")
    stops = np.bincount(one, minlength=size + len(places)).cumsum()
    following, stop = other[order].tolist(), stops.tolist()
    at = [0, *stop[:-1]]
    found: list[Ints] = []
    number = [0] * len(at)  # in the order of discovery, from 1
    low = [0] * len(at)
    done = [False] * len(at)
    waiting: list[int] = []
    count = 0
    for root in distinct(one).tolist():
        path = [] if number[root] else [root]
        while path:
            node = path[-1]
            if not number[node]:
                count += 1
                number[node] = low[node] = count
                waiting.append(node)
            if at[node] < stop[node]:
                step = following[at[node]]
                at[node] += 1
                if not number[step]:
                    path.append(step)
                elif not done[step]:
                    low[node] = min(low[node], number[step])
                continue
            path.pop()
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
            if low[node] == number[node]:
                part = []
                while not done[node]:
                    part.append(waiting.pop())
                    done[part[-1]] = True
                if len(part) > 1:
                    found.append(np.sort([member for member in part if member < size]))
    return sorted(found, key=lambda rows: int(rows[0]))


def _edges(prepared: Prepared, places: Ints, first: Ints) -> tuple[Ints, Ints]:
    columns, size = prepared.columns, prepared.size
    before = prepared.causality.before[:-1] // 2
    first_part = prepared.causality.first
    ok = columns.by_session[prepared.ok[columns.by_session]]
    if first_part is not None:
        ok = ok[np.diff(first_part[ok], prepend=-1) != 0]
    begin = columns.session[ok].searchsorted(np.arange(columns.session_count), "left")
    follows = ((before > 0) & (columns.status != FAIL)).nonzero()[0]
    leads = ok[begin[columns.session[follows]] + before[follows] - 1]
    writes, reads = _reads_from(prepared)
    node = (first == np.arange(len(places))).cumsum() - 1 + size
    last, another = np.ones(len(places), dtype=np.bool_), np.zeros(len(places), dtype=np.bool_)
    last[:-1] = first[1:] != first[:-1]
    another[:-1] = columns.key[places[1:]] == columns.key[places[:-1]]
    # The last write of a place says whether its key has another one.
    climbs = np.repeat(another[last], np.bincount(node - size))
    one = np.concatenate((leads, writes, node, places[climbs]))
    other = np.concatenate((follows, reads, places, node[climbs] + 1))
    if first_part is not None:
        # A transaction is one operation: its first row stands for all.
        whole = np.append(first_part, np.arange(size, size + len(places)))
        one, other = whole[one], whole[other]
    return one, other
