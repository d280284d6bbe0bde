"""`consistent-prefix`: who has seen an effect also sees its causes.

A session reads w2 and later reads the key of a write w1 in w2's causal past: it must not get a version older
than w1. The session's knowledge is the union of the pasts of what it has read: one clock per read, a running
maximum along the session.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.candidates import OutOfBudget
from checker.causality import Causality
from checker.columns import INITIAL, Bools, Ints
from checker.pairs import MANY_PAIRS
from checker.prepared import Prepared
from checker.tally import Outcome, Tally, Witness

Clocks: TypeAlias = NDArray[np.int32]


def consistent_prefix(prepared: Prepared, limit: int) -> Outcome:
    """Judge `consistent-prefix`. Raises `OutOfBudget`."""
    tally = Tally(prepared)
    vacuous = "no session read an effect and then the key of one of its causes"
    if not _worth_it(prepared):
        return Outcome(vacuous=vacuous)
    knowledge = _Knowledge(prepared)
    if not knowledge.anything:
        return Outcome(vacuous=vacuous)
    _judge_ranked(prepared, knowledge, tally)
    _judge_partial(prepared, knowledge, tally)
    return tally.outcome(limit=limit, vacuous=vacuous, witness=knowledge.witness)


def _worth_it(prepared: Prepared) -> bool:
    """Whether some session reads a write and then reads again, and some write has a causal past."""
    reads = prepared.reads
    if len(reads) < 2 or len(prepared.writes) < 2:
        return False
    sessions = prepared.columns.session[reads]
    return bool(np.bincount(sessions).max() > 1)


class _Knowledge:
    """For each read, in session order, how much of each chain the session's earlier reads imply.

    `certain` counts the reads with one candidate, `possible` the ambiguous ones, any of their candidates.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.causality: Causality = prepared.causality
        past, slot = self.causality.past, self.causality.slot
        order = prepared.columns.by_session
        self.reads: Ints = order[prepared.ok_read[order]]
        self.anything = bool(past.any())
        if not self.anything:
            return
        source = prepared.candidates.source[self.reads]
        known = past[slot[np.where(source >= 0, source, prepared.initial)]]
        session = prepared.columns.session[self.reads]
        self.certain = _union_before(known, session)
        self.possible: Clocks | None = None
        if prepared.candidates.several:
            maybe = np.zeros_like(known)
            row_at = {int(read): at for at, read in enumerate(self.reads)}
            for read, choice in prepared.candidates.several.items():
                maybe[row_at[read]] = past[slot[list(choice)]].max(axis=0)
            self.possible = _union_before(maybe, session)

    def witness(self, read: int) -> Witness:
        """Return the effect's read, the cause and the late read, for a read of a ranked key."""
        prepared, columns = self.prepared, self.prepared.columns
        newest = prepared.read_places[1][read]
        same = prepared.took[:-1] & (columns.key == columns.key[read])
        return self.cause_and_effect(read, (same & (prepared.place[:-1] > newest)).nonzero()[0])

    def cause_and_effect(self, read: int, causes: Ints) -> Witness:
        """Return (effect's read, cause, read) for the last effect whose past holds one of the causes."""
        columns = self.prepared.columns
        at = int((self.reads == read).nonzero()[0][0])
        for earlier in self.reads[:at][::-1].tolist():
            effect = int(self.prepared.candidates.source[earlier])
            if columns.session[earlier] != columns.session[read] or not 0 <= effect < self.prepared.initial:
                continue
            known = causes[self.causality.contains(causes, np.full(len(causes), effect))]
            if len(known):
                return (earlier, int(known[0]), read)
        raise AssertionError("a read that knows of a cause has an effect before it")


def _union_before(known: Clocks, session: Ints) -> Clocks:
    """Return for each row the maximum of the rows before it in its session; rows come session by session."""
    before = np.zeros_like(known)
    bounds = [0, *((session[1:] != session[:-1]).nonzero()[0] + 1).tolist(), len(session)]
    for begin, stop in pairwise(bounds):
        if stop - begin > 1:
            np.maximum.accumulate(known[begin : stop - 1], axis=0, out=before[begin + 1 : stop])
    return before


def _judge_ranked(prepared: Prepared, knowledge: _Knowledge, tally: Tally) -> None:
    wanted = prepared.ranked[knowledge.reads]
    if not wanted.any():
        return
    chains = _Chains(prepared, knowledge.causality, prepared.ranked)
    reads = knowledge.reads[wanted]
    newest, oldest = chains.places_within(reads, knowledge.certain[wanted])
    low, high = (places[reads] for places in prepared.read_places)
    paired: Bools = newest >= 0
    possible = paired
    if knowledge.possible is not None:
        possible = paired | (chains.places_within(reads, knowledge.possible[wanted])[0] >= 0)
    tally.add(reads, possible, paired & (high < newest), paired & (low >= oldest))


