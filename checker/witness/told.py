"""The part of a history that a violation is, in a key whose reads tell what its appends found.

What others appended is cut out of what was read, so that nobody is missed but those who wrote what had grown
(`linearizability.swaps`).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from checker.history import History
from checker.linearizability.objects import object_of
from checker.linearizability.swaps import judge_told
from checker.prepared import Prepared
from checker.sequential.makers import Makers


def part_of_told(prepared: Prepared, indices: Collection[int]) -> History | None:
    """Return the history of the operations of one violation, with those who wrote what they found.

    None if its key is no register that grows, or some of them read what does not tell.
    """
    history = prepared.whole
    keys = np.unique(prepared.columns.key[np.isin(prepared.columns.index, list(indices))])
    register = object_of(prepared, keys)
    if not (register.grows and register.is_register):
        return None
    (told,) = judge_told([(register.operations, next(iter(register.grows.values())))])
    if told is None:
        return None
    some = [number for number, operation in enumerate(register.operations) if operation.index in indices]
    makers = Makers(register.operations, range(len(register.operations)), written=told.written())
    part = makers.closed(some)
    reads = {number for number in part if register.operations[number].op == "read"}
    if any(register.operations[number].value is not None for number in reads - told.shown.keys()):
        return None
    numbers = sorted(part, key=lambda number: int(register.rows[number]))
    return History.from_operations(
        told.cut([register.operations[number] for number in numbers]), header=history.header
    )
