"""`consistent-prefix`: who has seen an effect also sees its causes.

A session reads w2 and later reads the key of a write w1 in w2's causal past: it must not get a version older
than w1. The session's knowledge is the union of the pasts of what it has read: one clock per read, a running
maximum along the session. Its own writes are no part of that, unless what it reads was written by somebody
who knew them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from checker.candidates import SEVERAL, OutOfBudget
from checker.causality import Causality, Clocks
from checker.columns import Ints
from checker.groups import last_upto
from checker.overtaken import Overtaken
from checker.prepared import Prepared
from checker.tally import Outcome, Tally, Witness
from checker.visible import View


def consistent_prefix(prepared: Prepared, limit: int) -> Outcome:
    """Judge `consistent-prefix`. Raises `OutOfBudget`."""
    tally = Tally(prepared)
    vacuous = "no session read an effect and then the key of one of its causes"
    if not _worth_it(prepared):
        return Outcome(vacuous=vacuous)
    source, reads = prepared.candidates.source, prepared.reads
    written = (source[reads] >= 0) & (source[reads] < prepared.initial)
    certain = _knowledge(prepared, reads[written])
    overtaken = Overtaken(prepared)
    paired = overtaken.anything(certain)
    possible = paired
    if prepared.candidates.several:
        maybe = _knowledge(prepared, reads[source[reads] == SEVERAL])
        possible = paired | overtaken.anything(maybe)
    if not possible.any():
        return Outcome(vacuous=vacuous)
    violated, fine = np.zeros(len(reads), dtype=np.bool_), np.zeros(len(reads), dtype=np.bool_)
    some = paired.nonzero()[0]
    violated[some], fine[some] = overtaken.judge(certain.only(some))
    fine |= paired & ~violated & (source[reads] >= 0)
    tally.add(reads, possible, violated, fine)
    return tally.outcome(limit=limit, vacuous=vacuous, witness=lambda read: _witness(prepared, read))


def _worth_it(prepared: Prepared) -> bool:
    """Whether some session reads a write and then reads again, and some write has a causal past."""
    reads = prepared.reads
    if len(reads) < 2 or len(prepared.writes) < 2:
        return False
    sessions = prepared.columns.session[reads]
    return bool(np.bincount(sessions).max() > 1)


def _knowledge(prepared: Prepared, learning: Ints) -> View:
    """Return for each read what the reads of its session before it imply, of those that are `learning`.

    Of an ambiguous read it is what any of its candidates implies.
    """
    causality, order = prepared.causality, prepared.columns.by_session
    learns = np.zeros(prepared.size, dtype=np.int64)
    learns[learning] = 1
    learning = order[learns[order] > 0]
    if 4 * (len(causality.clocks) + len(learning)) * causality.clocks.shape[1] > prepared.memory_limit:
        raise OutOfBudget("the vector clocks need too much memory")
    clocks = np.zeros((len(learning) + 1, causality.clocks.shape[1]), dtype=np.int32)
    source = prepared.candidates.source[learning]
    if prepared.candidates.several and (source == SEVERAL).any():
        for at, read in enumerate(learning.tolist(), 1):
            clocks[at] = _pasts(causality, np.array(prepared.versions_of(read))).max(axis=0)
    else:
        clocks[1:] = _pasts(causality, source)
    session = prepared.columns.session[learning]
    bounds = [0, *((session[1:] != session[:-1]).nonzero()[0] + 1).tolist(), len(session)]
    for begin, stop in pairwise(bounds):
        if stop - begin > 1:
            part = clocks[begin + 1 : stop + 1]
            np.maximum.accumulate(part, axis=0, out=part)
    learns[learning] = np.arange(1, len(learning) + 1)
    upto = last_upto(order, prepared.columns.session, learns)
    # What a read itself teaches comes too late for it.
    first = np.zeros(len(learning) + 1, dtype=np.bool_)
    first[np.array(bounds[:-1], dtype=np.int64) + 1 if len(learning) else []] = True
    itself = learns > 0
    upto[itself] = np.where(first[upto[itself]], 0, upto[itself] - 1)
    return View(prepared.reads, clocks, upto[prepared.reads], own=False)


def _pasts(causality: Causality, writes: Ints) -> Clocks:
    """Return the clock of each write's past, with its own session's operations before it."""
    pasts = causality.clocks[causality.clock[writes]]
    at, session = np.arange(len(writes)), causality.session[writes]
    pasts[at, session] = np.maximum(pasts[at, session], causality.own[writes])
    return pasts


def _witness(prepared: Prepared, read: int) -> Witness:
    """Return (effect's read, cause, read) for the last effect whose past holds a newer write."""
    source, session = prepared.candidates.source, prepared.columns.session
    causes = prepared.versions.newer_than(read)
    order = prepared.columns.by_session
    at = int((order == read).nonzero()[0][0])
    for earlier in order[:at][::-1].tolist():
        if session[earlier] != session[read]:
            break
        effect = int(source[earlier])
        if not prepared.ok_read[earlier] or not 0 <= effect < prepared.initial:
            continue
        known = causes[prepared.causality.contains(causes, np.full(len(causes), effect))]
        if len(known):
            return (earlier, int(known[0]), read)
    raise AssertionError("a read that knows of a cause has an effect before it")
