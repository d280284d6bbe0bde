"""Words one by one: numbers of every length side by side, texts with several quotes, rows at one place."""

from __future__ import annotations

import numpy as np
import pytest

from checker.reading.places import NULL, UNSAID, joined_marks, rank_marks
from checker.reading.words import first_rows, mixed, numbers, until_quote
from tests.checker.reading.test_words import marks, words

NUMBERS = [
    0,
    7,
    12_345_678,
    123_456_789,
    1_234_567_890_123_456,
    12_345_678_901_234_567,
    10**18,
    2**62 - 1,
    90_000_000,
]


@pytest.mark.parametrize("behind", [b",", b"}", b"P9", b"\0", b"\xff"])
def test_numbers_of_every_length_side_by_side(behind: bytes) -> None:
    value, length, fine = numbers(words(*(b"%d%s" % (number, behind) for number in NUMBERS)))
    assert value.tolist() == NUMBERS
    assert length.tolist() == [len(str(number)) for number in NUMBERS]
    assert fine.all()


def test_numbers_beyond_62_bits_or_with_a_zero_in_front_are_not_plain() -> None:
    texts = [b"5,", b"%d," % 2**62, b"9" * 19, b"1" * 20, b"1" * 24, b"01,", b"0,", b"00000000001,"]
    _, _, fine = numbers(words(*texts))
    assert fine.tolist() == [True, False, False, False, False, False, True, False]


def test_no_numbers_at_all() -> None:
    value, length, fine = numbers(np.zeros((0, 3), dtype=np.uint64))
    assert (value.tolist(), length.tolist(), fine.tolist()) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "content", "length"),
    [
        (b'ab"c"d"', b"ab", 2),
        (b'""""""""', b"", 0),
        (b'abcdefg"', b"abcdefg", 7),
        (b"abcdefgh", b"abcdefgh", 8),
        (b'a\x23\xa2"', b"a\x23\xa2", 3),
        (b'\x23\xa2a"', b"\x23\xa2a", 3),
        (b'a","#b":', b"a", 1),
    ],
)
def test_the_first_quote_of_several_ends_a_text(text: bytes, content: bytes, length: int) -> None:
    found, lengths = until_quote(words(text, width=1)[:, 0])
    assert (found.tobytes().rstrip(b"\0"), lengths.tolist()) == (content, [length])


def test_rows_that_begin_alike_and_share_a_place_are_told_apart() -> None:
    """All have one first word; those chosen have one place in a table of sixteen, too."""
    second = np.arange(500, dtype=np.uint64)
    places = mixed([np.full(500, 7, dtype=np.uint64), second], 4)
    three = np.flatnonzero(places == places[0])[:3].astype(np.uint64)
    columns = [np.full(5, 7, dtype=np.uint64), three[[0, 1, 2, 1, 0]]]
    assert first_rows(columns).tolist() == [0, 1, 2, 1, 0]


def test_marks_of_no_page_and_of_several() -> None:
    nothing = joined_marks([])
    assert (nothing.shape.tolist(), nothing.numbers) == ([], [])
    parts = [marks((1, 2)), marks(UNSAID, NULL), marks(5)]
    joined = joined_marks(parts)
    assert parts == []
    assert joined.shape.tolist() == [2, UNSAID, NULL, 0]
    assert [column.tolist() for column in joined.numbers] == [[1, 5], [2, 0]]


def test_versions_that_are_numbers_are_ranked_with_positions() -> None:
    ranked = rank_marks(marks(5, UNSAID, 3), marks(4, NULL, 5))
    assert ranked is not None
    assert (ranked[0].tolist(), ranked[1].tolist(), list(ranked[2])) == ([3, -1, 1], [2, 0, 3], [3, 4, 5])
    nothing = rank_marks(marks(UNSAID), marks(NULL))
    assert nothing is not None
    assert (nothing[0].tolist(), nothing[1].tolist(), list(nothing[2])) == ([-1], [0], [])
