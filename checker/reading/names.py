"""Names (sessions, keys, nodes) numbered in the order in which a file first mentions them.

A page mentions a few names many times, and the next page mentions them again. Short names that are known are
found by their word in a table; among others equal ones are found, and only one of each becomes a string.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Ints
from checker.reading.words import Words, first_rows, mixed, unpacked

_BITS = 12
_NOBODY = -1


class NameTable:
    """Numbers the distinct names of one field."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: Words = np.zeros(1 << _BITS, dtype=np.uint64)
        self._number: NDArray[np.int32] = np.full(1 << _BITS, _NOBODY, dtype=np.int32)

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
        short = columns[0] if len(columns) == 1 else None
        local = np.full(len(columns[0]), _NOBODY, dtype=np.int32) if short is None else self._known(short)
        unknown = np.flatnonzero(local == _NOBODY)
        held = [column[unknown] for column in columns]
        first = first_rows(held)
        mentioned = np.flatnonzero(first == np.arange(len(first)))
        texts = [text.decode() for text in unpacked([column[mentioned] for column in held])]
        where = unknown[mentioned] if isinstance(rows, slice) else rows[unknown[mentioned]]
        numbers = self._numbers
        for _, text in sorted([*zip(where.tolist(), texts, strict=True), *others]):
            numbers.setdefault(text, len(numbers))
        new = np.empty(len(first), dtype=np.int32)
        new[mentioned] = [numbers[text] for text in texts]
        if short is not None:
            self._keep(held[0][mentioned], new[mentioned])
        local[unknown] = new[first]
        out[rows] = local
        for row, text in others:
            out[row] = numbers[text]

    def _known(self, words: Words) -> NDArray[np.int32]:
        """Return the numbers of short names, `_NOBODY` where the table does not have them."""
        slot = mixed([words], _BITS)
        found = self._number[slot]
        found[self._words[slot] != words] = _NOBODY
        return found

    def _keep(self, words: Words, numbers: NDArray[np.int32]) -> None:
        """Note short names in the table; of those that share a slot one is found there."""
        slot = mixed([words], _BITS)
        self._words[slot], self._number[slot] = words, numbers
