"""The four session guarantees (Terry et al., Session Guarantees for Weakly Consistent Replicated Data, 1994).

Each compares an operation with those before it in its session. Where versions have places, the newest and
the oldest place before it decide: some pair is violated if the newest is above what the operation has,
and some pair is fine if the oldest is not. Elsewhere pairs are compared one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from checker.candidates import OutOfBudget
from checker.columns import CAS, Bools
from checker.prepared import Prepared
from checker.scan import NOTHING
from checker.tally import Outcome, Tally, Witness

MANY_PAIRS = 3_000_000
"""Pairs without places that we are willing to compare."""


def read_your_writes(prepared: Prepared, limit: int) -> Outcome:
    """Judge `read-your-writes`: a read sees the session's own writes before it."""
    tally = Tally(prepared)
    vacuous = "no session read a key that it had written"
    if len(prepared.acknowledged) and len(prepared.reads):
        scan = prepared.scan
        if scan.useful:
            newest, oldest = scan.newest_write, scan.oldest_write
            low, high = scan.read_low, scan.read_high
            tally.add(scan.order, scan.reads & (newest > NOTHING), high < newest, low >= oldest)
        if prepared.has_partial:
            pairs = _partial_pairs(prepared, prepared.ok_write, prepared.ok_read, _ends)
            every, some = prepared.versions.compare(
                [prepared.versions_of(read) for _, read in pairs], [(write,) for write, _ in pairs]
            )
            tally.add_pairs(pairs, every, ~some)

    def witness(read: int) -> Witness:
        newest = prepared.read_places[1][read]
        return (_last_before(prepared, read, prepared.ok_write & (prepared.place[:-1] > newest)), read)

    return tally.outcome(limit=limit, vacuous=vacuous, witness=witness)


def monotonic_reads(prepared: Prepared, limit: int) -> Outcome:
    """Judge `monotonic-reads`: a read never returns an older version than an earlier one of the session."""
    tally = Tally(prepared)
    if len(prepared.reads) > 1:
        scan = prepared.scan
        if scan.useful:
            low, high = scan.read_low, scan.read_high
            newest, oldest = scan.newest(low, scan.reads), scan.oldest(high, scan.reads)
            tally.add(scan.order, scan.reads & (newest > NOTHING), high < newest, low >= oldest)
        if prepared.has_partial:
            pairs = _partial_pairs(prepared, prepared.ok_read, prepared.ok_read, _distinct)
            every, some = prepared.versions.compare(
                [prepared.versions_of(later) for _, later in pairs],
                [prepared.versions_of(earlier) for earlier, _ in pairs],
            )
            tally.add_pairs(pairs, every, ~some)

    def witness(read: int) -> Witness:
        low, high = prepared.read_places
        return (_last_before(prepared, read, prepared.ok_read & (low > high[read])), read)

    return tally.outcome(limit=limit, vacuous="no session read one key twice", witness=witness)


def monotonic_writes(prepared: Prepared, limit: int) -> Outcome:
    """Judge `monotonic-writes`: a session's writes are ordered as it made them."""
    tally = Tally(prepared)
    if len(prepared.acknowledged) and len(prepared.writes) > 1:
        scan = prepared.log_scan if prepared.one_log else prepared.scan
        if scan.useful:
            newest, oldest = scan.newest_write, scan.oldest_write
            tally.add(scan.order, scan.took & (newest > NOTHING), scan.place < newest, scan.place >= oldest)
        if prepared.has_partial:
            pairs = _partial_pairs(prepared, prepared.ok_write, prepared.took[:-1], _last_unless_backward)
            every, some = _write_before(prepared, pairs, [(earlier,) for earlier, _ in pairs])
            tally.add_pairs(pairs, every, ~some)

    def witness(write: int) -> Witness:
        above = prepared.ok_write & (prepared.place[:-1] > prepared.place[write])
        return (_last_before(prepared, write, above, any_key=prepared.one_log), write)

    vacuous = "no session wrote twice where the order of the two is known"
    return tally.outcome(limit=limit, vacuous=vacuous, witness=witness)


