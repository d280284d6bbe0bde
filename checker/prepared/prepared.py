"""What all guarantees need of a history, worked out once.

Theory of operation: who wrote and who read what, and where places order the versions, is in `places`. Most
guarantees are then running maxima of places over groups of rows (`scan`), or nothing to look for (`sweep`).
What needs more (keys without positions, the causal past) is in `versions` and `causality`, and is worked out
only if asked for.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from checker.history.columns import APPEND, FAIL, OK, TXN, Bools, Ints
from checker.orders.causality import Causality
from checker.orders.ordering import Numbers, in_order, short_enough
from checker.orders.versions import VersionOrder
from checker.prepared.moments import Moments
from checker.prepared.places import Placed
from checker.prepared.scan import LogScan, Scan
from checker.prepared.sweep import sweep, sweep_log


class Prepared(Placed):
    """A history, prepared for judging."""

    @cached_property
    def in_time(self) -> bool:
        """Whether the rows come in the order of their start."""
        start = self.columns.start
        return bool((start[1:] >= start[:-1]).all())

    @cached_property
    def moments(self) -> Moments:
        """When operations were invoked, as ranks that may be lifted by key."""
        return Moments(self.columns, self.key_count, in_time=self.in_time)

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
        return bool(self.steady_key[self.columns.key[self.written]].all()) and not len(self.unclear)

    @cached_property
    def steady_log(self) -> bool:
        """Whether no write of the one log stands below a place at which something had ended before.

        Known only where each read has one candidate, each version a place, and each operation does one thing.
        """
        known = self.one_log and not self.swaps and self.unfolded is None and bool(self.ranked_key.all())
        return known and not len(self.unclear) and sweep_log(self)

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

    def is_part(self, row: int) -> bool:
        """Whether a row is a part of a transaction."""
        return self.unfolded is not None and bool(self.whole.columns.kind[self.unfolded.whole[row]] == TXN)

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
