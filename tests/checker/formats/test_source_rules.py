"""Bytes from anywhere: all of them, in their order, however few come at a time."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zstandard

from checker import HistoryError
from checker.formats import source
from checker.formats.source import open_plain, text_lines


class Trickle(io.RawIOBase):
    """A pipe that gives one byte at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 1))


DATA = bytes(range(256)) * 200


@pytest.mark.parametrize("stream", [io.BytesIO, Trickle])
@pytest.mark.parametrize("compress", [bytes, zstandard.compress])
@pytest.mark.parametrize("size", [0, 1, 300, 20_000])
def test_all_bytes_come_in_their_order(stream: Any, compress: Any, size: int) -> None:
    data = DATA[:size]
    head, plain = open_plain(stream(compress(data)), compressed=compress is not bytes)
    assert plain.read() == data
    assert data.startswith(head)
    if stream is io.BytesIO:
        assert len(head) == min(size, 1 << 14)


@pytest.mark.parametrize("piece", [1, 3, 100])
def test_frames_may_be_cut_anywhere(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_HEAD", 5)
    monkeypatch.setattr(source, "_CHUNK", piece)
    frames = [zstandard.compress(DATA[begin : begin + 400]) for begin in range(0, 4_000, 400)]
    head, plain = open_plain(io.BytesIO(b"".join(frames)))
    assert (head, plain.read()) == (DATA[:5], DATA[:4_000])
    with pytest.raises(HistoryError, match=r"^truncated Zstandard data$"):
        open_plain(io.BytesIO(b"".join(frames)[:-1]))[1].read()


def test_what_must_be_compressed_and_is_not_is_damaged() -> None:
    assert open_plain(io.BytesIO(b"plain"))[0] == b"plain"
    with pytest.raises(HistoryError, match=r"^damaged Zstandard data: zstd decompress"):
        open_plain(io.BytesIO(b"plain"), compressed=True)


def test_lines_have_their_ends_and_only_the_first_a_mark() -> None:
    text = "\ufeffa\r\n\n\ufeffb\nc"
    assert list(text_lines(io.BytesIO(text.encode()))) == ["a\r\n", "\n", "\ufeffb\n", "c"]
    lines = text_lines(io.BytesIO(b"a\n\xff\n"))
    assert next(lines) == "a\n"
    with pytest.raises(HistoryError, match="not UTF-8") as caught:
        next(lines)
    assert caught.value.line == 2
