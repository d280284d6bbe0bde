"""Values as classes and words: which values are one, and what number each has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checker.reading.values import (
    ABSENT,
    NOTHING,
    NUMBER,
    OTHER,
    TEXT,
    Oddities,
    ValueWords,
    joined_values,
    number_values,
)
from checker.reading.words import packed

UNSAID = object()
LONGEST, TOO_LONG = "x" * 63, "x" * 64


def words(*values: Any, oddities: Oddities | None = None) -> ValueWords:
    """Values as msgspec read them; UNSAID stands for none at all."""
    rows = [row for row, value in enumerate(values) if value is not UNSAID]
    found = ValueWords(np.full(len(values), ABSENT, dtype=np.int8), [])
    (oddities or Oddities()).put(found, rows, [values[row] for row in rows])
    return found


def slots(*texts: bytes) -> ValueWords:
    """The same texts as a template read them."""
    width = max(map(len, texts)) // 8 + 1
    return ValueWords(np.full(len(texts), TEXT, dtype=np.int8), packed(list(texts), width))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, NOTHING),
        (0, NUMBER),
        (-1, NUMBER),
        (7.0, NUMBER),
        (2**63 - 1, NUMBER),
        (-(2**63), NUMBER),
        (2**63, OTHER),
        (-(2**63) - 1, OTHER),
        (1e300, OTHER),
        (0.5, OTHER),
        (True, OTHER),
        ("", TEXT),
        ("é", TEXT),
        (LONGEST, TEXT),
        (TOO_LONG, OTHER),
        ("é" * 32, OTHER),
        ("a\0", OTHER),
        ([], OTHER),
        ({"a": 1}, OTHER),
    ],
)
def test_each_value_has_a_class(value: Any, kind: int) -> None:
    assert words(UNSAID, value).classes.tolist() == [ABSENT, kind]


def test_numbers_are_themselves_and_texts_their_bytes() -> None:
    found = words(7, -1, "abcdefghij", None, 2.0, "z")
    assert found.columns[0].view(np.int64).tolist()[:2] == [7, -1]
    assert found.columns[0].tolist()[4] == 2
    assert [column[2:3].tobytes() for column in found.columns] == [b"abcdefgh", b"ij\0\0\0\0\0\0"]
    assert [column[5:6].tobytes() for column in found.columns] == [b"z" + b"\0" * 7, b"\0" * 8]


def test_what_is_odd_keeps_its_number_from_page_to_page() -> None:
    oddities = Oddities()
    first = words([1], {"a": 1}, 4, oddities=oddities)
    second = words({"a": 1.0}, 4, [2], [1], oddities=oddities)
    assert first.columns[0].tolist() == [0, 1, 4]
    assert second.columns[0].tolist() == [1, 4, 2, 0]


def test_a_word_that_no_value_needs_is_zeros() -> None:
    found = words("a", "b")
    assert len(found.columns) == 1
    assert found.column(2).tolist() == [0, 0]
    assert [column.tolist() for column in found.columns] == [[97, 98], [0, 0], [0, 0]]
    assert found.column(0) is found.columns[0]
    assert len(found.columns) == 3


def test_what_stood_in_the_words_before_is_gone() -> None:
    found = slots(b"a text of three words", b"a text of three words", b"b")
    Oddities().put(found, [0, 1], ["b", 5])
    assert found.classes.tolist() == [TEXT, NUMBER, TEXT]
    assert [column.tolist() for column in found.columns] == [[98, 5, 98], [0, 0, 0], [0, 0, 0]]


def test_some_rows_of_all_columns() -> None:
    some = words("abcdefghi", 5, None, "z").only(np.array([3, 0]))
    assert some.classes.tolist() == [TEXT, TEXT]
    assert [column.tolist() for column in some.columns] == [[122, 0x6867666564636261], [0, 105]]


def test_parts_are_joined_whatever_their_width() -> None:
    parts = [words(1, UNSAID), words(), slots(b"long enough", b"a"), words("a", None)]
    joined = joined_values(parts)
    assert parts == []
    assert joined.classes.tolist() == [NUMBER, ABSENT, TEXT, TEXT, TEXT, NOTHING]
    assert joined.columns[0].tolist()[::3] == [1, 97]
    assert joined.columns[1].tolist() == [0, 0, int.from_bytes(b"ugh", "little"), 0, 0, 0]
    nothing = joined_values([])
    assert (nothing.classes.tolist(), len(nothing.columns)) == ([], 1)


@pytest.mark.parametrize(
    ("values", "numbers", "count"),
    [
        ((), [], 1),
        ((UNSAID, None), [0, 0], 1),
        ((5, 5, 7, 5), [1, 1, 2, 1], 3),
        ((None, 7, "7", 7.0, "7", None), [0, 1, 2, 1, 2, 0], 3),
        # A number, a text of the same word, and the first of the odd: three values.
        ((0, "", [0], 0.0, [0.0], "", True), [1, 2, 3, 1, 3, 2, 4], 5),
        (("abcdefgh1", "abcdefgh2", "abcdefgh", "abcdefgh1"), [1, 2, 3, 1], 4),
        (([1], [2], [1]), [1, 2, 1], 3),
    ],
)
def test_values_are_numbered_as_they_first_appear(
    values: tuple[Any, ...], numbers: list[int], count: int
) -> None:
    found, how_many = number_values(joined_values([words(*values)]))
    assert (found.tolist(), how_many) == (numbers, count)


def test_a_value_is_one_whoever_read_it() -> None:
    found, count = number_values(joined_values([slots(b"a", b"nine long"), words("nine long", "a", 97)]))
    assert (found.tolist(), count) == ([1, 2, 2, 1, 3], 4)


@pytest.mark.parametrize("values", [[5, -3, 5, 40, -3, 0], [2**63 - 1, -(2**63), 7, -(2**63)], [1, 100, 1]])
def test_numbers_are_numbered_as_they_first_appear_however_far_apart(values: list[int]) -> None:
    words = ValueWords(
        np.full(len(values), NUMBER, dtype=np.int8), [np.array(values, dtype=np.int64).view(np.uint64)]
    )
    numbers, count = number_values(words)
    order = list(dict.fromkeys(values))
    assert (numbers.tolist(), count) == ([order.index(value) + 1 for value in values], len(order) + 1)
