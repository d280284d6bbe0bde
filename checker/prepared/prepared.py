"""What all guarantees need of a history, worked out once.

Theory of operation: who wrote and who read; what each read may have returned; which keys' versions are
ordered by positions alone. Most guarantees are then running maxima of places over groups of rows. What
needs more (keys without positions, the causal past) is in `versions` and `causality`, and is worked out
only if asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np

from checker.history import History
from checker.history.columns import APPEND, CAS, FAIL, NOT_SAID, OK, READ, TXN, Bools, Ints
from checker.orders.candidates import NO_ONE, SEVERAL, Candidates, find_candidates
from checker.orders.causality import Causality
from checker.orders.ordering import Numbers, in_order, short_enough
from checker.orders.versions import VersionOrder
from checker.prepared.scan import LogScan, Scan
from checker.prepared.sweep import sweep, sweep_log
from checker.prepared.unfolded import unfold

BELOW_ALL = -1
"""The oldest place of an illegal read: not even the initial version is surely as old."""


class Prepared:
    """A history, prepared for judging.

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
        self.writes: Ints = (is_write & (status != 1)).nonzero()[0]
        self.acknowledged: Ints = self.ok_write.nonzero()[0]
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
    def positioned_key(self) -> Bools:
        """Which keys' versions are ordered by positions: all acknowledged writes of the key have one."""
        columns = self.columns
        positioned = np.zeros(self.key_count, dtype=np.bool_)
        positioned[columns.key[self.acknowledged]] = True
        lacking = (self.ok_write & (columns.place == NOT_SAID)).nonzero()[0]
        positioned[columns.key[lacking]] = False
        return positioned

    @cached_property
    def unplaced(self) -> Ints:
        """Rows of writes that took effect and have no place, of keys whose positions count."""
        rows: Ints = (self.took & (self.candidates.places == NOT_SAID)).nonzero()[0]
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
        """Return which operations are of the keys that are set; a transaction is of none."""
        return np.append(keys, False)[self.columns.key]

    @cached_property
    def place(self) -> Ints:
        """The place of each version, by row; that of the initial version is `INITIAL`."""
        return self.candidates.places

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
    def all_acknowledged(self) -> bool:
        """Whether every write that took effect was acknowledged."""
        return int(np.count_nonzero(self.took)) == len(self.acknowledged)

    @cached_property
    def swaps(self) -> bool:
        """Whether there is a compare-and-set, a row that may both read and write."""
        return bool((self.columns.kind == CAS).any())

    @cached_property
    def ambiguous(self) -> Bools:
        """Which `ok` reads have several candidates, or none."""
        return self.ok_read & (self.candidates.source[:-1] < 0)

    @cached_property
    def in_time(self) -> bool:
        """Whether the rows come in the order of their start."""
        start = self.columns.start
        return bool((start[1:] >= start[:-1]).all())

    @cached_property
    def session_key(self) -> tuple[Numbers, int]:
        """The number of each row's session and key, and a number above all of those."""
        columns = self.columns
        count = columns.session_count * (self.key_count + 1)
        group = columns.session.astype(short_enough(count))
        group *= self.key_count + 1
        group += columns.key.astype(group.dtype)
        group += 1
        return group, count

    @cached_property
    def by_session_key(self) -> tuple[Ints, Numbers]:
        """Rows of each session and key in the order of time, and the number of each row's group."""
        group, count = self.session_key
        if self.in_time:
            return in_order(group, count)
        order = self.columns.by_session
        ranks, ordered = in_order(group[order], count)
        return order[ranks], ordered

    @cached_property
    def linear_key(self) -> Bools:
        """Which keys' operations are linearizable in the order of places; not all that are, are known."""
        return sweep(self)

    @cached_property
    def steady_key(self) -> Bools:
        """Which keys' operations never go back to a place below one that had ended before.

        Known only of keys that are linearizable in the order of places, and of operations that do one thing.
        """
        if self.swaps or self.unfolded is not None:
            return np.zeros(self.key_count, dtype=np.bool_)
        return self.linear_key

    @cached_property
    def linear(self) -> bool:
        """Whether all operations together are known to be linearizable in the order of places.

        Keys that each are make a whole that is (Herlihy & Wing, 1990): one order of everything, which agrees
        with every session, with who read from whom, and with the places.
        """
        return bool(self.steady_key[self.columns.key[self.written]].all()) and not self.ambiguous.any()

    @cached_property
    def steady_log(self) -> bool:
        """Whether no write of the one log stands below a place at which something had ended before.

        Known only where each read has one candidate, each version a place, and each operation does one thing.
        """
        known = self.one_log and not self.swaps and self.unfolded is None and bool(self.ranked_key.all())
        return known and not self.ambiguous.any() and sweep_log(self)

    @cached_property
    def in_log(self) -> Bools:
        """Which keys' versions are ordered by positions in a log, not by what lists say."""
        if not self.derived_keys:
            return self.positioned_key
        in_log: Bools = self.positioned_key.copy()
        in_log[sorted(self.derived_keys)] = False
        return in_log

    @cached_property
    def operation_of(self) -> Ints:
        """The row of each row's operation in the whole history."""
        return np.arange(self.size) if self.unfolded is None else self.unfolded.whole

    @cached_property
    def all_positioned(self) -> bool:
        """Whether the positions of all keys count."""
        return bool(self.in_log.all())

    @cached_property
    def scan(self) -> Scan:
        """The ranked keys' rows by session and key."""
        return Scan(self)

    @cached_property
    def log_scan(self) -> LogScan:
        """The rows by session, for places that compare across keys."""
        return LogScan(self)

    @cached_property
    def has_partial(self) -> bool:
        """Whether some key is not ranked, so that its order must be inferred."""
        return bool(len(self.partial_reads) or (self.ok_write & ~self.ranked).any())

    @cached_property
    def partial_reads(self) -> Ints:
        """Rows of `ok` reads of keys that are not ranked."""
        return (self.ok_read & ~self.ranked).nonzero()[0]

    @cached_property
    def causality(self) -> Causality:
        """The causal past of every write: (session-order ∪ reads-from)⁺. Raises `OutOfBudget`."""
        return Causality(self)

    @cached_property
    def versions(self) -> VersionOrder:
        """The order of the versions of keys that are not ranked. Raises `OutOfBudget`."""
        return VersionOrder(self)

    @cached_property
    def appended_key(self) -> Bools:
        """Which keys are appended to by operations of their own."""
        return self._keys_of(APPEND)

    @cached_property
    def transacted_key(self) -> Bools:
        """Which keys transactions read or write."""
        return self._keys_of(TXN)

    def _keys_of(self, kind: int) -> Bools:
        keys = np.zeros(self.key_count, dtype=np.bool_)
        if self.unfolded is not None:
            whole = self.whole.columns
            of_kind = (whole.kind == kind) & (whole.status != FAIL)
            keys[self.columns.key[of_kind[self.unfolded.whole]]] = True
        return keys

    @cached_property
    def derived_key(self) -> Bools:
        """Which keys have places that were read off lists."""
        derived = np.zeros(self.key_count, dtype=np.bool_)
        derived[sorted(self.derived_keys)] = True
        return derived

    def _keys_named(self, names: Collection[str]) -> frozenset[int]:
        return frozenset(key for key, name in enumerate(self.columns.key_names) if name in names)

    def is_part(self, row: int) -> bool:
        """Whether a row is a part of a transaction."""
        return self.unfolded is not None and bool(self.whole.columns.kind[self.unfolded.whole[row]] == TXN)

    def versions_of(self, read: int) -> tuple[int, ...]:
        """Return the candidates of an `ok` read, empty for an illegal one."""
        source = int(self.candidates.source[read])
        if source == SEVERAL:
            return self.candidates.several[read]
        return () if source == NO_ONE else (source,)

    def in_session_order(self, before: int, after: int) -> bool:
        """Whether one operation precedes another in their session."""
        columns = self.columns
        return bool(columns.session[before] == columns.session[after]) and self.in_real_time(before, after)

    def in_real_time(self, before: int, after: int) -> bool:
        """Whether one operation had ended, `ok`, before another started that did not fail."""
        columns = self.columns
        if columns.status[before] != OK or columns.status[after] == 1:
            return False
        return bool(columns.end[before] < columns.start[after])


def _needs_unfolding(history: History) -> bool:
    kind = history.columns.kind
    return bool(len(kind)) and int(kind.max()) >= APPEND
