"""Which writes of a key a clock holds: how reads are compared with all they should have seen.

Theory of operation. A clock says how many operations of each session are in a past. A write is in it once the
clock counts up to the write, an `info` write once it counts up to one of its readers: these are the *entries*
of a key, each a session and a count. Whether a clock holds any write of a key above a rank is asked for all
reads at once: with the entries of each key from the highest rank down, the least count of each session so far
is a running minimum, one row of which is compared with one clock. That is O(sessions) for each entry and each
read, and goes through memory once, block by block.

Where ranks do not decide, entries are looked up one by one: those of one key and session, in the order of
their counts, are a *lane*. Along it the past grows from each acknowledged write to the next, so that the last
one within a clock is newer than whatever those before it are, and the first one older.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Bools, Ints
from checker.orders.candidates import OutOfBudget
from checker.orders.causality import Causality, Clocks
from checker.orders.groups import ranges
from checker.orders.ordering import in_order, order_by_number

if TYPE_CHECKING:
    from checker.prepared import Prepared

MANY_PAIRS = 20_000_000
"""Pairs of a read and a write that we are willing to compare one by one."""
_BLOCK = 8_192
_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class View:
    """What each of some reads should know: the clock `clocks[at]`, and `count` operations of one `session`.

    There is one entry per read in all but `clocks`.
    """

    reads: Ints
    clocks: Clocks
    at: Ints
    session: Ints
    count: Ints

    def only(self, chosen: Bools | Ints) -> View:
        """Return the view of some of the reads."""
        some = (self.at[chosen], self.session[chosen], self.count[chosen])
        return View(self.reads[chosen], self.clocks, *some)


class Visible:
    """The entries of the writes that took effect, key by key."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.causality: Causality = prepared.causality
        took = prepared.took[:-1]
        rows, unsettled = (took & prepared.ok).nonzero()[0], (took & ~prepared.ok).nonzero()[0]
        number, readers = self.causality.readers_of(unsettled)
        self.rows: Ints = np.concatenate((rows, unsettled[number]))
        """The write that each entry stands for."""
        causality = self.causality
        self.key: Ints = prepared.columns.key[self.rows]
        self.session: Ints = causality.session[np.concatenate((rows, readers))]
        self.count: Ints = np.concatenate((causality.upto[rows], causality.before[readers]))

    def any_within(self, view: View) -> Bools:
        """Return for each read whether its clock holds any write of its key."""
        found = np.zeros(len(view.reads), dtype=np.bool_)
        sessions = view.clocks.shape[1]
        bound = int(self.causality.upto.max()) + 1
        keys = self.prepared.columns.key[view.reads]
        # From the highest count on, so that the least one of each key and session is written last.
        slot = self.key * (bound + 1) + (bound - self.count)
        order = order_by_number(slot, self.prepared.key_count * (bound + 1))
        entry_key = self.key[order]
        questions, asked = in_order(keys, self.prepared.key_count)
        for part in _parts(0, self.prepared.key_count, sessions):
            first, stop = entry_key.searchsorted((part.start, part.stop), "left").tolist()
            least = np.full((part.stop - part.start, sessions), bound, dtype=np.int32)
            entries = order[first:stop]
            least[entry_key[first:stop] - part.start, self.session[entries]] = self.count[entries]
            begin, end = asked.searchsorted((part.start, part.stop), "left").tolist()
            for some in _parts(begin, end, sessions):
                mine = questions[some]
                here = view.only(mine)
                row = asked[some] - part.start
                reached: Bools = here.clocks[here.at] >= least[row]
                found[mine] = np.logical_or.reduce(reached, axis=1)
                found[mine] |= least[row, here.session] <= here.count
        return found

    def any_above(self, view: View, rank: Ints, threshold: Ints) -> Bools:
        """Return for each read whether its clock holds a write of its key with a rank above its threshold.

        `rank` has one entry per operation, at least 0; `threshold` one per read, at least -1.
        """
        found = np.zeros(len(view.reads), dtype=np.bool_)
        if not len(self.rows):
            return found
        width = int(rank[self.rows].max()) + 1
        slot = self.key * width + rank[self.rows]
        count = self.prepared.key_count * width + 1
        order, ordered = in_order(slot, count)
        order = order[::-1]
        keys = self.prepared.columns.key[view.reads]
        # Questions in the order of their slots, so that they are looked for from one end to the other.
        sought = keys * width + np.minimum(threshold + 1, width)
        questions, sought = in_order(sought, count)
        asked = len(slot) - ordered.searchsorted(sought[::-1], "left") - 1
        questions = questions[::-1]
        above = (asked >= 0) & (self.key[order[asked]] == keys[questions])
        questions, asked = questions[above], asked[above]
        bound = int(self.causality.upto.max()) + 1
        block = _block(bound)
        least: _Least | None = None
        for begin in range(0, len(order), block):
            part = order[begin : begin + block]
            first, last = asked.searchsorted((begin, begin + len(part)), "left").tolist()
            least = _Least(self, part, bound, least)
            for some in _parts(first, last, view.clocks.shape[1]):
                mine = questions[some]
                found[mine] = least.within(asked[some] - begin, view.only(mine))
        return found

    def last_within(self, view: View) -> tuple[Ints, Ints]:
        """Return pairs of the number of a read and a write of its key within its clock, the newest of each
        lane: the last acknowledged one, and the `info` ones after it."""
        return self._lanes(view, newest=True)

    def first_within(self, view: View) -> tuple[Ints, Ints]:
        """Return the same for the oldest of each lane: the `info` ones that come first, and the next."""
        return self._lanes(view, newest=False)

    def all_within(self, view: View) -> tuple[Ints, Ints]:
        """Return pairs of the number of a read and a write of its key within its clock, all of them.

        Raises `OutOfBudget`.
        """
        return self._lanes(view, newest=None)

    def _lanes(self, view: View, *, newest: bool | None) -> tuple[Ints, Ints]:
        lanes = _Lanes(self)
        pairs = [
            lanes.pairs(view.only(np.arange(part.start, part.stop)), part.start, newest)
            for part in _parts(0, len(view.reads), view.clocks.shape[1])
        ]
        if sum(len(numbers) for numbers, _ in pairs) > MANY_PAIRS:
            raise OutOfBudget("too many pairs to compare without positions")
        numbers, writes = (np.concatenate(some) for some in zip(*pairs, strict=True))
        return numbers, writes


