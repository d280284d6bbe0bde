"""The keys that neither positions nor zones decide, searched as registers."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from checker.history import Operation
from checker.history.columns import FAIL, INFO, READ, Bools, Ints
from checker.linearizability.conflict import Conflict
from checker.linearizability.deepening import decide
from checker.linearizability.register import pose_register
from checker.linearizability.stuck import find_stuck
from checker.prepared import Prepared

_SECONDS = 60.0
_BYTES = 2_000_000_000
"""What all searches of one history may take, where the caller does not say."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What the searches came to: which keys stay undecided, and why; the conflicts of others."""

    undecided: Bools
    conflicts: list[Conflict]
    doubt: str


def search_keys(prepared: Prepared, keys: Bools) -> Searched:
    """Judge the keys that are set by search, within the time and memory that there is."""
    undecided = np.zeros(prepared.key_count, dtype=np.bool_)
    rows = [_rows(prepared, key) for key in keys.nonzero()[0].tolist()]
    problems = [pose_register(_operations(prepared, of_key)) for of_key in rows]
    deadline = prepared.deadline if prepared.deadline is not None else perf_counter() + _SECONDS
    memory = min(prepared.memory_limit, _BYTES)
    conflicts, doubts = [], []
    decisions = decide(problems, deadline=deadline, memory=memory)
    for key, of_key, decision in zip(keys.nonzero()[0].tolist(), rows, decisions, strict=True):
        if decision.stuck is not None:
            found = find_stuck(_operations(prepared, of_key), decision.stuck)
            parts = tuple(of_key[list(found.operations)].tolist()), (int(of_key[found.stuck]),)
            conflicts.append(Conflict(prepared.initial, "stuck", parts))
        elif decision.answer == "open":
            undecided[key] = True
            doubts.append(
                f"the {decision.why} for key {prepared.columns.key_names[key]!r} ran out: "
                f"{decision.returned} of its {len(of_key)} operations were linearized, "
                f"in {decision.configurations} configurations"
            )
    return Searched(undecided, conflicts, doubts[0] if doubts else "")


def _rows(prepared: Prepared, key: int) -> Ints:
    """Return the operations of a key that count, in the order of invocation."""
    columns = prepared.columns
    idle = (columns.kind == READ) & (columns.status == INFO)
    rows: Ints = ((columns.key == key) & (columns.status != FAIL) & ~idle).nonzero()[0]
    return rows[columns.start[rows].argsort(kind="stable")]


def _operations(prepared: Prepared, rows: Ints) -> list[Operation]:
    operations = prepared.history.operations
    return [operations[row] for row in rows.tolist()]
