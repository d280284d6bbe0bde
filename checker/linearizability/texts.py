"""Who made what was read of a key that grows: what somebody had written, and the appends since.

Strings grow by other strings, lists by one item at a time. Where an item may be of several appends, mostly
one of them fits in time: none started after the read had ended, or after one further on had; and none ended
before one further back started, or a write that had ended when the read began.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Any, NamedTuple, TypeAlias

from checker.history import Operation
from checker.linearizability.apart import Piece, Text, take_apart
from checker.sequential.deeds import end_of
from checker.sequential.growing import Growing, held
from checker.values import identity


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A value that somebody wrote, or what was absent at first."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """What an append left of the version that it found."""

    append: int
    found: Version


Version: TypeAlias = Written | Grown
"""What a key held: what is one version may come as several values."""


class _Base(NamedTuple):
    """A value that was written: when the first write of it started, and when the last one ended."""

    version: Written
    since: float
    until: float


class Texts:
    """What one key held, and who made it.

    Its operations, of which those that write, append and read matter, are `ok` or `info`, in the order of
    invocation, and called by their numbers. `grows` is what grows in it.
    """

    def __init__(self, operations: Sequence[Operation], grows: Growing) -> None:
        self._operations, self._grows = operations, grows
        self.is_told = True
        """Whether something can be appended to all that was written, and each item is something."""
        self._appended: dict[Text, list[int]] = {}
        bases: dict[Hashable, _Base] = {None: _Base(Written(None), -inf, -inf)}
        texts: list[Text] = []
        writes: list[int] = []
        for number, operation in enumerate(operations):
            value = held(operation.value, grows)
            if operation.op == "append":
                item = self._text(operation.value if grows == "strings" else [operation.value])
                if item:
                    self._appended.setdefault(item, []).append(number)
                else:
                    self.is_told = False
            elif operation.op == "read":
                texts += [text] if (text := self._text(value)) is not None else []
            else:
                writes.append(number)
                value = value if operation.op == "write" else None
                base = bases.get(identity(value), _Base(Written(value), operation.start, -inf))
                bases[identity(value)] = base._replace(until=max(base.until, end_of(operation)))
        self._written: dict[Text, list[_Base]] = {}
        for base in bases.values():
            text = self._text(base.version.value)
            if text is not None:
                self._written.setdefault(text, []).append(base)
            else:
                self.is_told = False
        self._apart = take_apart(texts, self._written, self._appended)
        self._versions: dict[tuple[Written, Piece], Version | None] = {}
        writes.sort(key=lambda number: end_of(operations[number]))
        self._ends = [end_of(operations[number]) for number in writes]
        self._newest = list(accumulate(writes, max))

    def newest_before(self, read: int) -> int | None:
        """Return the write that started last of those that had ended when a read began; None if none had."""
        ended = bisect_left(self._ends, self._operations[read].start)
        return self._newest[ended - 1] if ended else None

    def found(self, read: int) -> list[Version] | None:
        """Return the versions that a read may have found: none if it cannot be; None if we do not know.

        Time is asked only where there are several: one may be impossible all the same.
        """
        operation = self._operations[read]
        value = held(operation.value, self._grows)
        text = self._text(value)
        if text is None:
            return []
        ways = [
            (base, piece)
            for start, piece in self._apart[text].items()
            for base in self._written[text[:start]]
            # What is absent is an empty text, too, and yet another value than an empty string.
            if start < len(text) or identity(base.version.value) == identity(value)
        ]
        newest = self.newest_before(read)
        since = -inf if newest is None else self._operations[newest].start
        versions: list[Version] = []
        for base, piece in ways:
            if len(ways) > 1 and base.until < since:
                continue
            if piece.several:
                return None
            version = self._version(base.version, piece)
            if version is not None:
                versions.append(version)
                continue
            makers = self._in_time(_items(piece), max(since, base.since), end_of(operation))
            if not all(makers):
                continue
            if any(len(several) > 1 for several in makers):
                return None
            versions.append(_grown(base.version, [maker for (maker,) in makers]))
        return versions

    def _text(self, value: Any) -> Text | None:
        """Return a value as a text; None if nothing can be appended to it, or not what grows."""
        if self._grows == "strings":
            return "" if value is None else value if isinstance(value, str) else None
        return tuple(map(identity, value or ())) if isinstance(value, (list, tuple, type(None))) else None

    def _version(self, base: Written, piece: Piece) -> Version | None:
        """Return the version that is made of some pieces; None if several may have appended one of them."""
        new: list[Piece] = []
        versions = self._versions
        while piece.before is not None and (base, piece) not in versions:
            new.append(piece)
            piece = piece.before
        version: Version | None = base if piece.before is None else versions[base, piece]
        for piece in reversed(new):
            makers = self._appended[piece.item]
            version = None if version is None or len(makers) > 1 else Grown(makers[0], version)
            versions[base, piece] = version
        return version

    def _in_time(self, items: list[Text], since: float, until: float) -> list[list[int]]:
        """Return for each of some items, one after another, the appends of it that fit between two times."""
        operations = self._operations
        makers = [self._appended[item] for item in items]
        starts = [operations[several[0]].start for several in makers]
        ends = [max(end_of(operations[number]) for number in several) for several in makers]
        latest = accumulate(starts, max, initial=since)
        earliest = [*accumulate(reversed(ends), min, initial=until)][::-1]
        return [
            [n for n in several if end_of(operations[n]) >= low and operations[n].start <= high]
            for several, low, high in zip(makers, latest, earliest, strict=False)
        ]


def _items(piece: Piece) -> list[Text]:
    """Return the items that end with a piece."""
    items = []
    while piece.before is not None:
        items.append(piece.item)
        piece = piece.before
    return items[::-1]


def _grown(version: Version, appends: Sequence[int]) -> Version:
    for append in appends:
        version = Grown(append, version)
    return version