class _Chains:
    """The writes of each key and chain in order, with the newest and oldest place up to each."""

    def __init__(self, prepared: Prepared, causality: Causality, keys: Bools) -> None:
        columns = prepared.columns
        rows = (prepared.took[:-1] & keys).nonzero()[0]
        self.prepared, self.chain_count = prepared, causality.chain_count
        self.span = int(causality.depth.max(initial=0)) + 1
        lane = columns.key[rows] * self.chain_count + causality.chain[rows]
        slot = lane * self.span + causality.depth[rows]
        order = slot.argsort(kind="stable")
        self.rows, self.slot, self.lane = rows[order], slot[order], lane[order]
        place = np.maximum(prepared.place[self.rows], INITIAL)
        self.width = columns.place_count + 4
        # Lanes numbered from 0 without gaps keep the products small.
        number = np.zeros(len(rows), dtype=np.int64)
        number[1:] = (self.lane[1:] != self.lane[:-1]).cumsum()
        self.newest = np.maximum.accumulate(number * self.width + place) - number * self.width
        lowest = np.maximum.accumulate(number * self.width + (self.width - 1 - place))
        self.oldest = (self.width - 1) - (lowest - number * self.width)

    def places_within(self, reads: Ints, clocks: Clocks) -> tuple[Ints, Ints]:
        """Return the newest (or -1) and oldest place of each read's key within each read's clock."""
        newest = np.full(len(reads), -1, dtype=np.int64)
        oldest = np.full(len(reads), self.width, dtype=np.int64)
        if not len(self.slot):
            return newest, oldest
        for part in _parts(len(reads)):
            at, inside, _ = self._last_within(reads[part], clocks[part])
            newest[part] = np.where(inside, self.newest[at], -1).max(axis=1)
            oldest[part] = np.where(inside, self.oldest[at], self.width).min(axis=1)
        return newest, oldest

    def anything_within(self, reads: Ints, clocks: Clocks) -> Bools:
        """Return whether a write of each read's key is within its clock."""
        found = np.zeros(len(reads), dtype=np.bool_)
        if len(self.slot):
            for part in _parts(len(reads)):
                found[part] = self._last_within(reads[part], clocks[part])[1].any(axis=1)
        return found

    def causes_within(self, reads: Ints, clocks: Clocks, *, every: Bools) -> tuple[Ints, Ints]:
        """Return pairs of a write within a read's clock, and the read.

        They are the first and the last one of each chain, or, where `every` says so, all. Raises
        `OutOfBudget`.
        """
        causes: list[Ints] = [np.zeros(0, dtype=np.int64)]
        late: list[Ints] = [np.zeros(0, dtype=np.int64)]
        if not len(self.slot):
            return causes[0], late[0]
        total = 0
        for part in _parts(len(reads)):
            last, inside, lane = self._last_within(reads[part], clocks[part])
            first = self.lane.searchsorted(lane, "left")
            read = np.broadcast_to(reads[part][:, None], last.shape)
            both = np.broadcast_to(every[part][:, None], last.shape)
            ends = inside & ~both
            causes += [self.rows[first[ends]], self.rows[last[ends]]]
            late += [read[ends], read[ends]]
            counts = np.where(inside & both, last - first + 1, 0).ravel()
            total += 2 * int(np.count_nonzero(ends)) + int(counts.sum())
            if total > MANY_PAIRS:
                raise OutOfBudget("too many pairs to compare without positions")
            within = np.arange(int(counts.sum())) - np.repeat(counts.cumsum() - counts, counts)
            causes.append(self.rows[np.repeat(first.ravel(), counts) + within])
            late.append(np.repeat(read.ravel(), counts))
        return np.concatenate(causes), np.concatenate(late)

    def _last_within(self, reads: Ints, clocks: Clocks) -> tuple[Ints, Bools, Ints]:
        """Return by read and chain: the last write of the key within the clock, if there is one, its lane."""
        lane: Ints = self.prepared.columns.key[reads][:, None] * self.chain_count + np.arange(
            self.chain_count
        )
        at: Ints = self.slot.searchsorted(lane * self.span + clocks, "right") - 1
        inside: Bools = (at >= 0) & (self.lane[at] == lane)
        return at, inside, lane


def _parts(size: int) -> list[slice]:
    return [slice(begin, begin + 65_536) for begin in range(0, size, 65_536)]


def _judge_partial(prepared: Prepared, knowledge: _Knowledge, tally: Tally) -> None:
    """Compare reads with causes one by one.

    Where the order is inferred, the past only grows along a chain: its last cause within a session's
    knowledge is newer than whatever the others are, its first one older.
    """
    wanted = (~prepared.ranked[knowledge.reads]).nonzero()[0]
    if not len(wanted):
        return
    chains = _Chains(prepared, knowledge.causality, ~prepared.ranked)
    reads = knowledge.reads[wanted]
    positioned = prepared.positioned_key[prepared.columns.key[reads]]
    if knowledge.possible is not None:
        tally.paired[reads] |= chains.anything_within(reads, knowledge.possible[wanted])
    causes, late = chains.causes_within(reads, knowledge.certain[wanted], every=positioned)
    every, some = prepared.versions.compare(late, causes, ones_read=True)
    tally.add_pairs(causes, late, every, ~some)
    for read, (cause, _) in list(tally.seen.items()):
        tally.seen[read] = knowledge.cause_and_effect(read, np.array([cause]))
