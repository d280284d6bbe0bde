"""Keys whose few values were written again and again: zones have nothing to say of them.

For zones each read needs one possible writer, and those of a read are looked at one by one. Where a read has
a hundred, that is slow, and hardly ever leaves one.
"""

from __future__ import annotations

import numpy as np

from checker.history.columns import Bools
from checker.orders.candidates import read_values
from checker.prepared import Prepared

_FEW = 50
"""Writes of its value that a read may have, on average."""


def crowded_keys(prepared: Prepared, keys: Bools) -> Bools:
    """Return which of the keys that are set have reads of values with too many writes to choose from."""
    crowded = np.zeros(prepared.key_count, dtype=np.bool_)
    columns = prepared.columns
    reads = prepared.reads[keys[columns.key[prepared.reads]]]
    writes = prepared.writes[keys[columns.key[prepared.writes]]]
    wanted, written = read_values(columns)[reads], columns.value[writes]
    # Over all keys first: where values are unique, that is all there is to do.
    if np.bincount(written, minlength=columns.value_count)[wanted].sum() <= _FEW * len(reads):
        return crowded
    slots = np.sort(columns.key[writes] * columns.value_count + written)
    sought = columns.key[reads] * columns.value_count + wanted
    choices = slots.searchsorted(sought, "right") - slots.searchsorted(sought, "left")
    total = np.bincount(columns.key[reads], weights=choices, minlength=prepared.key_count)
    crowded[:] = total > _FEW * np.bincount(columns.key[reads], minlength=prepared.key_count)
    return crowded
