"""Reading any file: what is asked for reaches the format, and what is wrong is said with the file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import zstandard

import checker
from checker import HistoryError
from checker.formats import read_stream, reading
from checker.formats.exported import Exported, read_exported, write_exported
from checker.formats.reading import format_of, guess, load
from checker.history import Header
from tests.checker.foreign import imported, refused, told

EVENTS = "".join(f"{{:process 1, :type :{kind}, :f :read, :value nil}}\n" for kind in ("invoke", "ok"))


def refusal(read: Any, path: Path, **conventions: Any) -> tuple[str | None, int | None, str | None, str]:
    with pytest.raises(HistoryError) as caught:
        read(path, **conventions)
    wrong = caught.value
    return wrong.file, wrong.line, wrong.field, wrong.message


def test_conventions_reach_the_format(tmp_path: Path) -> None:
    path = tmp_path / "h.edn"
    path.write_text(EVENTS)
    assert told(checker.read(path)) == ["initial write register=0 -2--1 ok", "p1 read register=None 0-1 info"]
    assert told(checker.read(path, initial=None)) == ["p1 read register=None 0-1 info"]
    assert told(checker.read(path, initial=None, nil="absent")) == ["p1 read register=None 0-1 ok"]
    assert told(imported(EVENTS, initial=7, nil="absent")) == [
        "initial write register=7 -2--1 ok",
        "p1 read register=None 0-1 ok",
    ]
    assert checker.read(path).file == str(path)


@pytest.mark.parametrize("read", [checker.read, format_of])
def test_what_cannot_be_read_says_why(read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "none"
    assert refusal(read, path) == (str(path), None, None, "No such file or directory")
    path.write_text("?")
    file, line, field, message = refusal(read, path)
    assert (file, line, field) == (str(path), None, None)
    assert message.startswith("of no known format (tried rts-history, elle-json, ")
    named = tmp_path / "named.zst"
    named.write_text(EVENTS)
    file, line, field, message = refusal(read, named)
    assert (file, line, field) == (str(named), None, None)
    assert message.startswith("damaged Zstandard data: ")

    def refuse(*_: Any) -> Any:
        raise OSError("no more of this")

    monkeypatch.setattr("builtins.open", refuse)
    assert refusal(read, path) == (str(path), None, None, "no more of this")


def test_what_breaks_off_is_not_read_again_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "h"
    path.write_text('{"format":"rts-history/1"}\n')

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(reading, "open_plain", refuse)
    assert refusal(checker.read, path) == (str(path), None, None, "the disk is gone")


def test_the_format_of_a_file_is_known_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "h"
    path.write_text(EVENTS + "nonsense")
    assert format_of(path) == format_of(str(path)) == "jepsen-edn"
    path.write_bytes(zstandard.compress(b'{"format":"rts-history/1"}'))
    assert format_of(path) == "rts-history"


def test_a_stream_of_our_own_that_is_damaged_is_named() -> None:
    data = zstandard.compress(b'{"format":"rts-history/1"}\n')
    with pytest.raises(HistoryError) as caught:
        read_stream(io.BytesIO(data[:-2]), "rts-history", file="s")
    assert (caught.value.file, caught.value.message) == ("s", "truncated Zstandard data")


def test_a_stream_of_our_own_that_is_damaged_far_behind_its_head_is_named() -> None:
    data = zstandard.compress(b'{"format":"rts-history/1"}\n' + b" " * 400_000)
    with pytest.raises(HistoryError) as caught:
        read_stream(io.BytesIO(data[:-2]), file="s")
    assert (caught.value.file, caught.value.message) == ("s", "truncated Zstandard data")


def test_a_stream_that_nobody_named_is_one() -> None:
    with pytest.raises(HistoryError) as caught:
        read_stream(io.BytesIO(b"?"))
    assert caught.value.file == "<stream>"


def test_there_is_no_other_format() -> None:
    with pytest.raises(ValueError, match=r"^'x' is no format; there are rts-history, elle-json, dbcop, por"):
        load("x")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        # Ours says so on its first line; a format on another line is a field of something else's.
        ('{"type":"ok", "format":"rts-history/1"}', "rts-history"),
        ('[{"type":"ok", "format":1}]', "elle-json"),
        ('{"type":"ok"}\n{"format":1}', "elle-json"),
    ],
)
def test_a_header_of_ours_is_an_object_on_the_first_line(head: str, name: str) -> None:
    assert guess(head.encode()) == name


def test_a_rule_that_is_broken_is_said_with_the_line_of_the_operation() -> None:
    text = EVENTS + "".join(
        f"{{:process 2, :type :{kind}, :f :write, :value 1{more}}}\n"
        for kind, more in (("invoke", ""), ("ok", ", :position [1 2]"))
    )
    text += "".join(
        f"{{:process 2, :type :{kind}, :f :write, :value 1{more}}}\n"
        for kind, more in (("invoke", ""), ("ok", ", :position 7"))
    )
    expected = (5, "position", "7 is not of the shape of the key's other positions")
    assert refused(text, initial=None) == refused(text, initial=3) == expected


def test_an_initial_write_that_breaks_a_rule_has_no_line() -> None:
    time = -(2**62) + 1
    text = "".join(
        f"{{:process 1, :type :{kind}, :f :read, :value nil, :time {time + at}}}\n"
        for at, kind in enumerate(("invoke", "ok"))
    )
    assert refused(text, initial=3) == (None, "start", f"{-(2**62) - 1} is beyond 62 bits")


# --- the event that carries a header


def test_a_header_is_written_as_far_as_it_says_something() -> None:
    header = Header(name="n", schedule=[1], trace={}, digest="d", real_time_writes=True)
    written = write_exported(Exported(header=header, key="k"))
    assert written == '{"header":{"format":"rts-history/1","name":"n","real_time_writes":true},"key":"k"}'
    assert read_exported(written) == Exported(header=Header(name="n", real_time_writes=True), key="k")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (7, "it is no string"),
        (None, "it is no string"),
        ("{", "Input data was truncated"),
        ("{}", "Object missing required field `header`"),
    ],
)
def test_a_header_that_is_none_is_refused(value: Any, message: str) -> None:
    with pytest.raises(HistoryError) as caught:
        read_exported(value)
    assert (caught.value.field, caught.value.message) == (
        "value",
        f"no header of an exported history: {message}",
    )
