"""Files read by their templates say exactly what they say line by line, and so do their errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings

import checker
from checker import HistoryError
from checker.history.columns import Columns
from checker.reading import InMemory, Sizes, read_text, texts
from checker.reading.pages import pages
from checker.reading.scan import MOST_TEMPLATES, UNKNOWN, Scanner
from tests.checker.recorded_lines import files

HEADER = b'{"format":"rts-history/1"}\n'
LINE = (
    b'{"index":%d,"session":"s%d","op":"write","key":"k","value":"v%d","start":%d,"end":%d,"status":"ok",'
    b'"position":[1,%d]}\n'
)
EAGER = Sizes(short=0, few=1)


def lines(first: int, last: int) -> bytes:
    """Operations of three sessions, one after the other."""
    return b"".join(
        LINE % (index, index % 3, index, 10 * index, 10 * index + 5, index) for index in range(first, last)
    )


def told(data: bytes, sizes: Sizes) -> tuple[Any, ...]:
    """What reading says: the header, the operations and the columns, or the error."""
    try:
        history = read_text(InMemory(data), file="h.jsonl", sizes=sizes)
    except HistoryError as wrong:
        return wrong.message, wrong.file, wrong.line, wrong.field
    operations = [history.operation(row) for row in range(len(history))]
    return (history.header, operations, *listed(history.columns))


def listed(columns: Columns) -> Iterator[tuple[Any, ...]]:
    for field in fields(columns):
        held = getattr(columns, field.name)
        kind = held.dtype if isinstance(held, np.ndarray) else None
        yield field.name, kind, held if isinstance(held, int) else list(held)


def told_both_ways(data: bytes, sizes: Sizes = EAGER) -> tuple[Any, ...]:
    plainly = told(data, Sizes(short=len(data)))
    assert told(data, sizes) == plainly
    return plainly


# --- both ways agree


@given(files())
@settings(max_examples=100)
def test_a_file_says_the_same_in_both_ways(data: bytes) -> None:
    told_both_ways(data)
    told_both_ways(data, Sizes(short=0, page=200, few=1))


@pytest.mark.parametrize(
    "line",
    [
        b'{"index":1,"session":"s\xc3\xa9","op":"read","key":"k","value":"v1","start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s\\u0031","op":"read","key":"k","value":"v\\n","start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","value":1.0,"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","value":{"b":1,"a":[]},"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","value":01,"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","value":1e999,"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","value":18446744073709551616,"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":6,"start":7,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":6,"end":7,"status":"ok","start":0}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":4611686018427387903,"end":null,"status":"info"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":4611686018427387904,"end":null,"status":"info"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":6,"end":9223372036854775807,"status":"info"}',
        b'{"index":-1,"session":"s1","op":"read","key":"k","value":-1,"start":-6,"end":-5,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"write","key":"k","start":6,"end":7,"status":"ok","position":[1,-2]}',
        b'{"index":1,"session":"s1","op":"write","key":"q","start":6,"end":7,"status":"ok","position":4}',
        b'{"index":1,"session":"s1","op":"write","key":"k","start":6,"end":7,"status":"ok","position":4}',
        b'{"index":1,"session":"s1","op":"cas","key":"k","value":1,"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","start":6,"end":7,"status":"ok"}',
        b'{"index":0,"session":"s1","op":"read","key":"k","start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s0","op":"read","key":"k","start":5,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":6,"end":5,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"read","key":"k","start":6,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"txn","ops":[["r","x",null]],"start":6,"end":7,"status":"ok"}',
        b'{"index":1,"session":"s1","op":"txn","ops":[["r","x"]],"start":6,"end":7,"status":"ok"}',
        b"",
        b"{",
    ],
)
@pytest.mark.parametrize("copies", [1, 3])
def test_lines_out_of_the_ordinary(line: bytes, copies: int) -> None:
    """Each among lines that follow a template, and as a template of its own where it can be one."""
    told_both_ways(HEADER + lines(0, 1) + (line + b"\n") * copies + lines(2, 6))


def test_line_ends_of_windows_and_a_last_line_without_one() -> None:
    data = (HEADER + lines(0, 9)).replace(b"\n", b"\r\n")
    assert len(told_both_ways(data)[1]) == 9
    assert len(told_both_ways(data[:-2])[1]) == 9
    assert told_both_ways(data[:-3]) == ("the last line is truncated", "h.jsonl", 10, None)


def test_a_text_does_not_run_on_into_the_next_line() -> None:
    """Without its quote the text would go on to one of the next line, and the line to the next one's end."""
    torn = b'{"index":3,"session":"s0\n'
    said = told_both_ways(HEADER + lines(0, 3) + torn + lines(4, 6))
    assert said == ("not JSON: Input data was truncated", "h.jsonl", 5, None)


