"""The few operations that show that an object is not linearizable: a register, or several together.

Some operations can be left out of a history without making it look worse than it is. In an order of the
whole, each read (and compare-and-set) finds what the last write before it left, with what was appended since,
and each append what can be appended to. If the parts of a history keep, for each of these that is kept, all
operations that may have made what it found, then an order of the whole, cut down to the part, is one of the
part; so if the part has none, nor has the whole. A writer is not missed where one that is kept had surely
replaced what it wrote.

What contradicts a read is near it in time. So the part begins with what was going on shortly before the
operation that is stuck, and grows until it has no order; then all that it can do without is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, TypeAlias

from checker.history import Operation
from checker.search.budget import Meter
from checker.sequential.deeds import Deed, end_of, writes_in
from checker.sequential.growing import strings_in
from checker.sequential.lists import Items
from checker.sequential.makers import Makers

_WORK = 300_000
"""Operations to search, each counted by its size, before we take what we have."""
CONFIGURATIONS = 200_000
"""Configurations to look at before that, of small states."""

StuckIn: TypeAlias = Callable[[Sequence[Operation], Meter], int | None]
"""Returns the number of the one of some operations that is stuck; None if there is none, or none is known.

The meter counts the configurations that are looked at for it.
"""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Operations that have no order, by their numbers, and the one that cannot be placed."""

    operations: tuple[int, ...]
    stuck: int


def find_stuck(
    operations: Sequence[Operation],
    stuck: int,
    stuck_in: StuckIn,
    *,
    items: Items,
    most: int = CONFIGURATIONS,
) -> Stuck:
    """Return few operations that have no order.

    `operations` of one object, `ok` or `info`, in the order of invocation, have none up to the return of
    number `stuck`. `stuck_in` is asked of some of them, as long as it looks at `most` configurations.
    What is found in lists of these `items` is cut down to what is there, so that nothing can be missed.
    """
    end = end_of(operations[stuck])
    shown: set[str] = set()
    for operation in operations:
        if more := strings_in(operation) - shown:
            end = max(end, operation.start)
            shown |= more
    prefix = [number for number, operation in enumerate(operations) if operation.start <= end]
    # What was under way at the end of the prefix may have found what was written after it.
    until = max(end_of(operations[number]) for number in prefix if operations[number].status == "ok")
    seen = [number for number, operation in enumerate(operations) if operation.start <= until]
    parts = _Parts(operations, Makers(operations, seen, complete=items), stuck_in, items, most)
    best = Stuck(tuple(prefix), stuck)
    size = 8
    while size < len(prefix):
        part = parts.closed(parts.window(prefix, stuck, size))
        found = parts.stuck(part)
        if found is not None:
            best = Stuck(tuple(sorted(part)), found)
            break
        size *= 2
    return _least(parts, best)


def find_stuck_among(
    operations: Sequence[Operation],
    contradictions: Iterable[Iterable[int]],
    stuck_in: StuckIn,
    meter: Meter,
    *,
    written: Mapping[int, Any],
) -> Stuck | None:
    """Return few operations that have no order: of one that is known to, and who made what they found.

    `operations` are of one object, `ok` or `info`, in the order of invocation. What is known of some to be
    what they found as it was `written` has no other makers. None if all contradictions have an order, or none
    is known as far as the meter allows.
    """
    makers = Makers(operations, range(len(operations)), written=written)
    parts = _Parts(operations, makers, stuck_in, {}, CONFIGURATIONS)
    for some in contradictions:
        part = makers.closed(some)
        found = parts.search(part, meter)
        if found is not None:
            return _least(parts, Stuck(tuple(sorted(part)), found))
    return None


def _least(parts: _Parts, best: Stuck) -> Stuck:
    """Leave out what can be, first large pieces, then single operations."""
    chunk = len(best.operations) // 2
    while chunk:
        best = _leave_out(parts, best, chunk)
        chunk //= 2
    return best


