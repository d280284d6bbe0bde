"""Lines end where their newlines are, however close these stand."""

from __future__ import annotations

import io

import pytest

from checker.reading.pages import pages


@pytest.mark.parametrize(
    "text",
    [
        b"one\ntwo\n",
        b"a\n\n\nb\n",
        b"0123456\n0123456\n",
        b"01234567\n",
        b"\n",
        b"a\tb\n" + b"c" * 30 + b"\nd\n",
    ],
)
def test_a_page_has_the_lines_of_its_text(text: bytes) -> None:
    (page,) = pages(io.BytesIO(text))
    assert [page.line(number) for number in range(len(page))] == text.split(b"\n")[:-1]
