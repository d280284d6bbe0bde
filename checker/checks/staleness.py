"""`bounded-staleness`: no read is staler than a stated time, or a stated number of versions."""

from __future__ import annotations

import re
from typing import Literal

import msgspec
import numpy as np

from checker.checks.pairs import MANY_PAIRS
from checker.checks.tally import Outcome, Tally, Witness
from checker.history.columns import FOREVER, INITIAL, Ints
from checker.orders.candidates import OutOfBudget
from checker.orders.ordering import Timeline
from checker.prepared import Prepared

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
    patience = min(bound.amount, _FOREVER) if bound.unit == "ns" else 0
    ranked = prepared.reads[prepared.ranked[prepared.reads]]
    if len(ranked) and len(prepared.acknowledged):
        steady = prepared.steady_key[prepared.columns.key[ranked]]
        if steady.any():
            _judge_steady(prepared, tally, ranked[steady], patience)
        if not steady.all():
            _judge_ranked(prepared, tally, ranked[~steady], bound, patience)
    partial = prepared.partial_reads
    if len(partial) and len(prepared.acknowledged):
        writes, reads = _pairs(prepared, partial, patience)
        if bound.unit == "ns":
            every, some = prepared.versions.compare(reads, writes, ones_read=True)
            tally.add_pairs(writes, reads, every, ~some)
        else:
            _count_versions(prepared, tally, writes, reads, bound.amount)

    def witness(read: int) -> Witness:
        columns, rows = prepared.columns, prepared.acknowledged
        in_time = columns.end[rows] < columns.start[read] - patience
        rows = rows[in_time & (columns.key[rows] == columns.key[read])]
        return (int(rows[prepared.place[rows].argmax()]), read)

    reason = "no read began after an acknowledged write of its key"
    if bound.unit == "ns":
        reason = f"no read began {bound} after an acknowledged write of its key"
    return tally.outcome(limit=limit, vacuous=reason, witness=witness)


def _judge_steady(prepared: Prepared, tally: Tally, reads: Ints, patience: int) -> None:
    """Add the reads that began after an acknowledged write of their key: none of them is stale."""
    columns, rows = prepared.columns, prepared.acknowledged
    first = np.full(prepared.key_count, FOREVER, dtype=np.int64)
    np.minimum.at(first, columns.key[rows], columns.end[rows])
    paired = first[columns.key[reads]] < columns.start[reads] - patience
    tally.add(reads, paired, np.zeros(len(reads), dtype=np.bool_), paired)


def _judge_ranked(prepared: Prepared, tally: Tally, reads: Ints, bound: Staleness, patience: int) -> None:
    """Compare each read with the newest and the oldest place that had been acknowledged in time."""
    columns, rows = prepared.columns, prepared.acknowledged
    place, width = np.maximum(prepared.place[rows], INITIAL), columns.place_count + 4
    ended = Timeline(
        columns.end[rows],
        columns.key[rows],
        times=columns.start[reads] - patience,
        keys=columns.key[reads],
        key_count=prepared.key_count,
    )
    newest = ended.newest(place, width=width)
    low, high = (places[reads] for places in prepared.read_places)
    if bound.unit == "versions":
        behind_high = _versions_between(prepared, reads, high, newest)
        behind_low = _versions_between(prepared, reads, low, newest)
        fine = (behind_low <= bound.amount) & (low >= INITIAL)
        tally.add(reads, newest >= INITIAL, behind_high > bound.amount, fine)
        return
    # Of reads with one candidate, who is not behind the newest is not behind the oldest.
    certain = prepared.read_places[0] is prepared.read_places[1]
    oldest = newest if certain else ended.oldest(place, width=width)
    tally.add(reads, newest >= INITIAL, high < newest, low >= oldest)


def _versions_between(prepared: Prepared, reads: Ints, above: Ints, newest: Ints) -> Ints:
    """Count the acknowledged versions of each read's key above one place, up to another."""
    columns, rows = prepared.columns, prepared.acknowledged
    width = columns.place_count + 4
    slot = np.sort(columns.key[rows] * width + np.maximum(prepared.place[rows], INITIAL))
    base = columns.key[reads] * width
    counted: Ints = slot.searchsorted(base + newest, "right") - slot.searchsorted(base + above, "right")
    return counted


def _pairs(prepared: Prepared, reads: Ints, patience: int) -> tuple[Ints, Ints]:
    """Return every acknowledged write that ended in time for each read, and the read.

    Raises `OutOfBudget`.
    """
    columns, rows = prepared.columns, prepared.acknowledged
    rows = rows[np.lexsort((columns.end[rows], columns.key[rows]))]
    keys = np.arange(prepared.key_count)
    first = columns.key[rows].searchsorted(keys, "left")
    # Ends as ranks, so that key and time fit in one integer.
    ends, width = np.sort(columns.end[rows]), len(rows) + 1
    slot = columns.key[rows] * width + ends.searchsorted(columns.end[rows], "left")
    key = columns.key[reads]
    early = ends.searchsorted(columns.start[reads] - patience, "left")
    begin, stop = first[key], slot.searchsorted(key * width + early, "left")
    counts = stop - begin
    total = int(counts.sum())
    if total > MANY_PAIRS:
        raise OutOfBudget("too many pairs to compare without positions")
    within = np.arange(total) - np.repeat(counts.cumsum() - counts, counts)
    return rows[np.repeat(begin, counts) + within], np.repeat(reads, counts)


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
