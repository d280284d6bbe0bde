"""A file read by pages is the file read line by line: its name, its header, its errors."""

from __future__ import annotations

import pytest

from checker import HistoryError
from checker.reading import InMemory, Sizes, read_text
from tests.checker.reading.test_reading import EAGER, HEADER, lines, told_both_ways


@pytest.mark.parametrize("sizes", [EAGER, Sizes()])
def test_a_history_knows_its_file(sizes: Sizes) -> None:
    assert read_text(InMemory(HEADER + lines(0, 3)), file="h.jsonl", sizes=sizes).file == "h.jsonl"


@pytest.mark.parametrize("page", [8, 30, 10_000])
def test_a_header_is_cut_where_the_file_is(page: int) -> None:
    sizes = Sizes(short=0, page=page, few=1)
    where = ("h.jsonl", 1, None)
    assert told_both_ways(HEADER[:-4], sizes) == ("the last line is truncated", *where)
    broken = HEADER[:-2] + b"\n"
    for data in (broken, broken + lines(0, 3), broken + lines(0, 3)[:-1]):
        assert told_both_ways(data, sizes) == ("not JSON: Input data was truncated", *where)


def test_a_file_of_nothing_but_its_header() -> None:
    assert told_both_ways(HEADER)[1] == told_both_ways(HEADER[:-1])[1] == []


@pytest.mark.parametrize("sizes", [EAGER, Sizes()])
def test_an_empty_file_has_no_header(sizes: Sizes) -> None:
    with pytest.raises(HistoryError) as caught:
        read_text(InMemory(b""), file="h.jsonl", sizes=sizes)
    wrong = caught.value
    assert (wrong.file, wrong.line, wrong.field, wrong.message) == ("h.jsonl", 1, None, "empty: no header")


def test_what_only_operations_in_memory_can_hold_is_read_line_by_line() -> None:
    line = (
        b'{"index":%d,"session":"s","op":"write","key":"%d","start":%d,"end":%d,"status":"ok",'
        b'"position":%s}\n'
    )
    shapes = b"".join(
        line % (row, row, row, row, position) for row, position in enumerate((b"7", b"[1,2]", b"[3]"))
    )
    _, _, *columns = told_both_ways(HEADER + shapes)
    held = {name: found for name, _, found in columns}
    assert (held["place"], held["positions"]) == ([1, 2, 3], [7, (1, 2), (3,)])
