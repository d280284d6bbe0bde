"""Columns that grow page by page, in memory that is asked for once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_SLACK = 8
"""What is left over, a part of so many of the whole at most, stays with a column that is done."""


class Growing:
    """A column of as yet unknown length."""

    def __init__(self, dtype: DTypeLike = np.int64) -> None:
        self._array: NDArray[Any] = np.empty(0, dtype=dtype)
        self._size = 0

    def extend(self, part: NDArray[Any], *, expected: int) -> None:
        """Add entries to a column that will, as far as one can tell, have `expected` in the end."""
        size = self._size + len(part)
        if size > len(self._array):
            more = np.empty(max(expected, size + size // _SLACK), dtype=self._array.dtype)
            more[: self._size] = self._array[: self._size]
            self._array = more
        self._array[self._size : size] = part
        self._size = size

    def done(self) -> NDArray[Any]:
        """Return the column; what is added afterwards is a new one."""
        array, size = self._array, self._size
        self._array, self._size = np.empty(0, dtype=array.dtype), 0
        spare = len(array) - size
        return array[:size] if spare * _SLACK <= len(array) else array[:size].copy()
