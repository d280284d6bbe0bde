"""The four session guarantees (Terry et al., Session Guarantees for Weakly Consistent Replicated Data, 1994).

Each compares an operation with those before it in its session. Where versions have places, the newest and
the oldest place before it decide: some pair is violated if the newest is above what the operation has,
and some pair is fine if the oldest is not. Elsewhere pairs are compared one by one.
"""

from __future__ import annotations

import numpy as np

from checker.checks.pairs import Keep, batches_of_pairs, partial_pairs, preceded
from checker.checks.tally import Outcome, Tally, Witness
from checker.history.columns import CAS, Bools, Ints
from checker.orders.candidates import SEVERAL
from checker.prepared import Prepared

FEW = 200
"""Operations up to which comparing all pairs is quicker than finding out which matter."""
MANY_COMPARED = 1_000_000_000
"""Pairs of reads that we are willing to compare without positions: some ten seconds."""


def read_your_writes(prepared: Prepared, limit: int) -> Outcome:
    """Judge `read-your-writes`: a read sees the session's own writes before it."""
    tally = Tally(prepared)
    vacuous = "no session read a key that it had written"
    if len(prepared.acknowledged) and len(prepared.reads):
        scan = prepared.scan
        scan.compare(tally, later=scan.reads, earlier=scan.acknowledged)
        if prepared.has_partial:
            writes, reads = partial_pairs(prepared, prepared.ok_write, prepared.ok_read, Keep.ENDS)
            every, some = prepared.versions.compare(reads, writes, ones_read=True)
            tally.add_pairs(writes, reads, every, ~some)

    def witness(read: int) -> Witness:
        newest = prepared.read_places[1][read]
        return (_last_before(prepared, read, prepared.ok_write & (prepared.place[:-1] > newest)), read)

    return tally.outcome(limit=limit, vacuous=vacuous, witness=witness)


def monotonic_reads(prepared: Prepared, limit: int) -> Outcome:
    """Judge `monotonic-reads`: a read never returns an older version than an earlier one of the session."""
    tally = Tally(prepared)
    if len(prepared.reads) > 1:
        scan = prepared.scan
        scan.compare(tally, later=scan.reads, earlier=scan.reads)
        if prepared.has_partial:
            _read_again(prepared, tally)

    def witness(read: int) -> Witness:
        low, high = prepared.read_places
        return (_last_before(prepared, read, prepared.ok_read & (low > high[read])), read)

    return tally.outcome(limit=limit, vacuous="no session read one key twice", witness=witness)


def _read_again(prepared: Prepared, tally: Tally) -> None:
    """Compare reads with those before them where the order is not that of places.

    What an earlier read of one candidate returned is in the causal past of a later one. So only a read that
    missed something of its causal past can be violated by it, which mostly none did.
    """
    reads = prepared.ok_read & ~prepared.ranked
    single = reads & ~prepared.ambiguous
    several = reads & (prepared.candidates.source[:-1] == SEVERAL)
    suspects = single & prepared.versions.overtaken if prepared.size > FEW else single
    for earlier, later in ((several, single | several), (single, several), (single, suspects)):
        for first, second in batches_of_pairs(prepared, earlier, later, Keep.DISTINCT, most=MANY_COMPARED):
            every, some = prepared.versions.compare(second, first, ones_read=True, others_read=True)
            tally.add_pairs(first, second, every, ~some)
    tally.paired[preceded(prepared, reads, reads)] = True
    again = preceded(prepared, single, single)
    tally.fine[again[~tally.violated[again]]] = True


def monotonic_writes(prepared: Prepared, limit: int) -> Outcome:
    """Judge `monotonic-writes`: a session's writes are ordered as it made them."""
    tally = Tally(prepared)
    if len(prepared.acknowledged) and len(prepared.writes) > 1:
        scan = prepared.log_scan if prepared.one_log else prepared.scan
        scan.compare(tally, later=scan.writes, earlier=scan.acknowledged)
        if prepared.has_partial:
            first, second = partial_pairs(prepared, prepared.ok_write, prepared.took[:-1], _latest(prepared))
            every, some = _write_before(prepared, second, first, others_read=False)
            tally.add_pairs(first, second, every, ~some)

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
        reads = scan.read_writes()
        certain = reads.only(~prepared.ambiguous[reads.rows]) if len(prepared.unclear) else None
        scan.compare(tally, later=scan.writes, earlier=reads, certain=certain)
        if prepared.has_partial:
            counts = prepared.ok_read & (prepared.candidates.source[:-1] != prepared.initial)
            first, second = partial_pairs(prepared, counts, prepared.took[:-1], _latest(prepared))
            every, some = _write_before(prepared, second, first, others_read=True)
            tally.add_pairs(first, second, every, ~some & ~prepared.ambiguous[first])

    def witness(write: int) -> Witness:
        above = prepared.ok_read & (prepared.read_places[0] > prepared.place[write])
        return (_last_before(prepared, write, above, any_key=prepared.one_log), write)

    vacuous = "no session wrote, where the order is known, after a read of another write"
    return tally.outcome(limit=limit, vacuous=vacuous, witness=witness)


def _write_before(
    prepared: Prepared, writes: Ints, earlier: Ints, *, others_read: bool
) -> tuple[Bools, Bools]:
    """Compare writes with what was written, or read, before them in their session."""
    if _goes_back(prepared) or len(prepared.unplaced):
        return prepared.versions.compare(writes, earlier, others_read=others_read)
    # Nothing leads back in time, so no later write can be in the past of an earlier one.
    nothing = np.zeros(len(writes), dtype=np.bool_)
    return nothing, nothing


def _goes_back(prepared: Prepared) -> bool:
    reading_cas = prepared.ok_read & (prepared.columns.kind == CAS)
    return bool(reading_cas.any()) and prepared.causality.backward


def _latest(prepared: Prepared) -> Keep:
    """One earlier operation is as good as all where no pair can be violated."""
    return Keep.ALL if _goes_back(prepared) else Keep.LATEST


def _last_before(prepared: Prepared, row: int, counts: Bools, *, any_key: bool = False) -> int:
    """Return the last row that counts before `row` in its session, of its key unless `any_key`."""
    columns = prepared.columns
    order = columns.by_session
    at = int((order == row).nonzero()[0][0])
    before = order[:at]
    good = counts[before] & (columns.session[before] == columns.session[row])
    if any_key:
        good &= prepared.positioned_key[columns.key[before]]
    else:
        good &= columns.key[before] == columns.key[row]
    return int(before[good.nonzero()[0][-1]])