def writes_follow_reads(prepared: Prepared, limit: int) -> Outcome:
    """Judge `writes-follow-reads`: a session's write is ordered after what it had read."""
    tally = Tally(prepared)
    if len(prepared.reads) and len(prepared.writes):
        scan = prepared.log_scan if prepared.one_log else prepared.scan
        # A read of the initial version follows no write.
        counts = prepared.ok_read & (prepared.candidates.source[:-1] != prepared.initial)
        if scan.useful:
            low, reads = scan.read_low, scan.reads & counts[scan.order]
            newest, oldest = (
                scan.newest(low, reads),
                scan.oldest(low, reads & ~prepared.ambiguous[scan.order]),
            )
            tally.add(scan.order, scan.took & (newest > NOTHING), scan.place < newest, scan.place >= oldest)
        if prepared.has_partial:
            pairs = _partial_pairs(prepared, counts, prepared.took[:-1], _last_unless_backward)
            every, some = _write_before(prepared, pairs, [prepared.versions_of(read) for read, _ in pairs])
            doubtful = prepared.ambiguous[[read for read, _ in pairs]] if pairs else some
            tally.add_pairs(pairs, every, ~some & ~doubtful)

    def witness(write: int) -> Witness:
        above = prepared.ok_read & (prepared.read_places[0] > prepared.place[write])
        return (_last_before(prepared, write, above, any_key=prepared.one_log), write)

    vacuous = "no session wrote, where the order is known, after a read of another write"
    return tally.outcome(limit=limit, vacuous=vacuous, witness=witness)


def _write_before(
    prepared: Prepared, pairs: list[Witness], earlier: list[tuple[int, ...]]
) -> tuple[Bools, Bools]:
    """Compare the write that ends each pair with versions that came before it in the session."""
    if _goes_back(prepared) or len(prepared.unplaced):
        return prepared.versions.compare([(write,) for _, write in pairs], earlier)
    # Nothing leads back in time, so no later write can be in the past of an earlier one.
    return np.zeros(len(pairs), dtype=np.bool_), np.array([not some for some in earlier], dtype=np.bool_)


def _goes_back(prepared: Prepared) -> bool:
    reading_cas = prepared.ok_read & (prepared.columns.kind == CAS)
    return bool(reading_cas.any()) and prepared.versions.order.backward


Keep = Callable[[Prepared, list[int]], list[int]]


def _ends(prepared: Prepared, rows: list[int]) -> list[int]:
    """The past of a session's writes only grows: the first and the last say it all where it is inferred."""
    if prepared.positioned_key[prepared.columns.key[rows[0]]]:
        return rows
    return rows if len(rows) < 3 else [rows[0], rows[-1]]


def _distinct(prepared: Prepared, rows: list[int]) -> list[int]:
    """Of several reads that may have returned the same versions the first says what all say."""
    first: dict[tuple[int, ...], int] = {}
    for row in rows:
        first.setdefault(prepared.versions_of(row), row)
    return list(first.values())


def _last_unless_backward(prepared: Prepared, rows: list[int]) -> list[int]:
    if prepared.positioned_key[prepared.columns.key[rows[0]]] or _goes_back(prepared):
        return rows
    doubtful = [row for row in rows if prepared.ambiguous[row]]
    clear = [row for row in rows if not prepared.ambiguous[row]]
    return doubtful[-1:] + clear[-1:]


@dataclass(slots=True)
class _Earlier:
    """What came earlier in one session and key, and what is kept of it."""

    rows: list[int]
    kept: list[int]
    fresh: bool = False


def _partial_pairs(prepared: Prepared, earlier: Bools, later: Bools, keep: Keep) -> list[Witness]:
    """List the pairs of one session and one key that has no complete order of places."""
    order, group = prepared.by_session_key
    wanted = ((earlier | later) & ~prepared.ranked)[order].nonzero()[0]
    pairs: list[Witness] = []
    current, before = -1, _Earlier([], [])
    is_earlier, is_later = earlier.tolist(), later.tolist()
    ok, ends = prepared.ok.tolist(), prepared.columns.end
    for row, number in zip(order[wanted].tolist(), group[wanted].tolist(), strict=True):
        if number != current:
            current, before = number, _Earlier([], [])
        if is_later[row] and before.rows:
            if before.fresh:
                before.kept, before.fresh = keep(prepared, before.rows), False
            pairs.extend((one, row) for one in before.kept if ends[one] < prepared.columns.start[row])
            if len(pairs) > MANY_PAIRS:
                raise OutOfBudget("too many pairs to compare without positions")
        if is_earlier[row] and ok[row]:
            before.rows.append(row)
            before.fresh = True
    return pairs


def _last_before(prepared: Prepared, row: int, counts: Bools, *, any_key: bool = False) -> int:
    """Return the last row that counts before `row` in its session, of its key unless `any_key`."""
    columns = prepared.columns
    order = columns.by_session
    at = int((order == row).nonzero()[0][0])
    before = order[:at]
    good = counts[before] & (columns.session[before] == columns.session[row])
    if any_key:
        good &= prepared.positioned_key[columns.key[before]] & (columns.key[before] >= 0)
    else:
        good &= columns.key[before] == columns.key[row]
    return int(before[good.nonzero()[0][-1]])
