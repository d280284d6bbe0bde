"""What a read cannot have returned, because another write had surely replaced it.

A version is gone once a write that started after its own write ended has itself ended; so of several
writes of one value few are left to a read, often one.
"""

from __future__ import annotations

import numpy as np

from checker.checks.tally import Witness
from checker.history.columns import Ints
from checker.linearizability.floor import floor_before
from checker.orders.candidates import NO_ONE, Candidates
from checker.prepared import Prepared


def drop_overwritten(
    prepared: Prepared, reads: Ints, writes: Ints, candidates: Candidates
) -> dict[int, Witness]:
    """Drop candidates that another write had surely replaced before the read began.

    Returns, for each read that lost some, the write that had replaced them, after those that all were lost.
    """
    replaced: dict[int, Witness] = {}
    if not candidates.several:
        return replaced
    columns = prepared.columns
    rows = np.array(sorted(candidates.several))
    done = writes[prepared.ok[writes]]
    if not len(done):
        return replaced
    done = done[columns.start[done].argsort(kind="stable")]
    starts = columns.start[done]
    rank = np.arange(1, len(done) + 1)
    latest = floor_before(
        columns.end[done],
        columns.key[done],
        rank,
        times=columns.start[rows],
        keys=columns.key[rows],
        width=len(done) + 4,
    )
    for read, number in zip(rows.tolist(), latest.tolist(), strict=True):
        if not number:
            continue
        start = int(starts[number - 1])
        had = candidates.several[read]
        alive = tuple(
            version for version in had if version != prepared.initial and columns.end[version] >= start
        )
        last = int(done[number - 1])
        if len(alive) < len(had):
            lost = [] if alive else [version for version in had if version != prepared.initial]
            replaced[read] = (*lost, last)
        if len(alive) < 2:
            del candidates.several[read]
            candidates.source[read] = alive[0] if alive else NO_ONE
        else:
            candidates.several[read] = alive
    return replaced