def test_a_page_shorter_than_a_line() -> None:
    assert len(told_both_ways(HEADER + lines(0, 40), Sizes(short=0, page=10, few=1))[1]) == 40


def test_a_value_is_one_whoever_read_it() -> None:
    """Read from a slot, or by msgspec because of an escape, a fraction or another byte on the line."""
    form = (
        '{"index":%d,"session":"%d","op":"read","key":"k","value":%s,"start":%d,"end":%d,"status":"ok"%s}\n'
    )
    texts_ = [
        "1",
        "1.0",
        '"1"',
        '"\\u0031"',
        "true",
        '""',
        "null",
        '"%s"' % ("x" * 20),
        '"%s"' % ("x" * 70),
        "1e0",
    ]
    spelled = [(text, tail) for tail in ("", ',"mode":"é"') for text in texts_]
    data = "".join(form % (row, row, text, row, row, tail) for row, (text, tail) in enumerate(spelled))
    _, _, *columns = told_both_ways(HEADER + data.encode())
    (value,) = (held for name, _, held in columns if name == "value")
    assert value == [1, 1, 2, 2, 3, 4, 0, 5, 6, 1] * 2


# --- the scanner reads what it is for


def scanned(data: bytes, *, few: int = 1) -> tuple[list[int], Scanner]:
    scanner = Scanner(few=few)
    forms: list[int] = []
    for page in pages(InMemory(data).open()):
        forms += scanner.read(page, 0).form.tolist()
    return forms, scanner


def test_lines_of_two_forms_are_known_by_them() -> None:
    other = lines(1, 2).replace(b'"write"', b'"read"').replace(b'"position"', b'"version"')
    forms, scanner = scanned(lines(0, 1) + other + lines(2, 4) + b"{}\n")
    assert forms == [0, 1, 0, 0, UNKNOWN]
    assert [template.kind for template in scanner.templates] == [0, 3]


def test_a_number_where_another_form_has_null_is_no_hindrance() -> None:
    line = b'{"index":%d,"session":"s","op":"read","key":"k","value":%s,"start":1,"end":2,"status":"ok"}\n'
    data = b"".join(line % (row, value) for row, value in enumerate((b"1", b"null", b'"a"', b"22", b"null")))
    forms, _ = scanned(data)
    assert forms == [0, 1, 2, 0, 1]


def test_few_lines_are_left_alone() -> None:
    forms, scanner = scanned(lines(0, 9), few=10)
    assert (set(forms), scanner.templates) == ({UNKNOWN}, [])


def test_there_is_an_end_to_learning() -> None:
    data = b"".join(lines(0, 1).replace(b'"op"', b'"x%d":1,"op"' % number) for number in range(200))
    forms, scanner = scanned(data)
    assert len(scanner.templates) == MOST_TEMPLATES
    assert forms.count(UNKNOWN) == 200 - MOST_TEMPLATES


# --- where the bytes are


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files as short as those of tests stay on the disk."""
    monkeypatch.setattr(texts, "KEPT", 100)


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.zst"])
def test_a_long_file_is_read_again_where_it_is_asked_for(tmp_path: Path, suffix: str) -> None:
    data = HEADER + lines(0, 2000)
    path = tmp_path / f"h{suffix}"
    path.write_bytes(zstandard.compress(data) if suffix.endswith("zst") else data)
    history = checker.read(path)
    assert history.operation(1234).value == "v1234"
    assert history.operation(1234) is history.operation(1234)
    assert checker.dumps(history) == data
    assert history.operations[1234] == history.operation(1234)


@pytest.mark.usefixtures("long")
def test_a_file_that_was_changed_is_not_taken_for_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(HEADER + lines(0, 2000))
    history = checker.read(path)
    path.write_bytes(HEADER + lines(0, 2001))
    with pytest.raises(HistoryError, match="changed since it was read"):
        history.operation(7)
    path.unlink()
    with pytest.raises(HistoryError, match="No such file"):
        checker.dumps(history)


def test_a_short_file_may_go(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(HEADER + lines(0, 3))
    history = checker.read(path)
    path.unlink()
    assert history.operation(2).value == "v2"
    assert checker.dumps(history) == HEADER + lines(0, 3)


def test_a_folder_is_no_history(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="Is a directory"):
        checker.read(tmp_path)
