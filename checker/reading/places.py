"""Positions of a whole file as ranks, without an object for each.

The numbers of a position are packed into one, `[epoch, lsn]` as `epoch · width + lsn`, which orders as the
positions do; ranks are then counted in a bitmap of all that there could be, or by one sort where positions
lie far apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import INITIAL, LIMIT, NOT_SAID, Bools, Ints

UNSAID, NULL, NUMBER = -2, -1, 0
"""The shape of a position that is missing, `null`, or a number; that of a list is its length."""

_SPARSE = 16
"""So many times more possible positions than there are make a sort cheaper than a bitmap."""


@dataclass
class Marks:
    """The positions or versions of some rows: the shape of each, and their numbers.

    The numbers are columns with an entry for each row whose position is said.
    """

    shape: NDArray[np.int8]
    numbers: list[Ints]


def joined_marks(parts: list[Marks]) -> Marks:
    """Return the marks of several parts, one after the other; the parts are used up."""
    nothing = np.zeros(0, dtype=np.int64)
    width = max((len(part.numbers) for part in parts), default=0)
    numbers = [
        np.concatenate(
            [
                nothing,
                *(
                    part.numbers[number] if number < len(part.numbers) else np.zeros_like(part.numbers[0])
                    for part in parts
                ),
            ]
        )
        for number in range(width)
    ]
    shape = np.concatenate([np.zeros(0, dtype=np.int8), *(part.shape for part in parts)])
    parts.clear()
    return Marks(shape, numbers)


class Positions(Sequence[Any]):
    """The distinct positions of a file in their order, each made when asked for; all have one `shape`."""

    def __init__(self, packed: Ints, low: list[int], width: list[int], shape: int) -> None:
        self._packed, self._low, self._width, self.shape = packed, low, width, shape

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, which: int) -> Any: ...
    @overload
    def __getitem__(self, which: slice) -> list[Any]: ...

    def __getitem__(self, which: int | slice) -> Any:
        if isinstance(which, slice):
            return [self[number] for number in range(len(self))[which]]
        rest = int(self._packed[which])
        numbers = []
        for low, width in zip(reversed(self._low), reversed(self._width), strict=True):
            rest, number = divmod(rest, width)
            numbers.append(number + low)
        return numbers[0] if self.shape == NUMBER else tuple(reversed(numbers))


def rank_marks(position: Marks, version: Marks) -> tuple[Ints, Ints, Sequence[Any]] | None:
    """Return places, versions and the distinct positions, as `ranks.rank` does.

    None if positions are not all of one shape, or too far apart to be packed.
    """
    shapes = {shape for marks in (position, version) for shape in _shapes(marks)}
    place = np.full(len(position.shape), NOT_SAID, dtype=np.int64)
    seen = np.full(len(version.shape), NOT_SAID, dtype=np.int64)
    seen[np.flatnonzero(version.shape == NULL)] = INITIAL
    if not shapes:
        return place, seen, []
    if len(shapes) > 1:
        return None
    shape = shapes.pop()
    both = [marks for marks in (position, version) if len(marks.numbers) >= max(1, shape)]
    found = [np.concatenate([marks.numbers[part] for marks in both]) for part in range(max(1, shape))]
    low = [int(part.min()) for part in found]
    width = [int(part.max()) - least + 1 for part, least in zip(found, low, strict=True)]
    span = 1
    for each in width:
        span *= each
    if span > LIMIT:
        return None
    packed = found[0] - low[0]
    for part, least, each in zip(found[1:], low[1:], width[1:], strict=True):
        packed *= each
        packed += part - least
    distinct, ranks = _ranked(packed, span)
    said = np.flatnonzero(position.shape >= NUMBER)
    place[said] = ranks[: len(said)]
    seen[np.flatnonzero(version.shape >= NUMBER)] = ranks[len(said) :]
    return place, seen, Positions(distinct, low, width, shape)


def _shapes(marks: Marks) -> list[int]:
    """Return which shapes there are of positions that are said."""
    longest = int(marks.shape.max(initial=UNSAID))
    return [shape for shape in range(NUMBER, longest + 1) if (marks.shape == shape).any()]


def _ranked(numbers: Ints, span: int) -> tuple[Ints, Ints]:
    """Return the distinct numbers in their order, and the rank of each number, counted from 1."""
    if span <= _SPARSE * len(numbers):
        there = np.zeros(span, dtype=np.bool_)
        there[numbers] = True
        return np.flatnonzero(there), np.cumsum(there, dtype=np.int64)[numbers]
    order = numbers.argsort()
    ordered = numbers[order]
    new: Bools = np.ones(len(ordered), dtype=np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    ranks = np.empty(len(numbers), dtype=np.int64)
    ranks[order] = np.cumsum(new)
    return ordered[new], ranks
