"""The objects that are judged each alone, for linearizability is local (Herlihy & Wing, 1990).

Mostly an object is one key. Keys that transactions tie together are one object, of which the transactions
are operations: that it is linearizable means that they are strictly serializable (Papadimitriou, The
Serializability of Concurrent Database Updates, 1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from checker.history import Operation
from checker.history.columns import FAIL, INFO, READ, Bools, Ints
from checker.linearizability.chains import stuck_in
from checker.prepared import Prepared
from checker.search.budget import Meter
from checker.search.deepening import attempt
from checker.search.problem import Pose
from checker.search.specification import Specification
from checker.sequential.deeds import deeds_of
from checker.sequential.growing import Growing, growing
from checker.sequential.lists import Items, cut, lists_in
from checker.sequential.register import pose_register, register
from checker.sequential.registers import pose_registers, registers

_WIDTH = 64
_BYTES_OF_STATE, _BYTES_OF_KEY, _BYTES_OF_ITEM = 500, 150, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """Some keys, what may be done with them, and what was: operations, and how to make a problem of some.

    `rows` holds one row of each operation, in the order of invocation. `grows` says what grows in each key,
    `items` are those of its lists (`lists`); `is_lists` says that it is nothing else, so that no order needs
    to be searched for (`chains`). `state_bytes` is about what one of its states takes in memory, where hardly
    one comes twice; else 0.
    """

    keys: Ints
    rows: Ints
    specification: Specification
    operations: list[Operation]
    pose: Pose
    grows: Mapping[str, Growing]
    items: Items
    is_lists: bool
    state_bytes: int

    @property
    def is_register(self) -> bool:
        """Whether it is one key that no transaction touches."""
        return not self.state_bytes

    def stuck_in(self, operations: Sequence[Operation], meter: Meter) -> int | None:
        """Return which of some operations is stuck; None if there is an order, or none is known."""
        if self.is_lists:
            return stuck_in(self.cut(operations), self.grows)
        return attempt(self.pose(operations), meter, width=_WIDTH).stuck

    def cut(self, operations: Sequence[Operation]) -> list[Operation]:
        """Return some operations as if what was read held what they appended, and nothing of others."""
        return cut(operations, self.items)

    def room(self, memory: int) -> int | None:
        """Return how many states there is room for, at least one; None where there are never many."""
        return max(1, memory // self.state_bytes) if self.state_bytes else None


def object_of(prepared: Prepared, keys: Ints) -> Object:
    """Return the object that some keys make. Also an append that failed says what its key is for."""
    rows = rows_of(prepared, keys)
    operations = _operations(prepared, rows)
    failed = _operations(prepared, _rows(prepared, keys, failed=True))
    grows = growing([*operations, *failed])
    items = lists_in(operations)
    deeds = [deed for operation in operations for deed in deeds_of(operation)]
    appends = {deed.key for deed in deeds if deed.word == "append"}
    is_lists = items.keys() >= appends and not any(deed.word == "write" for deed in deeds)
    if not prepared.transacted_key[keys].any():
        one: Growing = next(iter(grows.values()), "nothing")
        return Object(
            keys=keys,
            rows=rows,
            specification=register(grows=one),
            operations=operations,
            pose=partial(pose_register, grows=one),
            grows=grows,
            items=items,
            is_lists=is_lists,
            state_bytes=0,
        )
    items_appended = sum(deed.word == "append" for deed in deeds)
    return Object(
        keys=keys,
        rows=rows,
        specification=registers(grows),
        operations=operations,
        pose=partial(pose_registers, grows=grows, items=items),
        grows=grows,
        items=items,
        is_lists=is_lists,
        state_bytes=_BYTES_OF_STATE + _BYTES_OF_KEY * len(keys) + _BYTES_OF_ITEM * items_appended,
    )


def rows_of(prepared: Prepared, keys: Ints) -> Ints:
    """Return one row of each operation on some keys that may have done something, in order of invocation."""
    rows = _rows(prepared, keys, failed=False)
    return rows[prepared.columns.start[rows].argsort(kind="stable")]


def overwrites(prepared: Prepared, rows: Ints) -> bool:
    """Return whether something else than appends is among the operations of some rows."""
    operations = prepared.whole.operations
    return any(
        deed.word == "write"
        for row in prepared.operation_of[rows].tolist()
        for deed in deeds_of(operations[row])
    )


def _rows(prepared: Prepared, keys: Ints, *, failed: bool) -> Ints:
    """Return one row of each operation on some keys that failed, or that did not and says something."""
    columns = prepared.columns
    of_keys = np.zeros(prepared.key_count, dtype=np.bool_)
    of_keys[keys] = True
    idle = (columns.kind == READ) & (columns.status == INFO)
    status = prepared.whole.columns.status[prepared.operation_of]
    rows: Ints = (of_keys[columns.key] & ((status == FAIL) == failed) & ~idle).nonzero()[0]
    _, first = np.unique(prepared.operation_of[rows], return_index=True)
    return rows[first]


def _operations(prepared: Prepared, rows: Ints) -> list[Operation]:
    operations = prepared.whole.operations
    return [operations[row] for row in prepared.operation_of[rows].tolist()]


def tied_keys(prepared: Prepared, keys: Bools) -> list[Ints]:
    """Return the keys of each object that is set in `keys`, and that transactions are operations of."""
    transacted = prepared.transacted_key
    if not (transacted & keys).any():
        return []
    import networkx as nx  # type: ignore[import-untyped]  # it ships no types; only transactions need it

    tied = nx.Graph()
    tied.add_nodes_from(transacted.nonzero()[0].tolist())
    operation, key = prepared.operation_of, prepared.columns.key
    parts = (prepared.whole.columns.status[operation] != FAIL).nonzero()[0]
    together = operation[parts[1:]] == operation[parts[:-1]]
    pairs = np.stack((key[parts[:-1]][together], key[parts[1:]][together]), axis=1)
    tied.add_edges_from(np.unique(pairs, axis=0).tolist())
    objects = [np.array(sorted(found)) for found in nx.connected_components(tied)]
    return [found for found in objects if keys[found].any()]
