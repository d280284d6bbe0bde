"""What one read says of one write: that it misses it, that it shows it, or nothing.

The definitions of `checker.fates`, pair by pair; what is judged by whole columns agrees with them.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import LIMIT, NOT_SAID, READ, Bools, Ints
from checker.orders.candidates import SEVERAL, OutOfBudget
from checker.prepared import Prepared
from checker.values import NULL

MANY_PAIRS = 20_000_000
"""Pairs of a version and a write that we are willing to compare."""


def silent_nulls(prepared: Prepared, reads: Ints) -> Bools:
    """Return which reads found nothing and do not say of what version."""
    columns = prepared.columns
    silent: Bools = (columns.version[reads] == NOT_SAID) & (columns.value[reads] == NULL)
    silent &= columns.kind[reads] == READ
    return silent


def compare_versions(prepared: Prepared, versions: Ints, writes: Ints) -> tuple[Bools, Bools]:
    """Return for each pair of a version and an acknowledged write of its key whether the version lacks the
    write, and whether it is the write or surely follows it.

    Raises `OutOfBudget`.
    """
    columns, order = prepared.columns, prepared.versions
    positioned = prepared.positioned_key[columns.key[writes]]
    written = versions != prepared.initial
    lacks = order.older(versions, writes)
    follows = (versions == writes) | order.older(writes, versions)
    one_place = positioned & written & (prepared.place[versions] == prepared.place[writes])
    follows |= one_place
    timed = (written & ~positioned).nonzero()[0]
    if len(timed):
        version, write = versions[timed], writes[timed]
        lacks[timed] |= prepared.ok[version] & (columns.end[version] < columns.start[write])
        follows[timed] |= columns.end[write] < columns.start[version]
    return lacks, follows & ~lacks


def compare_reads(prepared: Prepared, reads: Ints, writes: Ints) -> tuple[Bools, Bools]:
    """Return for each pair of an `ok` read and an acknowledged write of its key, that ended before the read
    began, whether the read misses the write, and whether it shows it.

    Raises `OutOfBudget`.
    """
    count = len(reads)
    source = prepared.candidates.source[reads]
    silent = silent_nulls(prepared, reads)
    misses, shows = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    clear = (source >= 0) & ~silent
    misses[clear], shows[clear] = compare_versions(prepared, source[clear], writes[clear])
    if silent.any():
        misses[silent] = ~null_explained(prepared, writes[silent])
    unclear = (silent | (source == SEVERAL)).nonzero()[0]
    if not len(unclear):
        return misses, shows
    choices = [
        written_by(prepared, read, mute)
        for read, mute in zip(reads[unclear].tolist(), silent[unclear].tolist(), strict=True)
    ]
    counts = np.array([len(choice) for choice in choices], dtype=np.int64)
    if int(counts.sum()) > MANY_PAIRS:
        raise OutOfBudget("too many pairs to compare what became of the writes")
    versions = np.array([version for choice in choices for version in choice], dtype=np.int64)
    pair = np.repeat(unclear, counts)
    lacks, follows = compare_versions(prepared, versions, writes[pair])
    lacking = np.bincount(pair[lacks], minlength=count)
    following = np.bincount(pair[follows], minlength=count)
    whole = np.bincount(pair, minlength=count)
    some = whole > 0
    misses |= some & ~silent & (lacking == whole)
    shows |= some & ~misses & (following == whole)
    return misses, shows


def null_explained(prepared: Prepared, writes: Ints) -> Bools:
    """Return for each acknowledged write whether some write of `null` explains that nothing was found.

    That is the write itself, one at a higher position, or, where the key or that write of `null` has no
    position, one that is `info` or did not end before the write started.
    """
    columns = prepared.columns
    key = columns.key[writes]
    newest = np.full(prepared.key_count, -1, dtype=np.int64)
    latest = np.full(prepared.key_count, -LIMIT, dtype=np.int64)
    nulls = prepared.writes[columns.value[prepared.writes] == NULL]
    placed = prepared.positioned_key[columns.key[nulls]] & (prepared.place[nulls] != NOT_SAID)
    rows = nulls[placed]
    np.maximum.at(newest, columns.key[rows], prepared.place[rows])
    rows = nulls[~placed]
    np.maximum.at(latest, columns.key[rows], columns.end[rows])
    explained: Bools = columns.value[writes] == NULL
    explained |= prepared.positioned_key[key] & (newest[key] > prepared.place[writes])
    explained |= latest[key] >= columns.start[writes]
    return explained


def written_by(prepared: Prepared, read: int, silent: bool) -> tuple[int, ...]:
    """Return the candidates of a read; of a `silent` one, that found nothing and says of no version, only the
    writes."""
    versions = prepared.versions_of(read)
    return tuple(version for version in versions if version != prepared.initial) if silent else versions
