"""Lists that are only appended to, each item once.

Where some operations are looked at without the others, what the others appended can be cut out of such lists:
an order of the whole, cut down in this way, is one of the part. It need not be cut out of what had been read
before the others started: that they did not append.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec.structs import replace

from checker.history import Operation
from checker.sequential.deeds import deeds_of, end_of
from checker.values import identity

Items: TypeAlias = Mapping[str, Mapping[Hashable, int]]
"""By key and identity the items that were appended: when the operation started that did."""


def lists_in(operations: Sequence[Operation]) -> Items:
    """Return what was appended to the keys that are only appended to, each item once."""
    items: dict[str, dict[Hashable, int]] = {}
    others: set[str] = set()
    for operation in operations:
        for deed in deeds_of(operation):
            if deed.word == "append":
                of_key, item = items.setdefault(deed.key, {}), identity(deed.value)
                if item in of_key:
                    others.add(deed.key)
                of_key[item] = operation.start
            elif deed.word == "write" or isinstance(deed.value, str):
                others.add(deed.key)
    return {key: of_key for key, of_key in items.items() if key not in others}


def cut(operations: Sequence[Operation], items: Items) -> list[Operation]:
    """Return operations that found what these appended, and nothing of what others may have.

    `items` are those of the whole; what nobody appended stays.
    """
    mine = {
        (deed.key, identity(deed.value))
        for operation in operations
        for deed in deeds_of(operation)
        if deed.word == "append"
    }
    if sum(map(len, items.values())) == sum(key in items for key, _ in mine):
        return list(operations)

    def left(operation: Operation, key: str, found: Any) -> Any:
        starts = items.get(key)
        if not starts or not isinstance(found, (list, tuple)):
            return found
        end = end_of(operation)
        named = ((item, identity(item)) for item in found)
        return [
            item for item, same in named if (key, same) in mine or same not in starts or starts[same] > end
        ] or None

    def left_of(operation: Operation) -> Operation:
        if operation.op == "read":
            return replace(operation, value=left(operation, operation.key or "", operation.value))
        if operation.op != "txn":
            return operation
        ops = operation.ops or ()
        return replace(
            operation,
            ops=[
                [word, key, left(operation, key, value) if word == "r" else value] for word, key, value in ops
            ],
        )

    return [left_of(operation) for operation in operations]