class _Least:
    """The least count of each session among the entries of a key from the highest rank down to each.

    A later key's counts are shifted below those of the keys before it in the block, so that one running
    minimum does for all.
    """

    def __init__(self, visible: Visible, entries: Ints, bound: int, before: _Least | None) -> None:
        keys = visible.key[entries]
        self._last_key = int(keys[-1])
        shift = np.zeros(len(entries), dtype=np.int32)
        shift[1:] = (keys[1:] != keys[:-1]).cumsum()
        shift *= bound
        sessions = visible.causality.clocks.shape[1]
        least = np.full((len(entries), sessions), bound, dtype=np.int32)
        least[np.arange(len(entries)), visible.session[entries]] = visible.count[entries] - shift
        if before is not None and before._last_key == keys[0]:
            np.minimum(least[0], before._least[-1] + before._shift[-1], out=least[0])
        np.minimum.accumulate(least, axis=0, out=least)
        self._least: Clocks = least
        self._shift: NDArray[np.int32] = shift

    def within(self, asked: Ints, view: View) -> Bools:
        """Return for each read whether its clock reaches the least count of some session."""
        least = self._least[asked]
        least += self._shift[asked, None]
        reached: Bools = view.clocks[view.at] >= least
        found: Bools = np.logical_or.reduce(reached, axis=1)
        found |= least[np.arange(len(asked)), view.session] <= view.count
        return found


class _Lanes:
    """The entries of each key and session, in the order of their counts."""

    def __init__(self, visible: Visible) -> None:
        self._key = visible.prepared.columns.key
        self._sessions = visible.causality.clocks.shape[1]
        self._width = int(visible.causality.upto.max()) + 2
        lane = visible.key * self._sessions + visible.session
        slot = lane * self._width + visible.count
        count = visible.prepared.key_count * self._sessions * self._width
        order, self._slot = in_order(slot, count)
        self._rows = visible.rows[order]
        self._open = ~visible.prepared.ok[self._rows]

    def pairs(self, view: View, number: int, newest: bool | None) -> tuple[Ints, Ints]:
        """Return pairs of a read's number, counted from `number`, and a write of its key in its clock."""
        clocks = view.clocks[view.at].astype(np.int64)
        cells = np.arange(len(clocks)), view.session
        clocks[cells] = np.maximum(clocks[cells], view.count)
        lane = self._key[view.reads][:, None] * self._sessions + np.arange(self._sessions)
        first = self._slot.searchsorted(lane * self._width, "left")
        stop = self._slot.searchsorted(lane * self._width + clocks, "right")
        read, session = (first < stop).nonzero()
        first, stop = first[read, session], stop[read, session]
        if newest is None:
            return number + np.repeat(read, stop - first), self._rows[ranges(first, stop)]
        numbers: list[Ints] = []
        writes: list[Ints] = []
        at = stop - 1 if newest else first
        while len(at):
            numbers.append(number + read)
            writes.append(self._rows[at])
            going = self._open[at]
            going &= (at > first) if newest else (at < stop - 1)
            read, first, stop = read[going], first[going], stop[going]
            at = at[going] + (-1 if newest else 1)
        nothing = np.zeros(0, dtype=np.int64)
        return np.concatenate((nothing, *numbers)), np.concatenate((nothing, *writes))


def _block(bound: int) -> int:
    """Return how many entries go into a block: as many times `bound` must fit in 32 bits."""
    return max(1, min(_BLOCK, 2**31 // bound - 2))


def _parts(first: int, last: int, sessions: int) -> list[slice]:
    step = max(1, _CELLS // sessions)
    return [slice(begin, min(begin + step, last)) for begin in range(first, last, step)]
