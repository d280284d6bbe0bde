"""Pages: where their lines begin and end, which are plain, and what lies around them."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
import pytest

from checker.reading.pages import MARGIN, _places, pages


class Seen(NamedTuple):
    """A page as it was: its buffer is used again for the next one."""

    lines: list[bytes]
    plain: list[int]
    places: list[int]
    cut: bool
    behind: bytes


def seen(data: bytes, *, size: int = 64, first: int = 0) -> list[Seen]:
    return [
        Seen(
            [page.line(number) for number in range(len(page))],
            page.plain_lines(first).tolist(),
            (page.starts + page.offset).tolist(),
            page.cut,
            bytes(page.buffer[page.ends[-1] + (not page.cut) :][:MARGIN]),
        )
        for page in pages(io.BytesIO(data), size=size)
    ]


BLANK = bytes(MARGIN)


def test_nothing_has_no_page() -> None:
    assert seen(b"") == []


def test_lines_end_at_newlines_and_the_last_one_may_lack_its_own() -> None:
    assert seen(b"ab\n\nc d\n") == [Seen([b"ab", b"", b"c d"], [0, 1, 2], [0, 3, 4], False, BLANK)]
    assert seen(b"ab\nc") == [
        Seen([b"ab"], [0], [0], False, BLANK),
        Seen([b"c"], [0], [3], True, BLANK),
    ]
    assert seen(b"abc") == [Seen([b"abc"], [0], [0], True, BLANK)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 100])
def test_every_line_is_in_one_page_whatever_their_size(size: int) -> None:
    lines = [b"x" * length for length in (3, 0, 9, 1, 30, 2, 2, 0, 1)]
    data = b"\n".join(lines)
    for text in (data, data + b"\n"):
        found = seen(text, size=size)
        assert [line for page in found for line in page.lines] == lines
        places = [place for page in found for place in page.places]
        assert [text[place:].split(b"\n")[0] for place in places] == lines
        assert places == sorted(set(places))
        assert [page.cut for page in found] == [False] * (len(found) - 1) + [not text.endswith(b"\n")]
        assert {page.behind for page in found} == {BLANK}


def test_pages_end_where_the_last_whole_line_ends() -> None:
    assert [page.lines for page in seen(b"ab\ncd\nef\n", size=7)] == [[b"ab", b"cd"], [b"ef"]]


@pytest.mark.parametrize("length", [MARGIN - 1, MARGIN + 1, 3 * MARGIN])
def test_what_is_held_for_the_next_page_may_be_longer_than_a_margin(length: int) -> None:
    lines = [b"ab", b"x" * length, b"y", b"z" * 2000]
    found = seen(b"\n".join([*lines, b""]), size=length + 9)
    assert [line for page in found for line in page.lines] == lines
    assert not any(page.cut for page in found)


@pytest.mark.parametrize(
    "places",
    [
        [],
        [0],
        [7],
        [8, 16],
        [3, 4],
        [1, 8, 9],
        [0, 13, 17],
        [8, 23, 24],
        [24],
        [2, 26],
        [0, 1, 2, 24, 25, 26],
    ],
)
def test_few_places_are_found_where_they_are(places: list[int]) -> None:
    """Three whole words and three bytes more; some words have one, and some two."""
    marked = np.zeros(27, dtype=np.bool_)
    marked[places] = True
    assert _places(marked).tolist() == places


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        (b"a b~\x7f", True),
        (b"", True),
        (b"a\r", True),
        ("é".encode(), True),
        (b"a\tb", False),
        (b"a\x1fb", False),
        (b"\0", False),
        (b"a\rb", False),
        (b"\r\r", False),
        (b"a\\b", False),
        (b"\x80", False),
        (b"a\xff", False),
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b""])
def test_which_lines_are_plain(line: bytes, plain: bool, ending: bytes) -> None:
    """Its neighbours are so in any case, but for letters that are none: they spoil one another."""
    (page,) = seen(b"first\n" + line + b"\nlast\n")
    assert page.plain == ([0, 1, 2] if plain else [0, 2])
    (page,) = seen(line + b"\n", first=1)
    assert page.plain == []
    cut = seen(line) if line and not ending else []
    assert [page.plain for page in cut] == [[0] if plain and line != b"a\r" else []] * len(cut)


def test_letters_beyond_ascii_are_plain_where_all_are_letters() -> None:
    (page,) = seen("é\nü\nu\n".encode())
    assert page.plain == [0, 1, 2]
    (page,) = seen("é\n".encode() + b"\xff\nu\n")
    assert page.plain == [2]
    (page,) = seen(b"\x7f\n\xff\nu\n")
    assert page.plain == [0, 2]


@pytest.mark.parametrize(("width", "at"), [(1, 0), (2, 0), (2, 5)])
def test_words_are_taken_from_any_byte(width: int, at: int) -> None:
    data = b"0123456789abcdefghijklmnopqrstuvwxyz\n"
    (page,) = pages(io.BytesIO(data), size=64)
    places = np.array([MARGIN + at, MARGIN + at + 3])
    words = page.words(places, width)
    assert words.shape == (2, width)
    assert [row.tobytes() for row in words] == [data[at:][: 8 * width], data[at + 3 :][: 8 * width]]
    last = page.words(np.array([len(page.buffer) - 8 * width]), width)
    assert last.tolist() == [[0] * width]
