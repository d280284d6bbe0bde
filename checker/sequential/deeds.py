"""What an operation does, taken apart: it finds values, writes some, and appends others; and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from checker.history import Operation
from checker.history.columns import FOREVER

Word: TypeAlias = Literal["find", "write", "append"]
_WORDS: dict[str, Word] = {"r": "find", "w": "write", "append": "append"}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that an operation does to a key: it finds, writes or appends a value."""

    word: Word
    key: str
    value: Any


def deeds_of(operation: Operation) -> tuple[Deed, ...]:
    """Return what an operation does, in order, as far as it says so.

    What an open operation returned is not known; but an open compare-and-set took effect on nothing else
    than what it expected.
    """
    key = operation.key or ""
    match operation.op:
        case "txn":
            deeds = [Deed(_WORDS[word], of, value) for word, of, value in operation.ops or ()]
        case "cas":
            return Deed("find", key, operation.expected), Deed("write", key, operation.value)
        case "read":
            deeds = [Deed("find", key, operation.value)]
        case "append":
            deeds = [Deed("append", key, operation.value)]
        case _:
            deeds = [Deed("write", key, None if operation.op == "delete" else operation.value)]
    return tuple(deed for deed in deeds if operation.status == "ok" or deed.word != "find")


def end_of(operation: Operation) -> int:
    """Return until when an operation may take effect."""
    return operation.end if operation.status == "ok" and operation.end is not None else FOREVER


def writes_in(deeds: Iterable[Deed]) -> list[str]:
    """Return the keys that a write leaves nothing in of what was there."""
    return [deed.key for deed in deeds if deed.word == "write"]
