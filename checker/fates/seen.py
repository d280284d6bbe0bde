"""When each acknowledged write was last missed and last shown, for all writes at once.

Theory of operation: whether a read misses or shows a write depends on the versions that it may have returned
alone, so of the reads of one version only the latest counts. Where places order the versions, those that lack
a write stand below it, and those that show it at its place or above: two questions to a `Line`, with places
for numbers. Where no place does, real time orders what does not overlap, with times for numbers, and only
versions that overlap the write in time are compared with it one by one. So are reads that several versions
may explain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checker.fates.latest import Line
from checker.fates.pairs import (
    MANY_PAIRS,
    compare_reads,
    compare_versions,
    null_explained,
    silent_nulls,
    written_by,
)
from checker.history.columns import CAS, LIMIT, Bools, Ints
from checker.orders.candidates import NO_ONE, SEVERAL, OutOfBudget
from checker.orders.ordering import order_by_number
from checker.prepared import Prepared

NEVER = -(2**63)
"""The start of a read that there is not."""


@dataclass(frozen=True, slots=True)
class Seen:
    """For each acknowledged write the starts of the last reads after its end that miss and that show it.

    `NEVER` where there is none. `asked`: some final read of its key began after its end; `gone`: all of those
    miss it.
    """

    missed: Ints
    shown: Ints
    asked: Bools
    gone: Bools


def when_seen(prepared: Prepared) -> Seen:
    """Return when each acknowledged write was last missed and last shown. Raises `OutOfBudget`."""
    columns, writes = prepared.columns, prepared.acknowledged
    if prepared.steady_key[columns.key[writes]].all():
        return _never_missed(prepared)
    sweep = _Sweep(prepared, prepared.reads)
    missed, shown = sweep.last(writes)
    asked = np.zeros(len(writes), dtype=np.bool_)
    gone = asked.copy()
    final = prepared.reads[columns.final[prepared.reads]]
    if len(final):
        sweep = _Sweep(prepared, final)
        asked = sweep.last_of_key[columns.key[writes]] > columns.end[writes]
        gone = sweep.last(writes)[0] > NEVER
        doubtful = gone.nonzero()[0]
        if len(doubtful):
            gone[doubtful] = sweep.all_miss(writes[doubtful])
    return Seen(missed, shown, asked, gone)


def _never_missed(prepared: Prepared) -> Seen:
    """Return when writes were shown where no read goes back to an older place: each later one shows them."""
    columns, writes, reads = prepared.columns, prepared.acknowledged, prepared.reads
    last = []
    for some in (reads, reads[columns.final[reads]]):
        of_key = np.full(prepared.key_count, NEVER, dtype=np.int64)
        np.maximum.at(of_key, columns.key[some], columns.start[some])
        last.append(of_key[columns.key[writes]])
    shown, asked = (start > columns.end[writes] for start in last)
    nothing = np.zeros(len(writes), dtype=np.bool_)
    never = np.full(len(writes), NEVER, dtype=np.int64)
    return Seen(never, np.where(shown, last[0], NEVER), asked, nothing)


class _Sweep:
    """Some reads, of each version the latest, and what they say of writes."""

    def __init__(self, prepared: Prepared, reads: Ints) -> None:
        self.prepared = prepared
        columns = self.columns = prepared.columns
        reads = reads[columns.start[reads].argsort(kind="stable")]
        self.last_of_key: Ints = np.full(prepared.key_count, NEVER, dtype=np.int64)
        self.last_of_key[columns.key[reads]] = columns.start[reads]
        reads = self.reads = _latest(prepared, reads)
        self.key = columns.key[reads]
        self.rank = np.arange(1, len(reads) + 1)
        self.starts = np.concatenate((np.array([NEVER]), columns.start[reads]))
        self.source = prepared.candidates.source[reads]
        self.silent = silent_nulls(prepared, reads)
        self.clear: Bools = (self.source >= 0) & ~self.silent
        silent_rank = np.zeros(prepared.key_count, dtype=np.int64)
        silent_rank[self.key[self.silent]] = self.rank[self.silent]
        self.silent_rank = silent_rank

    def last(self, writes: Ints) -> tuple[Ints, Ints]:
        """Return the starts of the last reads after each write's end that miss and that show it."""
        prepared, columns = self.prepared, self.columns
        missed = np.zeros(len(writes), dtype=np.int64)
        shown = missed.copy()
        if len(self.reads):
            positioned = prepared.positioned_key[columns.key[writes]]
            for which, judge in ((positioned, self._by_place), (~positioned, self._by_time)):
                at = which.nonzero()[0]
                if len(at):
                    # By key, so that the answers are looked for from one end of the line to the other.
                    at = at[order_by_number(columns.key[writes[at]], prepared.key_count)]
                    missed[at], shown[at] = judge(writes[at])
            if self.silent.any():
                unexplained = self.silent_rank[columns.key[writes]] * ~null_explained(prepared, writes)
                missed = np.maximum(missed, unexplained)
        times = []
        for rank in (missed, shown):
            start = self.starts[rank]
            start[start <= columns.end[writes]] = NEVER
            times.append(start)
        return times[0], times[1]

    def all_miss(self, writes: Ints) -> Bools:
        """Return which writes all reads after their end miss."""
        line = Line(self.key, self.columns.start[self.reads], self.rank, key_count=self.prepared.key_count)
        write, read = self._pairs(line, writes, self.columns.end[writes] + 1, np.full(len(writes), LIMIT))
        misses, _ = compare_reads(self.prepared, self.reads[read], writes[write])
        spared: Bools = np.bincount(write[~misses], minlength=len(writes)) == 0
        return spared

    def _by_place(self, writes: Ints) -> tuple[Ints, Ints]:
        prepared, columns = self.prepared, self.columns
        low = high = 2 * prepared.place
        if len(prepared.unplaced):
            low, high = prepared.versions.low, prepared.versions.high
        key = columns.key[writes]
        several = self.source == SEVERAL
        if low is high and not several.any():
            line = self._line(self.clear, low[self.source])
            return line.below(key, low[writes]), line.above(key, low[writes] - 1)
        # A version at a write's very place shows it, one in an interval that ends there does not.
        above = 2 * low + ((low == high) & (low & 1 == 0))
        newest, oldest = high[self.source], above[self.source]
        for at in several.nonzero()[0].tolist():
            choice = np.array(written_by(prepared, int(self.reads[at]), bool(self.silent[at])))
            newest[at], oldest[at] = high[choice].max(), above[choice].min()
        tells, mute = self.clear | (several & ~self.silent), several & self.silent
        missed = self._line(tells, newest).below(key, low[writes])
        shown = self._line(tells, oldest).above(key, 2 * high[writes])
        if mute.any():
            found = self._line(mute, oldest).above(key, 2 * high[writes])
            shown = np.maximum(shown, found * null_explained(prepared, writes))
        crossed = low[writes] > high[writes]
        if len(prepared.unplaced):
            crossed |= prepared.versions.tangled[writes]
        if crossed.any():
            missed[crossed], shown[crossed] = self._one_by_one(writes[crossed], self.source != NO_ONE)
        return missed, shown

    def _line(self, which: Bools, number: Ints) -> Line:
        """Return those of the reads that count, in a line by `number`."""
        if which.all():
            return Line(self.key, number, self.rank, key_count=self.prepared.key_count)
        return Line(self.key[which], number[which], self.rank[which], key_count=self.prepared.key_count)

    def _by_time(self, writes: Ints) -> tuple[Ints, Ints]:
        prepared, columns = self.prepared, self.columns
        if _reads_the_future(prepared):
            return self._one_by_one(writes, self.source != NO_ONE)
        missed, shown = self._one_by_one(writes, self.source == SEVERAL)
        key, start, end = columns.key[writes], columns.start[writes], columns.end[writes]
        initial = np.zeros(prepared.key_count, dtype=np.int64)
        said = self.clear & (self.source == prepared.initial)
        initial[self.key[said]] = self.rank[said]
        missed = np.maximum(missed, initial[key])
        written = self.clear & (self.source != prepared.initial)
        versions, rank, of_key = self.source[written], self.rank[written], self.key[written]
        ended = prepared.ok[versions]
        count = prepared.key_count
        line = Line(of_key[ended], columns.end[versions[ended]], rank[ended], key_count=count)
        missed = np.maximum(missed, line.below(key, start))
        line = Line(of_key, columns.start[versions], rank, key_count=count)
        shown = np.maximum(shown, line.above(key, end))
        inner_write, inner = self._pairs(line, writes, start, end)
        line = Line(key, start, np.ones(len(writes), dtype=np.int64), key_count=count)
        last = np.minimum(columns.end[versions], LIMIT)
        outer, outer_write = self._pairs(line, versions, columns.start[versions] + 1, last)
        write, version = np.concatenate((inner_write, outer_write)), np.concatenate((inner, outer))
        lacks, follows = compare_versions(prepared, versions[version], writes[write])
        np.maximum.at(missed, write[lacks], rank[version[lacks]])
        np.maximum.at(shown, write[follows], rank[version[follows]])
        return missed, shown

    def _one_by_one(self, writes: Ints, which: Bools) -> tuple[Ints, Ints]:
        """Return the ranks of the last reads that miss and that show each write, of those that count."""
        missed, shown = np.zeros(len(writes), dtype=np.int64), np.zeros(len(writes), dtype=np.int64)
        if which.any():
            reads, rank = self.reads[which], self.rank[which]
            line = Line(self.key[which], self.columns.start[reads], rank, key_count=self.prepared.key_count)
            after = self.columns.end[writes] + 1
            write, read = self._pairs(line, writes, after, np.full(len(writes), LIMIT))
            misses, shows = compare_reads(self.prepared, reads[read], writes[write])
            np.maximum.at(missed, write[misses], rank[read[misses]])
            np.maximum.at(shown, write[shows], rank[read[shows]])
        return missed, shown

    def _pairs(self, line: Line, rows: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        pairs = line.within(self.columns.key[rows], first, last, most=MANY_PAIRS)
        if pairs is None:
            raise OutOfBudget("too many pairs to compare what became of the writes")
        return pairs


def _reads_the_future(prepared: Prepared) -> bool:
    """Whether some compare-and-set read from a write that started after it: else causes precede effects."""
    columns = prepared.columns
    swaps = prepared.reads[columns.kind[prepared.reads] == CAS]
    source = prepared.candidates.source[swaps]
    swaps, source = swaps[source >= 0], source[source >= 0]
    swaps, source = swaps[source < prepared.initial], source[source < prepared.initial]
    return bool((columns.start[source] > columns.start[swaps]).any())


def _latest(prepared: Prepared, reads: Ints) -> Ints:
    """Return of reads in the order of their start the last of each kind: those that may have returned the
    same versions of one key, and were as silent about it."""
    initial, keys = prepared.initial, prepared.key_count
    source = prepared.candidates.source[reads]
    kind = source.copy()
    special = ((source == initial) | (source < 0)).nonzero()[0]
    if len(special):
        key = prepared.columns.key[reads[special]]
        silent = silent_nulls(prepared, reads[special])
        kind[special] = initial + key + keys * (silent + 2 * (source[special] == NO_ONE))
        choices: dict[tuple[bool, tuple[int, ...]], int] = {}
        for at, mute in zip(special.tolist(), silent.tolist(), strict=True):
            if source[at] == SEVERAL:
                choice = mute, prepared.versions_of(int(reads[at]))
                kind[at] = initial + 3 * keys + choices.setdefault(choice, len(choices))
    last = np.full(int(kind.max(initial=0)) + 1, -1, dtype=np.int64)
    last[kind] = np.arange(len(reads))
    return reads[np.sort(last[last >= 0])]
