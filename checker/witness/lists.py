"""The part of a history that a violation among lists is: what others appended is cut out of what was read.

So it proves what the history does, though those are missing who appended the rest (`sequential.lists`).
"""

from __future__ import annotations

from collections.abc import Collection

from checker.history import History
from checker.sequential.deeds import deeds_of
from checker.sequential.lists import Items, cut


def part_of_lists(history: History, items: Items, indices: Collection[int]) -> History | None:
    """Return the history of operations with some indices; None if one did more than append to lists and read.

    `items` are those of the whole history.
    """
    rows = [row for row, index in enumerate(history.columns.index.tolist()) if index in indices]
    operations = [history.operation(row) for row in rows]
    for operation in operations:
        for deed in deeds_of(operation):
            if deed.word == "write" or (deed.key not in items and deed.value is not None):
                return None
    return History.from_operations(cut(operations, items), header=history.header)
