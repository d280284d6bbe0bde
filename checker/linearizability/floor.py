"""The floor: the newest place, or rank, of what had ended before a moment."""

from __future__ import annotations

import numpy as np

from checker.history.columns import INITIAL, Ints
from checker.orders.ordering import Timeline


def floor_before(ends: Ints, key: Ints, place: Ints, *, times: Ints, keys: Ints, width: int) -> Ints:
    """Return the highest place, `INITIAL` if none, among the rows of each key that ended before each time.

    `ends`, `key` and `place` (at least 0, below `width`) have one entry per row; `times` and `keys` one per
    question.
    """
    count = 1 + max(int(key.max(initial=0)), int(keys.max(initial=0)))
    ended = Timeline(ends, key, times=times, keys=keys, key_count=count)
    return np.maximum(ended.newest(place, width=width), INITIAL)
