"""What each read may have read: the writes of its key with the value that it returned.

GUARANTEES, "What a read read". Where positions are given, or values are unique, all reads are matched at
once by binary search; only reads with several writes of one value to choose from are looked at one by
one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checker.history.columns import CAS, INITIAL, NOT_SAID, Bools, Codes, Columns, Ints
from checker.values import NULL

NO_ONE = -1
"""The source of an illegal read: nobody can have written what it returned."""
SEVERAL = -2
"""The source of an ambiguous read: its candidates are listed in `Candidates.several`."""

TOO_MANY = 20_000_000
"""Candidates of ambiguous reads that we are willing to look at."""


class OutOfBudget(Exception):
    """A judgement needs more time or memory than it may take; the message says which."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of the `ok` reads.

    `source` has one entry per operation: the row of the only candidate; the number of operations stands
    for the initial version; `NO_ONE` and `SEVERAL`. It means nothing for what is no `ok` read. `several`
    lists the candidates of ambiguous reads, the initial version first, then in the order of their
    invocation. `places` holds the place of each write, also of one that has it only from the `version` of
    a read of it, and last that of the initial version.
    """

    source: Ints
    several: dict[int, tuple[int, ...]]
    places: Ints


def find_candidates(
    columns: Columns, reads: Ints, writes: Ints, *, by_version: bool = True, parts: bool = False
) -> Candidates:
    """Return the candidates of `reads` (rows of `ok` reads) among `writes` (rows of `ok` or `info` writes).

    With `by_version` false what the reads say of their version is not looked at, as for a judge who sees
    values only. `parts` says that several rows may be of one operation. Raises `OutOfBudget`.
    """
    initial = columns.size
    source = np.full(initial + 1, NO_ONE, dtype=np.int64)
    places = np.append(columns.place, INITIAL)
    several: dict[int, tuple[int, ...]] = {}
    found = Candidates(source, several, places)
    if not len(reads):
        return found
    returned = read_values(columns)[reads]
    null = returned == NULL
    version = columns.version[reads] if by_version else np.full(len(reads), NOT_SAID, dtype=np.int64)
    unsaid = version == NOT_SAID
    writers = _Writers(columns, writes, columns.key[reads], returned)
    only, count = writers.only, writers.count

    undecided = count > 0
    nothing = null & (version == INITIAL)
    undecided &= ~nothing
    # One write of that value: it is the candidate, unless time or its place says no.
    single = undecided & (count == 1)
    single &= ~(null & unsaid)
    place = places[only]
    fits = _others_in_time(columns, only, reads, parts=parts)
    fits &= (place == version) | (place == NOT_SAID) | unsaid
    fits &= single
    source[reads] = only if fits.all() else np.where(fits, only, NO_ONE)
    undecided &= ~single
    nothing |= null & unsaid & (count == 0)
    source[reads[nothing]] = initial
    fits &= place == NOT_SAID
    if fits.any():
        _place_from_version(places, only[fits], version[fits])
    placed = undecided & (version > INITIAL)
    if np.count_nonzero(placed) > 16:
        _match_positions(columns, reads, returned, version, writes, placed, undecided, source, parts=parts)
    rest = undecided.nonzero()[0]
    if len(rest):
        if count[rest].sum() > TOO_MANY:
            raise OutOfBudget("too many writes of one value")
        for at in rest.tolist():
            read = int(reads[at])
            choice = _choose(columns, read, int(version[at]), writers.group(at), bool(null[at]))
            if len(choice) == 1:
                source[read] = choice[0]
                if choice[0] != initial:
                    _place_from_version(places, np.array(choice), version[at : at + 1])
            elif choice:
                source[read] = SEVERAL
                several[read] = tuple(choice)
    return found


def read_values(columns: Columns) -> Ints:
    """Return, for each operation, the number of the value that it read: a cas reads what it expected."""
    swaps = columns.kind == CAS
    return np.where(swaps, columns.expected, columns.value) if swaps.any() else columns.value


class _Writers:
    """Who wrote which value to which key, asked for many reads at once.

    Most values are written once, if at all, so that one table finds their writers. Values that were written
    several times are looked for among those writes alone, sorted by key and value and then by their start.
    `only` is the writer of each read's value, if `count` says that there is one.
    """

    def __init__(self, columns: Columns, writes: Ints, keys: Ints, values: Ints) -> None:
        written = columns.value[writes]
        writer = np.full(columns.value_count, -1, dtype=np.int64)
        writer[written] = writes
        self.only: Ints = writer[values]
        found = (self.only >= 0) & (columns.key[self.only] == keys)
        self.count: Ints | Codes = found.view(np.int8)
        self._asked: Ints = np.zeros(0, dtype=np.int64)
        if np.count_nonzero(writer >= 0) == len(writes):
            return
        self.count = found.astype(np.int64)
        times = np.bincount(written, minlength=columns.value_count)
        shared = writes[times[written] > 1]
        slot = columns.key[shared] * columns.value_count + columns.value[shared]
        order = np.lexsort((columns.start[shared], slot))
        self._writes, slot = shared[order], slot[order]
        self._asked = (times[values] > 1).nonzero()[0]
        wanted = keys[self._asked] * columns.value_count + values[self._asked]
        self._low = slot.searchsorted(wanted, "left")
        self.count[self._asked] = slot.searchsorted(wanted, "right") - self._low
        self.only[self._asked] = self._writes[np.minimum(self._low, len(shared) - 1)]

    def group(self, at: int) -> list[int]:
        """Return all writers of the value of one read, by its number in the question."""
        where = int(self._asked.searchsorted(at))
        if where == len(self._asked) or self._asked[where] != at:
            return [int(self.only[at])]
        low = int(self._low[where])
        group: list[int] = self._writes[low : low + int(self.count[at])].tolist()
        return group


def _others_in_time(columns: Columns, writes: Ints, reads: Ints, *, parts: bool) -> Bools:
    """Return which writes are of another operation than the read, and did not start after it ended."""
    fits: Bools = (columns.index[writes] != columns.index[reads]) if parts else (writes != reads)
    if (columns.start[1:] >= columns.start[:-1]).all():
        # Who comes sooner in the file started sooner: only the others need to be looked at.
        below = (writes > reads).nonzero()[0]
        fits[below] &= columns.start[writes[below]] <= columns.end[reads[below]]
    else:
        fits &= columns.start[writes] <= columns.end[reads]
    return fits


def _place_from_version(places: Ints, writes: Ints, version: Ints) -> None:
    """Give writes without position the place that a read of them says; of several, the first one's."""
    lacking = (places[writes] == NOT_SAID) & (version > INITIAL)
    if lacking.any():
        places[writes[lacking][::-1]] = version[lacking][::-1]


