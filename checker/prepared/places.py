"""Who wrote and who read what, and which keys' places order their versions.

Theory of operation: each read gets the writes that it may have returned; a write took effect if it was
acknowledged or read. Where all acknowledged writes of a key have a position, positions order its versions;
where all that took effect have one, nothing else does, and the key is ranked.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np

from checker.history import History
from checker.history.columns import APPEND, CAS, FAIL, NOT_SAID, OK, READ, Bools, Ints
from checker.orders.candidates import NO_ONE, SEVERAL, Candidates, find_candidates
from checker.prepared.unfolded import unfold

BELOW_ALL = -1
"""The oldest place of an illegal read: not even the initial version is surely as old."""


class Placed:
    """A history of reads and writes, with what each wrote or may have returned.

    `whole` is the history as it was given; `history` and `columns` are of its reads and writes, one row
    each, also of those that are parts of a transaction (`unfolded`). `opaque_keys` are not judged,
    `derived_keys` have places that were read off lists and not in a log. `initial`, one past the last row,
    is the row of the initial version, so every array over versions has one entry more than there are
    rows. `real_time_writes` overrides what the header says.
    """

    def __init__(self, history: History, *, real_time_writes: bool | None = None) -> None:
        self.whole = history
        self.unfolded = unfold(history) if _needs_unfolding(history) else None
        if self.unfolded is not None:
            history = self.unfolded.history
        self.history = history
        self.columns = columns = history.columns
        self.size = self.initial = columns.size
        self.one_log = history.header.one_log
        self.real_time_writes = (
            history.header.real_time_writes if real_time_writes is None else real_time_writes
        )
        kind, status = columns.kind, columns.status
        self.opaque_keys = self._keys_named(self.unfolded.opaque if self.unfolded else ())
        self.derived_keys = self._keys_named(self.unfolded.derived if self.unfolded else ())
        ok = status == OK
        is_write = kind < READ
        is_read = (kind == READ) | (kind == CAS)
        if self.opaque_keys:
            plain = ~np.isin(columns.key, sorted(self.opaque_keys))
            is_write &= plain
            is_read &= plain
        self.ok: Bools = ok
        self.is_write: Bools = is_write
        self.ok_write: Bools = is_write & ok
        self.ok_read: Bools = is_read & ok
        self.reads: Ints = self.ok_read.nonzero()[0]
        self.acknowledged: Ints = self.ok_write.nonzero()[0]
        perhaps = is_write & (status != FAIL)
        self.writes: Ints = (
            self.acknowledged if np.array_equal(perhaps, self.ok_write) else perhaps.nonzero()[0]
        )
        self.key_count = len(columns.key_names)
        self.memory_limit = 4_000_000_000
        self.deadline: float | None = None
        """When to stop searching, as a time of `perf_counter`."""

    @cached_property
    def candidates(self) -> Candidates:
        """What each read may have read; raises `OutOfBudget`."""
        parts = self.unfolded is not None
        return find_candidates(self.columns, self.reads, self.writes, parts=parts)

    @cached_property
    def took(self) -> Bools:
        """Which writes took effect: `ok`, or `info` and read by someone. One entry more than operations."""
        took = np.append(self.ok_write, False)
        if self.unfolded is not None:
            took[self.unfolded.proved] = True
        if len(self.writes) == len(self.acknowledged):
            return took
        took[self.read_from[self.read_from >= 0]] = True
        for choice in self.candidates.several.values():
            took[list(choice)] = True
        took[self.initial] = False
        return took

    @cached_property
    def written(self) -> Ints:
        """Rows of the writes that took effect."""
        return self.acknowledged if self.all_acknowledged else self.took[:-1].nonzero()[0]

    @cached_property
    def read_from(self) -> Ints:
        """The source of each of the `ok` reads."""
        return self.candidates.source[self.reads]

    @cached_property
    def all_acknowledged(self) -> bool:
        """Whether every write that took effect was acknowledged."""
        return int(np.count_nonzero(self.took)) == len(self.acknowledged)

    @cached_property
    def acknowledged_place(self) -> Ints:
        """The place of each acknowledged write by its own position."""
        return self.columns.place[self.acknowledged]

    @cached_property
    def positioned_key(self) -> Bools:
        """Which keys' versions are ordered by positions: all acknowledged writes of the key have one."""
        columns = self.columns
        positioned = np.zeros(self.key_count, dtype=np.bool_)
        positioned[columns.key[self.acknowledged]] = True
        lacking = self.acknowledged[self.acknowledged_place == NOT_SAID]
        positioned[columns.key[lacking]] = False
        return positioned

    @cached_property
    def in_log(self) -> Bools:
        """Which keys' versions are ordered by positions in a log, not by what lists say."""
        if not self.derived_keys:
            return self.positioned_key
        in_log: Bools = self.positioned_key.copy()
        in_log[sorted(self.derived_keys)] = False
        return in_log

    @cached_property
    def all_positioned(self) -> bool:
        """Whether the positions of all keys count."""
        return bool(self.in_log.all())

    @cached_property
    def unplaced(self) -> Ints:
        """Rows of writes that took effect and have no place, of keys whose positions count."""
        rows: Ints = self.written[self.written_place == NOT_SAID]
        if not len(rows):
            return rows
        unplaced: Ints = rows[self.positioned_key[self.columns.key[rows]]]
        return unplaced

    @cached_property
    def ranked_key(self) -> Bools:
        """Which keys' versions all have a place: the order is the order of places, and nothing else."""
        if not len(self.unplaced):
            return self.positioned_key
        ranked: Bools = self.positioned_key.copy()
        ranked[self.columns.key[self.unplaced]] = False
        return ranked

    @cached_property
    def ranked(self) -> Bools:
        """Which operations are of a ranked key."""
        return self.positioned if not len(self.unplaced) else self._of_keys(self.ranked_key)

    @cached_property
    def positioned(self) -> Bools:
        """Which operations are of a key whose positions count."""
        return self._of_keys(self.positioned_key)

    def _of_keys(self, keys: Bools) -> Bools:
        """Return which operations are of the keys that are set."""
        return np.ones(self.size, dtype=np.bool_) if keys.all() else keys[self.columns.key]

    @cached_property
    def place(self) -> Ints:
        """The place of each version, by row; that of the initial version is `INITIAL`."""
        return self.candidates.places

    @cached_property
    def written_place(self) -> Ints:
        """The place of each of the writes that took effect."""
        return self.place[self.written]

    @cached_property
    def read_places(self) -> tuple[Ints, Ints]:
        """For each `ok` read of a ranked key the oldest and newest place that it may have returned.

        An illegal read spans all places, so that every pair with it is ambiguous. Where every read has one
        candidate both are one array.
        """
        source = self.candidates.source[:-1]
        newest = self.place[source]  # NO_ONE and SEVERAL index some entry; both are put right below
        illegal = source == NO_ONE
        illegal &= self.ok_read
        if not illegal.any() and not self.candidates.several:
            return newest, newest
        oldest = newest.copy()
        if illegal.any():
            oldest[illegal] = BELOW_ALL
            newest[illegal] = self.columns.place_count + 1
        for read, choice in self.candidates.several.items():
            places = self.place[list(choice)]
            oldest[read], newest[read] = places.min(), places.max()
        return oldest, newest

    @cached_property
    def unclear(self) -> Ints:
        """Rows of the `ok` reads that have several candidates, or none."""
        return self.reads[self.read_from < 0]

    @cached_property
    def ambiguous(self) -> Bools:
        """Which operations are such reads."""
        ambiguous = np.zeros(self.size, dtype=np.bool_)
        ambiguous[self.unclear] = True
        return ambiguous

    def versions_of(self, read: int) -> tuple[int, ...]:
        """Return the candidates of an `ok` read, empty for an illegal one."""
        source = int(self.candidates.source[read])
        if source == SEVERAL:
            return self.candidates.several[read]
        return () if source == NO_ONE else (source,)

    @cached_property
    def swaps(self) -> bool:
        """Whether there is a compare-and-set, a row that may both read and write."""
        return bool((self.columns.kind == CAS).any())

    @cached_property
    def operation_of(self) -> Ints:
        """The row of each row's operation in the whole history."""
        return np.arange(self.size) if self.unfolded is None else self.unfolded.whole

    def _keys_named(self, names: Collection[str]) -> frozenset[int]:
        return frozenset(key for key, name in enumerate(self.columns.key_names) if name in names)


def _needs_unfolding(history: History) -> bool:
    kind = history.columns.kind
    return bool(len(kind)) and int(kind.max()) >= APPEND
