"""History files: what is read is written again, and what is wrong is refused whole, with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from msgspec import UNSET

import checker
from checker import Header, History, HistoryError, Operation, dumps, loads
from tests.checker.literal import c, history, r, w

HEADER = {"format": "rts-history/1"}
LINE = {
    "index": 0,
    "session": "a",
    "op": "write",
    "key": "x",
    "value": 1,
    "start": 5,
    "end": 9,
    "status": "ok",
}


def text(*lines: Any) -> bytes:
    return b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )


def refusal(data: bytes) -> tuple[int | None, str | None, str]:
    with pytest.raises(HistoryError) as caught:
        loads(data, file="h.jsonl")
    error = caught.value
    assert error.file == "h.jsonl"
    assert str(error).startswith(f"h.jsonl:{error.line}: " if error.line else "h.jsonl: ")
    return error.line, error.field, error.message


READ = {**LINE, "op": "read"}
BAD_LINES: dict[str, tuple[list[Any], tuple[int | None, str | None, str]]] = {
    "not JSON": ([b"{index: 0}"], (2, None, "not JSON")),
    "NaN": ([b'{"index": 0, "value": NaN}'], (2, None, "not JSON")),
    "not UTF-8": ([b'{"index": 0, "session": "\xff"}'], (2, None, "not JSON")),
    "an array": ([[1, 2]], (2, None, "not a JSON object")),
    "an empty line": ([b"", LINE], (2, None, "an empty line")),
    "no session": ([{k: v for k, v in LINE.items() if k != "session"}], (2, "session", "missing")),
    "no end": ([{k: v for k, v in LINE.items() if k != "end"}], (2, "end", "missing")),
    "a text for an integer": ([{**LINE, "start": "5"}], (2, "start", "Expected `int`, got `str`")),
    "a boolean for an integer": ([{**LINE, "index": True}], (2, "index", "Expected `int`, got `bool`")),
    "a fraction of a nanosecond": ([{**LINE, "end": 9.5}], (2, "end", "Expected `int | null`, got `float`")),
    "a number for a key": ([{**LINE, "key": 3}], (2, "key", "Expected `str | null`, got `int`")),
    "a time beyond 62 bits": ([{**LINE, "end": 2**70}], (2, "end", f"{2**70} is beyond 62 bits")),
    "a start beyond 62 bits": ([{**LINE, "start": 2**70}], (2, "start", f"{2**70} is beyond 62 bits")),
    "a duplicate index": ([LINE, {**LINE, "session": "b"}], (3, "index", "duplicate index 0")),
    "end before start": ([{**LINE, "end": 4}], (2, "end", "end 4 is before start 5")),
    "ok without end": ([{**LINE, "end": None}], (2, "end", "status 'ok' needs an end")),
    "fail without end": ([{**LINE, "end": None, "status": "fail"}], (2, "end", "status 'fail' needs an end")),
    "an unknown op": ([{**LINE, "op": "swap"}], (2, "op", "Invalid enum value 'swap'")),
    "an unknown status": ([{**LINE, "status": "done"}], (2, "status", "Invalid enum value 'done'")),
    "an unknown phase": ([{**LINE, "phase": "end"}], (2, "phase", "Invalid enum value 'end'")),
    "a write without key": (
        [{k: v for k, v in LINE.items() if k != "key"}],
        (2, "key", "a write needs a key"),
    ),
    "a cas without expected": ([{**LINE, "op": "cas"}], (2, "expected", "a cas needs the expected value")),
    "a txn without ops": ([{**LINE, "op": "txn"}], (2, "ops", "a txn needs a list of operations")),
    "a txn of nonsense": (
        [{**LINE, "op": "txn", "ops": [["r", "x"]]}],
        (2, "ops", '[\'r\', \'x\'] is not ["r" or "w" or "append", key, value]'),
    ),
    "overlapping operations": (
        [LINE, {**LINE, "index": 1, "start": 7, "end": 12}],
        (3, "start", "overlaps an earlier operation of session 'a'"),
    ),
    "touching operations": (
        [LINE, {**LINE, "index": 1, "start": 9, "end": 12}],
        (3, "start", "overlaps an earlier operation of session 'a'"),
    ),
    "overlap past an open operation": (
        [
            LINE,
            {**LINE, "index": 1, "start": 10, "end": None, "status": "info"},
            {**LINE, "index": 2, "start": 11, "end": 20},
            {**LINE, "index": 3, "start": 12, "end": None, "status": "info"},
        ],
        (5, "start", "overlaps an earlier operation of session 'a'"),
    ),
    "overlap hidden by an open operation": (
        [
            {**LINE, "index": 1, "start": 10, "end": None, "status": "info"},
            {**LINE, "index": 2, "start": 10, "end": 20},
            {**LINE, "index": 3, "start": 20, "end": 30},
        ],
        (4, "start", "overlaps an earlier operation of session 'a'"),
    ),
    "a text for a position": (
        [{**LINE, "position": "4"}],
        (2, "position", "Expected `int | array | null`, got `str`"),
    ),
    "an empty position": ([{**LINE, "position": []}], (2, "position", "() is no list of integers")),
    "positions of two shapes": (
        [{**LINE, "position": 4}, {**READ, "index": 1, "session": "b", "version": [1, 4]}],
        (3, "version", "(1, 4) is not of the shape of the key's other positions"),
    ),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_bad_lines_are_refused(name: str) -> None:
    lines, (line, field, message) = BAD_LINES[name]
    found = refusal(text(HEADER, *lines))
    assert found[:2] == (line, field)
    assert found[2].startswith(message)


def test_positions_of_two_keys_may_differ_in_shape_unless_there_is_one_log() -> None:
    lines = [
        {**LINE, "position": 4},
        {**LINE, "index": 1, "key": "y", "start": 10, "end": 11, "position": [1, 4]},
    ]
    assert len(loads(text(HEADER, *lines))) == 2
    found = refusal(text({**HEADER, "one_log": True}, *lines))
    assert found == (3, "position", "(1, 4) is not of the shape of the file (one_log)'s other positions")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"", (1, None, "empty: no header")),
        (b"{}\n", (1, "format", "missing")),
        (b'{"format": "rts-history/2"}\n', (1, "format", "'rts-history/2' is not 'rts-history/1'")),
        (b'{"format": "rts-history/1", "one_log": 1}\n', (1, "one_log", "Expected `bool`, got `int`")),
        (b'{"format": "rts-hist', (1, None, "the last line is truncated")),
        (b"hello\n", (1, None, "not JSON: JSON is malformed: invalid character (byte 0)")),
    ],
)
def test_bad_headers_are_refused(header: bytes, expected: tuple[int, str | None, str]) -> None:
    assert refusal(header) == expected


def test_a_truncated_last_line_is_named_as_such() -> None:
    data = text(HEADER, LINE, {**LINE, "index": 1, "start": 20, "end": 30})
    assert refusal(data[:-20]) == (3, None, "the last line is truncated")


def test_a_last_line_may_lack_its_newline() -> None:
    assert len(loads(text(HEADER, LINE)[:-1])) == 1


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    with pytest.raises(HistoryError, match="No such file"):
        checker.read(path)


def test_what_was_read_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    data = text({"colour": "blue", **HEADER}, {"why": [1.0, {"b": 1, "a": None}], **LINE})
    path = tmp_path / "h.jsonl"
    path.write_bytes(data)
    read = checker.read(path)
    assert read.header.extra == {"colour": "blue"}
    assert read.operations[0].extra == {"why": [1.0, {"b": 1, "a": None}]}
    assert dumps(read) == data


def test_unknown_fields_survive_a_change_of_header() -> None:
    read = loads(text({**HEADER, "colour": "blue"}, {**LINE, "why": 1}))
    header = Header(name="other", extra=read.header.extra)
    again = loads(dumps(History.from_operations(read.operations, header=header)))
    assert again.header == header
    assert again.operations == read.operations
    assert again.operations[0].extra == {"why": 1}


def test_the_canonical_form_of_an_operation() -> None:
    made = history(
        w(0, "a", 'x={"b": 1}', 0, 10, position=(1, 4), node="n1"),
        r(1, "a", "x=null", 20, None, version=None),
        c(2, "b", "x=null>true", 30, 40, phase="final", error="none"),
    )
    assert dumps(made).decode().splitlines() == [
        '{"format":"rts-history/1"}',
        '{"index":0,"session":"a","op":"write","key":"x","value":{"b":1},"start":0,"end":10,"status":"ok",'
        '"node":"n1","position":[1,4]}',
        '{"index":1,"session":"a","op":"read","key":"x","value":null,"start":20,"end":null,"status":"info",'
        '"version":null}',
        '{"index":2,"session":"b","op":"cas","key":"x","value":true,"expected":null,"start":30,"end":40,'
        '"status":"ok","phase":"final","error":"none"}',
    ]
    assert loads(dumps(made)).operations == made.operations


def test_version_tells_the_initial_one_from_one_not_said() -> None:
    read = loads(text(HEADER, {**READ, "version": None}, {**READ, "index": 1, "start": 10, "end": 11}))
    assert [operation.version for operation in read.operations] == [None, UNSET]


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.zst"])
def test_round_trip_through_a_file_that_is_never_overwritten(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"h{suffix}"
    made = history(w(0, "a", "x=1", 0, 10), r(1, "a", "x=1", 20, 30))
    checker.write(path, made)
    before = path.read_bytes()
    assert checker.read(path).operations == made.operations
    with pytest.raises(FileExistsError):
        checker.write(path, history())
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-3], "truncated Zstandard data"),
        (lambda data: data[:5], "truncated Zstandard data"),
        (lambda data: b"hello" + data, "damaged Zstandard data: "),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "damaged Zstandard data: "),
    ],
)
def test_damaged_compression_is_refused(tmp_path: Path, damage: Any, message: str) -> None:
    path = tmp_path / "h.jsonl.zst"
    path.write_bytes(damage(zstandard.ZstdCompressor(write_checksum=True).compress(text(HEADER, LINE) * 9)))
    with pytest.raises(HistoryError) as caught:
        checker.read(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_an_empty_compressed_file_has_no_header(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl.zst"
    path.write_bytes(b"")
    with pytest.raises(HistoryError, match="empty: no header"):
        checker.read(path)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"value": float("nan")}, "value", "nan is no JSON number"),
        ({"value": float("inf")}, "value", "inf is no JSON number"),
        ({"value": b"bytes"}, "value", "bytes is no JSON value"),
        ({"value": {1: 2}}, "value", "an object's names are strings"),
        ({"expected": [float("nan")]}, "expected", "nan is no JSON number"),
        ({"start": 1.5}, "start", "1.5 is no integer"),
        ({"end": 1.5}, "end", "1.5 is no integer"),
        ({"index": "0"}, "index", "'0' is no integer"),
        ({"session": None}, "session", "None is no string"),
        ({"node": 7}, "node", "7 is no string"),
        ({"op": "swap"}, "op", "unknown op 'swap'"),
        ({"status": ["ok"]}, "status", "unknown status ['ok']"),
        ({"position": 1.5}, "position", "1.5 is neither an integer nor a list of integers"),
        ({"position": (1, True)}, "position", "(1, True) is no list of integers"),
        ({"version": "1"}, "version", "'1' is neither an integer nor a list of integers"),
    ],
)
def test_operations_made_by_hand_are_held_to_the_same_rules(
    changes: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(HistoryError) as caught:
        History.from_operations([Operation(**{**LINE, **changes})])
    assert (caught.value.line, caught.value.field, caught.value.message) == (2, field, message)


def test_an_open_operation_may_have_an_end_and_overlaps_nobody() -> None:
    lines = [{**LINE, "status": "info"}, {**LINE, "index": 1, "start": 7, "end": 12}]
    assert len(loads(text(HEADER, *lines))) == 2
