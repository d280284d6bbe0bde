"""Values numbered in the order in which a file first mentions them, without an object for each.

Theory of operation: what a value is fits in a class and some words: a number is itself, a short text is its
bytes, and anything else is numbered by the table of `values`, which knows when two are one. Two values are
the same if their class and words are. `1.0` is the number 1, and a text is the same whoever read it, so that
lines read by their template and lines read by msgspec agree.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Ints
from checker.reading.words import TEXT_WORDS, WORD, Words, first_rows, packed
from checker.values import NULL, identity

ABSENT, NOTHING, NUMBER, TEXT, OTHER = range(5)
"""Classes: no value at all, `null`, a number of 64 bits, a text of words, anything else."""

_LONGEST = TEXT_WORDS * WORD
_SPARSE = 16
"""So many times more possible numbers than there are make a table of words cheaper than one of numbers."""


class ValueWords:
    """Values of some rows: the class of each, and the columns of its words, as many as the longest needs."""

    def __init__(self, classes: NDArray[np.int8], columns: list[Words]) -> None:
        self.classes, self.columns = classes, columns

    def column(self, number: int) -> Words:
        """Return the column of a word, made if no value needed it yet."""
        while len(self.columns) <= number:
            self.columns.append(np.zeros(len(self.classes), dtype=np.uint64))
        return self.columns[number]

    def only(self, rows: Ints) -> ValueWords:
        """Return the values of some rows."""
        return ValueWords(self.classes[rows], [column[rows] for column in self.columns])


def joined_values(parts: list[ValueWords]) -> ValueWords:
    """Return the values of several parts, one after the other; the parts are used up."""
    width = max((len(part.columns) for part in parts), default=1)
    classes = np.concatenate([np.zeros(0, dtype=np.int8), *(part.classes for part in parts)])
    columns = []
    for number in range(width):
        column = np.zeros(len(classes), dtype=np.uint64)
        at = 0
        for part in parts:
            if number < len(part.columns):
                column[at : at + len(part.classes)] = part.columns[number]
            at += len(part.classes)
        columns.append(column)
    parts.clear()
    return ValueWords(classes, columns)


class Oddities:
    """Numbers the values that are neither a 64-bit number nor a short text."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def put(self, words: ValueWords, rows: list[int], values: list[Any]) -> None:
        """Note the values of some rows, as JSON has them."""
        texts: dict[int, bytes] = {}
        numbers: dict[int, int] = {}
        others: dict[int, int] = {}
        for row, value in zip(rows, values, strict=True):
            known = identity(value)
            if known is None:
                continue
            if isinstance(known, str):
                text = known.encode()
                if len(text) < _LONGEST and b"\0" not in text:
                    texts[row] = text
                    continue
            elif isinstance(known, int) or (isinstance(known, float) and known.is_integer()):
                number = int(known)
                if -(2**63) <= number < 2**63:
                    numbers[row] = number
                    continue
            others[row] = self._numbers.setdefault(known, len(self._numbers))
        words.classes[rows] = NOTHING
        for column in words.columns:  # a line that names its value twice has left a text there
            column[rows] = 0
        for kind, found in ((NUMBER, numbers), (OTHER, others)):
            words.classes[list(found)] = kind
            words.column(0)[list(found)] = np.array(list(found.values()), dtype=np.int64).view(np.uint64)
        words.classes[list(texts)] = TEXT
        width = max(map(len, texts.values()), default=0) // WORD + 1
        for number, column in enumerate(packed(list(texts.values()), width)):
            words.column(number)[list(texts)] = column


def number_values(values: ValueWords) -> tuple[Ints, int]:
    """Return the number of each value, counted from 1 as they first appear, and how many there are.

    `null` has the number `NULL` and counts; an absent value has it too.
    """
    size = len(values.classes)
    first = np.arange(size)
    for kind, width in ((NUMBER, 1), (TEXT, len(values.columns)), (OTHER, 1)):
        rows = np.flatnonzero(values.classes == kind)
        first_mentions = _first_numbers if kind == NUMBER else first_rows
        if len(rows) == size > 0:
            first = first_mentions(values.columns[:width])
        elif len(rows):
            first[rows] = rows[first_mentions([column[rows] for column in values.columns[:width]])]
    something = values.classes >= NUMBER
    number = np.cumsum(something & (first == np.arange(size)))
    count = int(number[-1]) + 1 if size else 1
    numbers: Ints = number[first]
    numbers[~something] = NULL
    return numbers, count


def _first_numbers(columns: list[Words]) -> Ints:
    """Return `first_rows` of a column of numbers; those that lie close together number a table themselves."""
    numbers = columns[0].view(np.int64)
    low = int(numbers.min())
    span = int(numbers.max()) - low + 1
    if span > _SPARSE * len(numbers):
        return first_rows(columns)
    slot = numbers - low
    table = np.empty(span, dtype=np.int32 if len(slot) < 1 << 31 else np.int64)
    table[slot[::-1]] = np.arange(len(slot) - 1, -1, -1, dtype=table.dtype)
    return table[slot].astype(np.int64)
