"""`bounded-staleness`: no read is staler than a stated time, or a stated number of versions."""

from __future__ import annotations

import re
from typing import Literal

import msgspec
import numpy as np

from checker.candidates import OutOfBudget
from checker.columns import Bools, Ints
from checker.pairs import MANY_PAIRS
from checker.prepared import Prepared
from checker.tally import Outcome, Tally, Witness

_UNITS = {"ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|versions?)")
_FOREVER = 2**62


class Staleness(msgspec.Struct, frozen=True):
    """How stale a read may be: `amount` nanoseconds, or `amount` acknowledged versions."""

    amount: int
    unit: Literal["ns", "versions"]

    @classmethod
    def parse(cls, text: str) -> Staleness:
        """Return the bound that `5s`, `2.5ms`, `40ns` or `10versions` stands for.

        Raises `ValueError` for anything else.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no bound on staleness: write 5s, 2.5ms, 40ns or 10versions")
        number, unit = found.groups()
        if unit.startswith("version"):
            if "." in number:
                raise ValueError(f"{text!r}: versions are counted whole")
            return cls(int(number), "versions")
        return cls(round(float(number) * _UNITS[unit]) if "." in number else int(number) * _UNITS[unit], "ns")

    def __str__(self) -> str:
        if self.unit == "versions":
            return f"{self.amount} version" + "s" * (self.amount != 1)
        for unit in ("s", "ms", "us"):
            if self.amount and self.amount % _UNITS[unit] == 0:
                return f"{self.amount // _UNITS[unit]}{unit}"
        return f"{self.amount}ns"


def bounded_staleness(prepared: Prepared, limit: int, bound: Staleness) -> Outcome:
    """Judge `bounded-staleness` for one bound."""
    tally = Tally(prepared)
    ended = _Ended(prepared, min(bound.amount, _FOREVER) if bound.unit == "ns" else 0)
    ranked = prepared.reads[prepared.ranked[prepared.reads]]
    if len(ranked) and len(prepared.acknowledged):
        paired, newest, oldest = ended.before(ranked)
        low, high = (places[ranked] for places in prepared.read_places)
        if bound.unit == "ns":
            tally.add(ranked, paired, high < newest, low >= oldest)
        else:
            behind_high = ended.versions_between(ranked, high, newest)
            behind_low = ended.versions_between(ranked, low, newest)
            tally.add(ranked, paired, behind_high > bound.amount, (behind_low <= bound.amount) & (low >= 0))
    partial = prepared.partial_reads
    if len(partial) and len(prepared.acknowledged):
        writes, reads = ended.pairs(partial)
        if bound.unit == "ns":
            every, some = prepared.versions.compare(reads, writes, ones_read=True)
            tally.add_pairs(writes, reads, every, ~some)
        else:
            _count_versions(prepared, tally, writes, reads, bound.amount)

    def witness(read: int) -> Witness:
        return (ended.newest_before(read), read)

    reason = "no read began after an acknowledged write of its key"
    if bound.unit == "ns":
        reason = f"no read began {bound} after an acknowledged write of its key"
    return tally.outcome(limit=limit, vacuous=reason, witness=witness)


class _Ended:
    """The acknowledged writes of each key in the order in which they ended."""

    def __init__(self, prepared: Prepared, patience: int) -> None:
        self.prepared, self.patience = prepared, patience
        columns, rows = prepared.columns, prepared.acknowledged
        self.rows: Ints = rows[np.lexsort((columns.end[rows], columns.key[rows]))]
        self.key = columns.key[self.rows]
        self.first = self.key.searchsorted(np.arange(prepared.key_count + 1), "left")
        ends = np.sort(columns.end[rows])
        # Ends as ranks, so that key and time fit in one integer.
        self.width = len(rows) + 1
        self.ends = ends
        self.slot = self.key * self.width + ends.searchsorted(columns.end[self.rows], "left")

    def count(self, reads: Ints) -> tuple[Ints, Ints]:
        """Return where each read's key begins, and where the writes end that ended too late for it."""
        columns = self.prepared.columns
        key = columns.key[reads]
        early = self.ends.searchsorted(columns.start[reads] - self.patience, "left")
        return self.first[key], self.slot.searchsorted(key * self.width + early, "left")

    def before(self, reads: Ints) -> tuple[Bools, Ints, Ints]:
        """Return whether each read has writes before it, and their newest and oldest place."""
        begin, stop = self.count(reads)
        place = np.maximum(self.prepared.place[self.rows], 0)
        width = self.prepared.columns.place_count + 4
        base = self.key * width
        newest = np.maximum.accumulate(base + place)
        lowest = np.maximum.accumulate(base + (width - 1 - place))
        paired: Bools = stop > begin
        last = np.maximum(stop - 1, 0)
        floor = base[last]
        return paired, newest[last] - floor, (width - 1) - (lowest[last] - floor)

    def versions_between(self, reads: Ints, above: Ints, newest: Ints) -> Ints:
        """Count the acknowledged versions of each read's key above one place, up to another."""
        prepared = self.prepared
        width = prepared.columns.place_count + 4
        slot = np.sort(self.key * width + np.maximum(prepared.place[self.rows], 0))
        base = prepared.columns.key[reads] * width
        counted: Ints = slot.searchsorted(base + newest, "right") - slot.searchsorted(base + above, "right")
        return counted

    def pairs(self, reads: Ints) -> tuple[Ints, Ints]:
        """Return every write that ended in time for each read, and the read."""
        begin, stop = self.count(reads)
        counts = np.maximum(stop - begin, 0)
        total = int(counts.sum())
        if total > MANY_PAIRS:
            raise OutOfBudget("too many pairs to compare without positions")
        within = np.arange(total) - np.repeat(counts.cumsum() - counts, counts)
        return self.rows[np.repeat(begin, counts) + within], np.repeat(reads, counts)

    def newest_before(self, read: int) -> int:
        """Return the write with the newest place that ended in time for a read."""
        begin, stop = self.count(np.array([read]))
        rows = self.rows[int(begin[0]) : int(stop[0])]
        return int(rows[self.prepared.place[rows].argmax()])


def _count_versions(prepared: Prepared, tally: Tally, writes: Ints, reads: Ints, bound: int) -> None:
    """Count, for each pair, the acknowledged versions that certainly stand between what was read and the
    write.

    Where the order is partial every order that agrees with it has at least as many between.
    """
    columns = prepared.columns
    violated, fine = [], []
    for write, read in zip(writes.tolist(), reads.tolist(), strict=True):
        versions = prepared.versions_of(read)
        same = prepared.acknowledged[columns.key[prepared.acknowledged] == columns.key[write]]
        upto = same[(same == write) | prepared.versions.older(same, np.full(len(same), write))]
        behind = [
            int(np.count_nonzero(prepared.versions.older(np.full(len(upto), version), upto)))
            for version in versions
        ]
        violated.append(bool(behind) and min(behind) > bound)
        fine.append(bool(behind) and max(behind) <= bound)
    tally.add_pairs(writes, reads, np.array(violated, dtype=np.bool_), np.array(fine, dtype=np.bool_))
