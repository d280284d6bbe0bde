"""Names (sessions, keys, nodes) numbered in the order in which a file first mentions them.

A page mentions a few names many times: equal ones are found by their words, and only one of each becomes a
string.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Ints
from checker.reading.words import Words, first_rows, unpacked


class NameTable:
    """Numbers the distinct names of one field."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        """The names, by number."""
        return list(self._numbers)

    def number(
        self,
        rows: slice | Ints,
        columns: list[Words],
        others: Sequence[tuple[int, str]],
        *,
        out: NDArray[np.int32],
    ) -> None:
        """Number the names of a page's rows, into `out`.

        Those of `rows` are in `columns`, one entry for each of them; `others` are further rows, ascending,
        with their names.
        """
        first = first_rows(columns)
        mentioned = np.flatnonzero(first == np.arange(len(first)))
        texts = [text.decode() for text in unpacked([column[mentioned] for column in columns])]
        where = mentioned if isinstance(rows, slice) else rows[mentioned]
        numbers = self._numbers
        for _, text in sorted([*zip(where.tolist(), texts, strict=True), *others]):
            numbers.setdefault(text, len(numbers))
        local = np.empty(len(first), dtype=np.int32)
        local[mentioned] = [numbers[text] for text in texts]
        out[rows] = local[first]
        for row, text in others:
            out[row] = numbers[text]
