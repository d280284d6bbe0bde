"""`consistent-prefix`: who has seen an effect also sees its causes.

A session reads w2 and later reads the key of a write w1 in w2's causal past: it must not get a version older
than w1. The session's knowledge is the union of the pasts of what it has read: one clock per read, a running
maximum along the session. Its own writes are no part of that, unless what it reads was written by somebody
who knew them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from checker.checks.tally import Outcome, Tally, Witness
from checker.history.columns import Bools, Ints
from checker.orders.candidates import NO_ONE, SEVERAL, OutOfBudget
from checker.orders.causality import Causality, Clocks
from checker.orders.groups import last_upto
from checker.orders.overtaken import Overtaken
from checker.orders.visible import View
from checker.prepared import Prepared

_FEW = 1_000
"""Reads up to which it is quickest to look closely at each."""


def consistent_prefix(prepared: Prepared, limit: int) -> Outcome:
    """Judge `consistent-prefix`. Raises `OutOfBudget`."""
    tally = Tally(prepared)
    vacuous = "no session read an effect and then the key of one of its causes"
    if not _worth_it(prepared):
        return Outcome(vacuous=vacuous)
    source, reads = prepared.candidates.source, prepared.reads
    overtaken = prepared.versions.views
    learning = prepared.ok_read & (source[:-1] > NO_ONE) & (source[:-1] < prepared.initial)
    paired = np.zeros(len(reads), dtype=np.bool_)
    asked = np.arange(len(reads))
    if len(reads) > _FEW:
        paired = _taught_at_once(prepared, overtaken, learning)
        suspects = ~paired
        if not prepared.linear:
            # A cause that a read missed is in its causal past: no other read can be violated.
            suspects |= prepared.versions.overtaken[reads] | (source[reads] == SEVERAL)
        asked = suspects.nonzero()[0]
    violated, fine = np.zeros(len(reads), dtype=np.bool_), np.zeros(len(reads), dtype=np.bool_)
    if len(asked):
        view = _knowledge(prepared, learning, reads[asked])
        paired[asked] = known = overtaken.anything(view)
        asked = asked[known]
        if len(asked) and not prepared.linear:
            violated[asked], fine[asked] = overtaken.judge(view.only(known))
    fine |= paired & ~violated & (source[reads] >= 0)
    if prepared.candidates.several:
        unsure = (~paired).nonzero()[0]
        ambiguous = prepared.ok_read & (source[:-1] == SEVERAL)
        paired[unsure] = overtaken.anything(_knowledge(prepared, ambiguous, reads[unsure]))
    tally.add(reads, paired, violated, fine)
    return tally.outcome(limit=limit, vacuous=vacuous, witness=lambda read: _witness(prepared, read))


def _worth_it(prepared: Prepared) -> bool:
    """Whether some session reads a write and then reads again, and some write has a causal past."""
    reads = prepared.reads
    if len(reads) < 2 or len(prepared.writes) < 2:
        return False
    sessions = prepared.columns.session[reads]
    return bool(np.bincount(sessions).max() > 1)


def _taught_at_once(prepared: Prepared, overtaken: Overtaken, learning: Bools) -> Bools:
    """Return for each read whether the one before it in its session, of those `learning`, was of an effect of
    a write of its key: mostly one look is enough to see that there is a cause that it should know."""
    reads, causality = prepared.reads, prepared.causality
    taught = np.zeros(len(reads), dtype=np.bool_)
    teacher = _last_before(prepared, learning, reads)
    some = (teacher >= 0).nonzero()[0]
    effects = prepared.candidates.source[teacher[some]]
    taught[some] = overtaken.anything(View(reads[some], causality.clocks, *causality.past(effects)))
    return taught


def _last_before(prepared: Prepared, counts: Bools, rows: Ints) -> Ints:
    """Return for each of some rows the last one before it in its session that counts, -1 if none does."""
    order, session = prepared.columns.by_session, prepared.columns.session
    numbers = np.where(counts, np.arange(1, prepared.size + 1), 0)
    before = np.full(prepared.size, -1, dtype=np.int64)
    before[order[1:]] = last_upto(order, session, numbers)[order[:-1]] - 1
    first = prepared.causality.first
    found = before[rows if first is None else first[rows]]
    return np.where(session[found] == session[rows], found, -1)


def _knowledge(prepared: Prepared, learning: Bools, reads: Ints) -> View:
    """Return for each read what those of its session before it imply, as far as they are `learning`.

    What an ambiguous read implies is what any of its candidates does.
    """
    causality, columns = prepared.causality, prepared.columns
    last = np.zeros(columns.session_count, dtype=np.int64)
    np.maximum.at(last, columns.session[reads], columns.start[reads])
    order = columns.by_session
    order = order[learning[order]]
    order = order[columns.start[order] < last[columns.session[order]]]
    sessions = causality.clocks.shape[1]
    if 4 * (len(causality.clocks) + len(order)) * sessions > prepared.memory_limit:
        raise OutOfBudget("the vector clocks need too much memory")
    clocks = np.zeros((len(order) + 1, sessions), dtype=np.int32)
    source = prepared.candidates.source[order]
    if prepared.candidates.several and (source == SEVERAL).any():
        for at, read in enumerate(order.tolist(), 1):
            for version in prepared.versions_of(read):
                _add_past(causality, np.array([version]), clocks[at : at + 1])
    else:
        _add_past(causality, source, clocks[1:])
    session = columns.session[order]
    bounds = [0, *((session[1:] != session[:-1]).nonzero()[0] + 1).tolist(), len(session)]
    for begin, stop in pairwise(bounds):
        part = clocks[begin + 1 : stop + 1]
        np.maximum.accumulate(part, axis=0, out=part)
    number = np.zeros(prepared.size + 1, dtype=np.int64)
    number[order] = np.arange(1, len(order) + 1)
    nothing = np.zeros(len(reads), dtype=np.int64)
    return View(reads, clocks, number[_last_before(prepared, learning, reads)], nothing, nothing)


def _add_past(causality: Causality, writes: Ints, clocks: Clocks) -> None:
    """Raise each clock to what is in the past of a write."""
    at, session, count = causality.past(writes)
    np.maximum(clocks, causality.clocks[at], out=clocks)
    cells = np.arange(len(writes)), session
    clocks[cells] = np.maximum(clocks[cells], count)


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
        if not prepared.ok_read[earlier] or not prepared.in_session_order(earlier, read):
            continue
        if not 0 <= effect < prepared.initial:
            continue
        known = causes[prepared.causality.contains(causes, np.full(len(causes), effect))]
        if len(known):
            return (earlier, int(known[0]), read)
    raise AssertionError("a read that knows of a cause has an effect before it")