def _match_positions(
    columns: Columns,
    reads: Ints,
    returned: Ints,
    version: Ints,
    writes: Ints,
    placed: Bools,
    undecided: Bools,
    source: Ints,
    *,
    parts: bool,
) -> None:
    """Match many reads of repeated values at once, by the place that each one names."""
    width = columns.place_count + 2
    by_place = (columns.key[writes] * columns.value_count + columns.value[writes]) * width
    by_place += columns.place[writes] + 1
    order = by_place.argsort(kind="stable")
    by_place, writes = by_place[order], writes[order]
    sought = (columns.key[reads[placed]] * columns.value_count + returned[placed]) * width
    sought += version[placed] + 1
    low = by_place.searchsorted(sought, "left")
    one = by_place.searchsorted(sought, "right") - low == 1
    readers = reads[placed][one]
    candidate = writes[low[one]]
    fits = _others_in_time(columns, candidate, readers, parts=parts)
    source[readers[fits]] = candidate[fits]
    undecided[placed.nonzero()[0][one][fits]] = False


def _choose(columns: Columns, read: int, version: int, group: list[int], null: bool) -> list[int]:
    end = columns.end[read]
    index = columns.index[read]
    group = [write for write in group if columns.index[write] != index and columns.start[write] <= end]
    if version == NOT_SAID:
        return [columns.size, *group] if null else group
    there = [write for write in group if columns.place[write] == version] if version > INITIAL else []
    return there or [write for write in group if columns.place[write] == NOT_SAID]
