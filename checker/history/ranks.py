"""Positions as ranks: place 1 is the oldest position that anything in the file names.

Positions compare as integers, or as lists item by item. From here on only their order counts, so versions
are compared as small integers whatever a system's positions look like; the positions themselves are for
explanations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import UNSET

from checker.history.columns import INITIAL, NOT_SAID, BadRow, Ints


def rank(
    positions: Sequence[Any], versions: Sequence[Any], keys: Sequence[int], *, one_log: bool
) -> tuple[Ints, Ints, list[Any]]:
    """Return places, versions and the distinct positions in their order.

    An item is an integer, a tuple of integers, None, or `UNSET` for a version that is not said. Raises
    `BadRow` for positions of two shapes within a key, or within the file where there is `one_log`.
    """
    distinct = set(positions)
    distinct.update(versions)
    distinct -= {None, UNSET}
    if len({0 if type(position) is int else len(position) for position in distinct}) > 1:
        _check_one_shape(positions, versions, keys, one_log=one_log)
        ordered = sorted(
            distinct, key=lambda position: (0, position) if type(position) is int else (1, *position)
        )
    else:
        ordered = sorted(distinct)
    number: dict[Any, int] = {position: number for number, position in enumerate(ordered, 1)}
    number[UNSET] = NOT_SAID
    number[None] = INITIAL
    version = np.array([number[item] for item in versions], dtype=np.int64)
    number[None] = NOT_SAID
    place = np.array([number[item] for item in positions], dtype=np.int64)
    return place, version, ordered


def _check_one_shape(
    positions: Sequence[Any], versions: Sequence[Any], keys: Sequence[int], *, one_log: bool
) -> None:
    shapes: dict[int, int] = {}
    for row, key in enumerate(keys):
        for field, item in (("position", positions[row]), ("version", versions[row])):
            if item is None or item is UNSET:
                continue
            shape = 0 if type(item) is int else len(item)
            if shapes.setdefault(0 if one_log else key, shape) != shape:
                where = "the file (one_log)" if one_log else "the key"
                raise BadRow(
                    f"{item!r} is not of the shape of {where}'s other positions", row=row, field=field
                )
