"""What becomes of values that are appended to: longer strings, or longer lists.

A string that is appended to a string is joined to it; to a list, whatever is appended becomes one more
item. What is absent (null) is an empty string for strings if the key's reads return strings; else it is an
empty list, and an empty list is nothing else than what is absent. To anything else nothing can be appended.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from checker.history import Operation
from checker.sequential.deeds import deeds_of

Growing: TypeAlias = Literal["nothing", "lists", "strings"]
"""What grows in a key."""


def growing(operations: Iterable[Operation]) -> dict[str, Growing]:
    """Return what grows in each key that something is appended to."""
    grows: dict[str, Growing] = {}
    strings: set[str] = set()
    for operation in operations:
        grows.update((deed.key, "lists") for deed in deeds_of(operation) if deed.word == "append")
        strings |= strings_in(operation)
    return grows | {key: "strings" for key in strings if key in grows}


def strings_in(operation: Operation) -> set[str]:
    """Return the keys that an operation reads a string in."""
    if operation.op not in ("read", "txn"):
        return set()
    return {deed.key for deed in deeds_of(operation) if deed.word == "find" and isinstance(deed.value, str)}


def held(value: Any, grows: Growing) -> Any:
    """Return what a key holds that holds this value: null if that is no more than what is absent."""
    return None if grows == "lists" and isinstance(value, (list, tuple)) and not value else value


def appended(state: Any, item: Any, grows: Growing) -> tuple[bool, Any]:
    """Return whether an item can be appended to what a key holds, and what it holds then."""
    if isinstance(item, str) and (isinstance(state, str) or (state is None and grows == "strings")):
        return True, (state or "") + item
    if state is None or isinstance(state, (list, tuple)):
        return True, [*(state or ()), item]
    return False, state
