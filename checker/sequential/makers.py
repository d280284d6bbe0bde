"""Who may have made what an operation found: by writing it, or by appending to what it grew from."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from checker.history import Operation
from checker.sequential.deeds import Deed, deeds_of, end_of
from checker.sequential.growing import Growing, growing, held
from checker.values import identity

Maker: TypeAlias = tuple[str, int]
"""The key that something was found in, and the number of the operation that may have made it."""


class Makers:
    """The makers among some operations, by their numbers; of keys that are `complete` nobody misses any.

    `written` is the value by which the makers of some operations are known: only who wrote it made what they
    found, and nobody misses who appended to it.
    """

    def __init__(
        self,
        operations: Sequence[Operation],
        numbers: Iterable[int],
        *,
        complete: Container[str] = (),
        written: Mapping[int, Any] | None = None,
    ) -> None:
        self._operations = operations
        self._written = written or {}
        self.deeds = [deeds_of(operation) for operation in operations]
        made: dict[str, list[tuple[int, Deed]]] = {}
        for number in numbers:
            for deed in self.deeds[number]:
                if deed.word != "find" and deed.key not in complete:
                    made.setdefault(deed.key, []).append((number, deed))
        self.growing: Mapping[str, Growing] = growing(operations)
        """What grows in each key that something is appended to."""
        self._keys = {key: _Key(deeds, grows=key in self.growing) for key, deeds in made.items()}
        self._found: dict[int, list[Maker]] = {}

    def of(self, number: int) -> list[Maker]:
        """Return the operations that may have made what one found, or what it appended to."""
        found = self._found.get(number)
        if found is None:
            latest = end_of(self._operations[number])
            found = self._found[number] = [
                (deed.key, maker)
                for deed in self.deeds[number]
                if deed.key in self._keys
                for maker in self._makers(number, self._keys[deed.key], deed)
                if self._operations[maker].start <= latest
            ]
        return found

    def closed(self, some: Iterable[int]) -> set[int]:
        """Return some operations, with all that may have made what they found, and so on."""
        part: set[int] = set()
        waiting = list(some)
        while waiting:
            number = waiting.pop()
            if number not in part:
                part.add(number)
                waiting += [maker for _, maker in self.of(number)]
        return part

    def _makers(self, number: int, key: _Key, deed: Deed) -> list[int]:
        return key.writers(self._written[number]) if number in self._written else key.makers(deed)


class _Key:
    """Who wrote and appended what to one key."""

    def __init__(self, made: list[tuple[int, Deed]], *, grows: bool) -> None:
        self._made = made
        self._grows = grows
        self._refuses_all = any(deed.word == "write" and not _can_grow(deed.value) for _, deed in made)
        self._refuses_some = any(isinstance(deed.value, str) for _, deed in made)
        self._by_value: dict[Hashable, list[int]] = {}
        for number, deed in made:
            self._by_value.setdefault(identity(deed.value), []).append(number)

    def writers(self, value: Any) -> list[int]:
        """Return who wrote what is held as a value."""
        return [
            maker
            for maker, done in self._made
            if done.word == "write" and identity(held(done.value, "lists")) == identity(value)
        ]

    def makers(self, deed: Deed) -> list[int]:
        """Return who may have made what somebody found or appended to."""
        if deed.word == "find":
            if not self._grows:
                return self._by_value.get(identity(deed.value), [])
            items = _items(deed.value)
            return [maker for maker, done in self._made if _is_in(done, deed.value, items)]
        return self._allowing(deed) if deed.word == "append" else []

    def _allowing(self, appending: Deed) -> list[int]:
        """Return who may have made what something could be appended to: none where it always can.

        What is no string can't be appended to a string, so that it matters what was appended before.
        """
        text = isinstance(appending.value, str)
        if not self._refuses_all and (text or not self._refuses_some):
            return []
        return [
            maker
            for maker, done in self._made
            if done is not appending and (not text if done.word == "append" else _can_grow(done.value))
        ]


def _is_in(done: Deed, found: Any, items: set[Hashable]) -> bool:
    """Whether what was found may be, or have come of, what was written or appended."""
    if done.word == "write":
        return _begins(found, done.value)
    if isinstance(found, str):
        return isinstance(done.value, str) and done.value in found
    return identity(done.value) in items


def _items(found: Any) -> set[Hashable]:
    return set(map(identity, found)) if isinstance(found, (list, tuple)) else set()


def _can_grow(value: Any) -> bool:
    """Whether something can be appended to a value."""
    return value is None or isinstance(value, (str, list, tuple))


def _begins(found: Any, written: Any) -> bool:
    """Whether a value is one that was written, or may have grown from it; nothing is as good as no list."""
    if isinstance(found, str):
        return written is None or (isinstance(written, str) and found.startswith(written))
    if isinstance(found, (list, tuple)):
        return written is None or (
            isinstance(written, (list, tuple)) and identity(list(found[: len(written)])) == identity(written)
        )
    return identity(held(written, "lists")) == identity(found)
