"""Whether operations on lists have an order, where the lists tell their own: then nothing needs to be tried.

A list that is only appended to, each item once, was at all times a beginning of the longest that was read of
it. So it is known at which length an operation came that read the list, or that appended what was read; what
nobody saw was appended after the rest or, by an open operation, perhaps never. In each list, an operation
that appended comes after all that came at shorter lengths. With real time these are all the reasons for one
operation to precede another, so there is an order where they make no circle (Adya, Weak Consistency, 1999,
section 3.1; Kingsbury & Alvaro, Elle, VLDB 2020, section 4).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TypeAlias

from checker.history import Operation
from checker.sequential.deeds import deeds_of, end_of
from checker.sequential.growing import Growing
from checker.values import identity

Act: TypeAlias = tuple[str, bool, tuple[Hashable, ...]]
"""A key, whether it was appended to, and the item that was, or else the items that were read."""
Pair: TypeAlias = tuple[int, int]

_NO_LIST = object()
"""What stands for items in what is read that is no list: nobody appended that."""


class _NoOrderError(Exception):
    """The lists contradict themselves, or each other."""


def stuck_in(operations: Sequence[Operation], grows: Mapping[str, Growing]) -> int | None:
    """Return the operation up to whose return there is no order, the earliest; None if there is an order.

    `operations` on lists, each item of which is appended once, are `ok` or `info`, in order of invocation.
    `grows` says what is known to be a list: of other keys nothing but null can be read.
    """
    acts = [_acts(operation, grows) for operation in operations]
    starts = [operation.start for operation in operations]
    ends = [end_of(operation) for operation in operations]
    returning = sorted(range(len(operations)), key=lambda number: (ends[number], number))

    def has_none(returned: int) -> bool:
        """Return whether there is no order yet when so many have returned."""
        try:
            return not _Precedences(acts, set(returning[:returned])).sort(starts, ends)
        except _NoOrderError:
            return True

    if not has_none(len(returning)):
        return None
    return returning[bisect_left(range(len(returning)), True, key=lambda at: has_none(at + 1))]


def _acts(operation: Operation, grows: Mapping[str, Growing]) -> list[Act]:
    acts: list[Act] = []
    for deed in deeds_of(operation):
        items: tuple[Hashable, ...] = ()
        if deed.word == "append":
            items = (identity(deed.value),)
        elif isinstance(deed.value, (list, tuple)) and grows.get(deed.key) == "lists":
            items = tuple(map(identity, deed.value))
        elif deed.value is not None:
            items = (_NO_LIST,)
        acts.append((deed.key, deed.word == "append", items))
    return acts


@dataclass(slots=True)
class _List:
    """The order of a list's items, and who came when: at a length that they left as it was, or from one to
    another that they brought it to, or somewhere behind what was read."""

    order: tuple[Hashable, ...] = ()
    places: dict[Hashable, int] = field(default_factory=dict)
    appended: set[Hashable] = field(default_factory=set)
    readers: list[Pair] = field(default_factory=list)
    appenders: list[tuple[int, int, int]] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)

    def put_in_order(self) -> None:
        """Give the items that were read their places. Each was appended, and once."""
        self.places = {item: place for place, item in enumerate(self.order)}
        if len(self.places) < len(self.order) or not self.appended.issuperset(self.order):
            raise _NoOrderError

    def visit(self, number: int, acts: Iterable[Act], *, returned: bool) -> None:
        """Note what one operation did to the list; what it read counts once it has returned."""
        lengths: set[int] = set()
        appended = 0
        for _, appends, items in acts:
            if appends:
                lengths.update(self.places[item] - appended for item in items if item in self.places)
                appended += 1
            elif returned:
                if items != self.order[: len(items)]:
                    raise _NoOrderError
                lengths.add(len(items) - appended)
        for length in lengths:  # of several lengths it comes before itself
            if appended:
                self.appenders.append((length, length + appended, number))
            else:
                self.readers.append((length, number))
        if appended and not lengths:
            self.behind.append(number)

    def precedences(self, beyond: int) -> Iterable[Pair]:
        """Yield who precedes whom; `beyond` stands for the time when all was there that was read."""
        left_by: dict[int, int | None] = {0: None}
        taken_by: dict[int, int] = {}
        last = 0
        for first, after, number in sorted(self.appenders):
            if first != last:
                raise _NoOrderError
            left_by[after] = taken_by[first] = number
            last = after
        for length, number in self.readers:
            if length not in left_by:
                raise _NoOrderError
            before = left_by[length]
            if before is not None:
                yield before, number
            yield number, taken_by.get(length, beyond)
        for first, _, number in self.appenders:
            before = left_by[first]
            if before is not None:
                yield before, number
            yield number, beyond
        for number in self.behind:
            yield beyond, number


class _Precedences:
    """Which of some operations must precede which, because of what they read and appended.

    All may have taken effect: one that is open and unseen may as well have done so in the end.
    """

    def __init__(self, acts: Sequence[list[Act]], returned: set[int]) -> None:
        """Raise `_NoOrderError` if no order of a list is left."""
        lists: dict[str, _List] = {}
        for number, own in enumerate(acts):
            for key, appends, items in own:
                of_key = lists.setdefault(key, _List())
                if appends:
                    of_key.appended.update(items)
                elif number in returned and len(items) > len(of_key.order):
                    of_key.order = items
        for of_key in lists.values():
            of_key.put_in_order()
        for number, own in enumerate(acts):
            by_key: dict[str, list[Act]] = {}
            for act in own:
                by_key.setdefault(act[0], []).append(act)
            for key, on_key in by_key.items():
                lists[key].visit(number, on_key, returned=number in returned)
        self._followers: dict[int, list[int]] = {}
        self._leading: dict[int, int] = {}
        for at, of_key in enumerate(lists.values()):
            for before, after in of_key.precedences(~at):
                self._followers.setdefault(before, []).append(after)
                self._leading[after] = self._leading.get(after, 0) + 1

    def sort(self, starts: Sequence[int], ends: Sequence[int]) -> bool:
        """Return whether there is an order that is also true to real time (Kahn, 1962)."""
        left = sorted(range(len(ends)), key=ends.__getitem__, reverse=True)
        ready: list[Pair] = []
        free = [number for number in {*left, *self._followers} if number not in self._leading]
        placed: set[int] = set()
        while True:
            for number in free:  # it grows
                if number >= 0:
                    heappush(ready, (starts[number], number))
                else:
                    free += self._freed_by(number)
            if not ready:
                return len(placed) == len(ends)
            start, number = heappop(ready)
            while left[-1] in placed:
                left.pop()
            if start > ends[left[-1]]:
                return False
            placed.add(number)
            free = self._freed_by(number)

    def _freed_by(self, number: int) -> list[int]:
        """Return those that nothing else has to precede any more."""
        freed = []
        for follower in self._followers.get(number, ()):
            self._leading[follower] -= 1
            if not self._leading[follower]:
                freed.append(follower)
        return freed
