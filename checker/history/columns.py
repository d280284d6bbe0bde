"""A history's operations as numpy columns: what every judge reads.

Theory of operation: one array per field, in the order of the file, so that a rule or a guarantee is a few
operations on whole arrays, for twenty operations as for millions. Who makes columns: `building` from
operations in memory, `reading` from the bytes of a file; `rules` holds them to what a history must be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.int8]

WRITE, DELETE, CAS, READ, APPEND, TXN = range(6)
OK, FAIL, INFO = range(3)
FOREVER = 2**63 - 1
"""The `end` of an operation that never returned."""

NOT_SAID = -1
"""The place of a write without position, the version of a read that does not say."""
INITIAL = 0
"""The place of the initial version: older than every position, which count from 1."""

KINDS = {"write": WRITE, "delete": DELETE, "cas": CAS, "read": READ, "append": APPEND, "txn": TXN}
STATUSES = {"ok": OK, "fail": FAIL, "info": INFO}
PHASES = {"main": False, "final": True}
LIMIT = 2**62
"""Times and indices stay below this, so that sums and `FOREVER` fit in 64 bits."""


class BadRow(ValueError):
    """Row `row` (None: the whole history) breaks a rule in `field`."""

    def __init__(self, message: str, *, row: int | None, field: str | None) -> None:
        super().__init__(message)
        self.message, self.row, self.field = message, row, field


@dataclass(frozen=True, slots=True)
class Columns:
    """One array per field, one entry per operation.

    Sessions, keys, nodes and values are numbered in the order of their first appearance; a key or node of
    -1 is absent; value 0 is `null`. `start` and `end` are nanoseconds, `end` is `FOREVER` for what is
    `info`. `place` and `version` are ranks in `positions`, counted from 1; `INITIAL` and `NOT_SAID` stand
    beside them. `by_session` lists the rows session by session, each in the order of time.
    """

    size: int
    index: Ints
    session: Ints
    kind: Codes
    status: Codes
    key: Ints
    value: Ints
    expected: Ints
    start: Ints
    end: Ints
    place: Ints
    version: Ints
    node: Ints
    final: Bools
    by_session: Ints
    session_count: int
    key_names: list[str]
    node_names: list[str]
    value_count: int
    positions: Sequence[Any]

    @property
    def place_count(self) -> int:
        """How many distinct positions there are: the highest place."""
        return len(self.positions)
