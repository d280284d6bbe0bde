"""Where a history's bytes are: read in pieces, kept or left on the disk, and not there any more."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
import zstandard

from checker import HistoryError
from checker.reading import texts
from checker.reading.texts import InMemory, OnDisk, Unnamed, text_of


def read(text: texts.Text) -> bytes:
    with text.open() as file:
        return file.read()


def refused(path: Path) -> tuple[str | None, int | None, str]:
    with pytest.raises(HistoryError) as caught:
        read(text_of(str(path)))
    return caught.value.file, caught.value.line, caught.value.message


def test_bytes_in_memory() -> None:
    text = InMemory(b"abc")
    assert (text.size, read(text), read(text)) == (3, b"abc", b"abc")


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes megabytes takes a few bytes."""
    monkeypatch.setattr(texts, "KEPT", 10)
    monkeypatch.setattr(texts, "_PIECE", 7)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(("size", "kind"), [(0, InMemory), (10, InMemory), (11, OnDisk)])
def test_a_short_file_is_kept_and_a_long_one_stays(tmp_path: Path, size: int, kind: type) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"x" * size)
    text = text_of(str(path))
    assert type(text) is kind
    assert (text.size, read(text), read(text)) == (size, b"x" * size, b"x" * size)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(
    ("frames", "kind"),
    [
        ([b""], InMemory),
        ([b"0123456789"], InMemory),
        ([b"0123", b"", b"456789"], InMemory),
        ([b"0123456789a"], Unnamed),
        ([b"0123456789", b"abcdef", b"g" * 300], Unnamed),
    ],
)
def test_what_was_compressed_is_kept_or_becomes_a_file(
    tmp_path: Path, frames: list[bytes], kind: type
) -> None:
    path = tmp_path / "h.jsonl.zst"
    path.write_bytes(b"".join(map(zstandard.compress, frames)))
    text, data = text_of(str(path)), b"".join(frames)
    path.unlink()
    assert type(text) is kind
    assert (text.size, read(text), read(text)) == (len(data), data, data)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_truncated_frame_is_no_end(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "h.jsonl.zst"
    whole = zstandard.compress(b"0123456789" * 9)
    path.write_bytes(whole + whole[:-cut])
    assert refused(path) == (str(path), None, "truncated Zstandard data")


def test_what_is_no_frame_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl.zst"
    path.write_bytes(zstandard.compress(b"x") + b"hello")
    file, line, message = refused(path)
    assert (file, line) == (str(path), None)
    assert message.startswith("damaged Zstandard data: zstd ")


def test_what_cannot_be_opened_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "none"
    assert refused(path) == (str(path), None, "No such file or directory")

    def refuse(*_: Any) -> Any:
        raise OSError("no more of this")

    monkeypatch.setattr("builtins.open", refuse)
    assert refused(path) == (str(path), None, "no more of this")


@pytest.mark.parametrize("suffix", ["", ".zst"])
def test_what_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    path = tmp_path / f"h{suffix}"
    path.write_bytes(b"x")

    class Torn(io.FileIO):
        why = OSError(5, "Input/output error")

        def read(self, *_: Any) -> Any:
            raise self.why

    monkeypatch.setattr("builtins.open", Torn)
    assert refused(path) == (str(path), None, "Input/output error")
    monkeypatch.setattr(Torn, "why", OSError("odd"))
    assert refused(path) == (str(path), None, "odd")


def test_a_file_that_was_changed_is_another(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"abc")
    os.utime(path, ns=(0, 1_000))
    text = OnDisk(str(path))
    for data, time in ((b"abcd", 1_000), (b"abc", 1_001)):
        path.write_bytes(data)
        os.utime(path, ns=(0, time))
        with pytest.raises(HistoryError) as caught:
            text.open()
        assert (caught.value.file, caught.value.message) == (str(path), "changed since it was read")
    path.write_bytes(b"xyz")
    os.utime(path, ns=(7, 1_000))
    assert read(text) == b"xyz", "as far as its size and time tell it is the same"


def test_a_temporary_file_is_closed_with_its_text() -> None:
    file = open(os.devnull, "rb")  # noqa: SIM115  # that is what is tested
    text = Unnamed(file)
    assert read(text) == b""
    assert not file.closed
    del text
    assert file.closed
