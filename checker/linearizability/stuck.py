"""The few operations of a register that show that it is not linearizable.

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

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from checker.history import Operation
from checker.history.columns import FOREVER
from checker.linearizability.budget import Meter
from checker.linearizability.deepening import attempt
from checker.linearizability.register import pose_register
from checker.values import identity

_WORK = 300_000
"""Operations to search, each counted by its size, before we take what we have."""
_CONFIGURATIONS = 200_000
_WIDTH = 64


@dataclass(frozen=True, slots=True)
class Stuck:
    """Operations that have no order, by their numbers, and the one that cannot be placed."""

    operations: tuple[int, ...]
    stuck: int


def find_stuck(operations: Sequence[Operation], stuck: int) -> Stuck:
    """Return few operations that have no order.

    `operations` of one register, `ok` or `info`, in the order of invocation, have none up to the return of
    number `stuck`.
    """
    end = _end(operations[stuck])
    strings = [number for number, operation in enumerate(operations) if _shows_strings(operation)]
    if strings:
        end = max(end, operations[strings[0]].start)
    prefix = [number for number, operation in enumerate(operations) if operation.start <= end]
    parts = _Parts(operations, prefix)
    best = Stuck(tuple(prefix), stuck)
    size = 8
    while size < len(prefix):
        part = parts.closed(parts.window(stuck, size))
        found = parts.stuck(part)
        if found is not None:
            best = Stuck(tuple(sorted(part)), found)
            break
        size *= 2
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

    def __init__(self, operations: Sequence[Operation], prefix: list[int]) -> None:
        self._operations = operations
        self._prefix = prefix
        # What was under way at the end of the prefix may have found what was written after it.
        until = max(_end(operation) for number in prefix if (operation := operations[number]).status == "ok")
        seen = [number for number, operation in enumerate(operations) if operation.start <= until]
        self._grows = any(operations[number].op == "append" for number in seen)
        self._strings = self._grows and any(map(_shows_strings, operations))
        self._writers = [number for number in seen if operations[number].op != "read"]
        written = [operations[number] for number in self._writers]
        self._others = any(one.op != "append" and not _grows(_written(one)) for one in written)
        self._texts = any(isinstance(one.value, str) for one in written)
        self._makers: dict[int, list[int]] = {}
        self._by_value: dict[Any, list[int]] = {}
        for number in self._writers:
            self._by_value.setdefault(identity(_written(operations[number])), []).append(number)
        self._meter = Meter(most=_CONFIGURATIONS)
        self._work = 0
        self._items: dict[int, set[Hashable]] = {}

    def window(self, stuck: int, size: int) -> set[int]:
        """Return what went on since the last so many operations started, and the open ones they may need."""
        operations = self._operations
        since = min(operations[self._prefix[-size]].start, operations[stuck].start)
        part = {number for number in self._prefix if _end(operations[number]) >= since}
        open_ones = {number for number in part if operations[number].start < since and self._is_open(number)}
        part -= open_ones
        needed = {maker for number in part for maker in self._made_by(number)}
        return part | (open_ones & needed)

    def closed(self, part: set[int]) -> set[int]:
        """Take out of a part the reads that miss one of those that may have made what they found."""
        operations = self._operations
        while True:
            replacing = [
                (_end(operations[number]), operations[number].start)
                for number in part
                if operations[number].op in ("write", "delete", "cas")
            ]
            lost = [number for number in part if self._misses(number, part, replacing)]
            if not lost:
                return part
            part.difference_update(lost)

    def spent(self) -> bool:
        """Whether it is enough: what we have is shown as it is."""
        return self._work > _WORK or self._meter.count > _CONFIGURATIONS

    def stuck(self, part: set[int]) -> int | None:
        """Return the operation that is stuck in a part, None if there is none or we do not know."""
        self._work += sum(_size(self._operations[number]) for number in part)
        if not part or self.spent():
            return None
        numbers = sorted(part)
        part_of = [self._operations[number] for number in numbers]
        if self._strings and not any(map(_shows_strings, part_of)):
            return None  # without a read that says so, what is appended would be items of a list
        finding = attempt(pose_register(part_of), self._meter, width=_WIDTH)
        return numbers[finding.stuck] if finding.stuck is not None else None

    def _misses(self, number: int, part: set[int], replacing: list[tuple[int, int]]) -> bool:
        missing = [maker for maker in self._made_by(number) if maker not in part]
        if not missing:
            return False
        start_of_reader = self._operations[number].start
        replaced = max((start for end, start in replacing if end < start_of_reader), default=-inf)
        return any(_end(self._operations[maker]) >= replaced for maker in missing)

    def _made_by(self, number: int) -> list[int]:
        """Return the operations that may have made what a read or compare-and-set found."""
        makers = self._makers.get(number)
        if makers is None:
            reader = self._operations[number]
            makers = []
            if reader.op == "append":
                makers = self._made_appendable(number)
            elif reader.op in ("read", "cas"):
                found = reader.expected if reader.op == "cas" else reader.value
                among = self._writers if self._grows else self._by_value.get(identity(found), [])
                makers = [
                    maker
                    for maker in among
                    if self._operations[maker].start <= _end(reader)
                    and self._is_in(self._operations[maker], number, found)
                ]
            self._makers[number] = makers
        return makers

    def _made_appendable(self, number: int) -> list[int]:
        """Return the operations that may have made what another one could be appended to.

        None where nothing else is about. What is no string can't be appended to a string, so that it matters
        what was appended before.
        """
        operations, appender = self._operations, self._operations[number]
        text = isinstance(appender.value, str)
        if not self._others and (text or not self._texts):
            return []
        return [
            maker
            for maker in self._writers
            if maker != number
            and operations[maker].start <= _end(appender)
            and (not text if operations[maker].op == "append" else _grows(_written(operations[maker])))
        ]

    def _is_in(self, writer: Operation, reader: int, found: Any) -> bool:
        """Whether what a reader found may be, or have come of, what an operation wrote or appended."""
        written = _written(writer)
        if writer.op != "append":
            return _begins(found, written)
        if isinstance(found, str):
            return isinstance(written, str) and written in found
        if not isinstance(found, (list, tuple)):
            return False
        if reader not in self._items:
            self._items[reader] = set(map(identity, found))
        return identity(written) in self._items[reader]

    def _is_open(self, number: int) -> bool:
        return self._operations[number].status == "info"


def _end(operation: Operation) -> int:
    return operation.end if operation.status == "ok" and operation.end is not None else FOREVER


def _shows_strings(operation: Operation) -> bool:
    return operation.op == "read" and isinstance(operation.value, str)


def _grows(value: Any) -> bool:
    """Whether something can be appended to a value."""
    return value is None or isinstance(value, (str, list, tuple))


def _written(operation: Operation) -> Any:
    return None if operation.op == "delete" else operation.value


def _begins(found: Any, written: Any) -> bool:
    """Whether a value is one that was written, or may have grown from it."""
    if isinstance(found, str):
        return written is None or (isinstance(written, str) and found.startswith(written))
    if isinstance(found, (list, tuple)):
        return written is None or (
            isinstance(written, (list, tuple)) and identity(list(found[: len(written)])) == identity(written)
        )
    return identity(written) == identity(found)


def _size(operation: Operation) -> int:
    """What an operation adds to a search: lists are compared item by item, with each that was appended."""
    if isinstance(operation.value, (list, tuple)):
        return 1 + 8 * len(operation.value)
    return 1 + (len(operation.value) // 8 if isinstance(operation.value, str) else 0)