def _leave_out(parts: _Parts, best: Stuck, chunk: int) -> Stuck:
    """Leave out what can be, so many operations at a time: what cannot, cannot be left out of less."""
    at = 0
    while at < len(best.operations) and not parts.spent():
        left = parts.closed(set(best.operations[:at] + best.operations[at + chunk :]))
        found = parts.stuck(left)
        if found is None:
            at += chunk
        else:
            best = Stuck(tuple(sorted(left)), found)
    return best


class _Parts:
    """Parts of a history: which are closed, and which have no order."""

    def __init__(
        self,
        operations: Sequence[Operation],
        makers: Makers,
        stuck_in: StuckIn,
        items: Items,
        most: int,
    ) -> None:
        self._operations = operations
        self._makers = makers
        self._stuck_in = stuck_in
        self._items = items
        self._most = most
        self._meter = Meter(most=most)
        self._work = 0

    def window(self, prefix: Sequence[int], stuck: int, size: int) -> set[int]:
        """Return what went on since the last so many operations of a prefix started.

        And the open ones before that they may need.
        """
        operations = self._operations
        since = min(operations[prefix[-size]].start, operations[stuck].start)
        part = {number for number in prefix if end_of(operations[number]) >= since}
        open_ones = {number for number in part if operations[number].start < since and self._is_open(number)}
        part -= open_ones
        needed = {maker for number in part for _, maker in self._makers.of(number)}
        return part | (open_ones & needed)

    def closed(self, part: set[int]) -> set[int]:
        """Take out of a part what misses one of those that may have made what it found."""
        operations = self._operations
        while True:
            replacing: dict[str, list[tuple[int, int]]] = {}
            for number in part:
                for key in writes_in(self._makers.deeds[number]):
                    lasted = end_of(operations[number]), operations[number].start
                    replacing.setdefault(key, []).append(lasted)
            lost = [number for number in part if self._misses(number, part, replacing)]
            if not lost:
                return part
            part.difference_update(lost)

    def spent(self) -> bool:
        """Whether it is enough: what we have is shown as it is."""
        return self._work > _WORK or self._meter.count > self._most

    def stuck(self, part: set[int]) -> int | None:
        """Return the operation that is stuck in a part, None if there is none or we do not know."""
        self._work += sum(_size(self._makers.deeds[number], self._items) for number in part)
        return None if self.spent() else self.search(part, self._meter)

    def search(self, part: set[int], meter: Meter) -> int | None:
        """Return the same, however long it takes."""
        if not part or self._hides_strings(part):
            return None
        numbers = sorted(part)
        found = self._stuck_in([self._operations[number] for number in numbers], meter)
        return numbers[found] if found is not None else None

    def _hides_strings(self, part: set[int]) -> bool:
        """Whether strings grow in a key of a part, but no read of it says so: by itself it shows lists."""
        grows = self._makers.growing
        keys = {deed.key for number in part for deed in self._makers.deeds[number]}
        shown = {key for number in part for key in strings_in(self._operations[number])}
        return any(grows.get(key) == "strings" for key in keys - shown)

    def _misses(self, number: int, part: set[int], replacing: dict[str, list[tuple[int, int]]]) -> bool:
        missing = [maker for maker in self._makers.of(number) if maker[1] not in part]
        if not missing:
            return False
        operations = self._operations
        begun = operations[number].start
        replaced = {
            key: max((start for end, start in replacing.get(key, ()) if end < begun), default=-inf)
            for key in {key for key, _ in missing}
        }
        return any(end_of(operations[maker]) >= replaced[key] for key, maker in missing)

    def _is_open(self, number: int) -> bool:
        return self._operations[number].status == "info"


def _size(deeds: Iterable[Deed], items: Items) -> int:
    """What an operation adds to a search: lists are compared item by item, with each that was appended.

    Not so much where most of them is cut out of the lists.
    """
    size = 1
    for deed in deeds:
        if isinstance(deed.value, str) or (deed.key in items and isinstance(deed.value, (list, tuple))):
            size += len(deed.value) // 8
        elif isinstance(deed.value, (list, tuple)):
            size += 8 * len(deed.value)
    return size
