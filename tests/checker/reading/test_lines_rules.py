"""One line at a time: what is wrong with it, in so many words, and what is passed over."""

from __future__ import annotations

import pytest

from checker import Header, HistoryError
from checker.reading.lines import decode_fields, decode_header, decode_operation

LINE = b'{"index":7,"session":"a","op":"read","key":"x","value":1,"start":5,"end":9,"status":"ok"%s}'


def refused(line: bytes, *, cut: bool = False) -> tuple[str | None, int | None, str | None, str]:
    """What is said of a line, the same by both who read one."""
    said = []
    for decode in (decode_fields, decode_operation):
        with pytest.raises(HistoryError) as caught:
            decode(line, file="h.jsonl", number=8, cut=cut)
        wrong = caught.value
        said.append((wrong.file, wrong.line, wrong.field, wrong.message))
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        (b"", None, "an empty line"),
        (b" \t", None, "an empty line"),
        (b"[1]", None, "not a JSON object"),
        (b'{"index"', None, "not JSON: Input data was truncated"),
        (b"{}", "index", "missing"),
        (LINE.replace(b":7", b':"7"') % b"", "index", "Expected `int`, got `str`"),
        (LINE % b',"end":null,"start":false', "start", "Expected `int`, got `bool`"),
        # What no field asks for is JSON nevertheless.
        (LINE % b',"why":1e999', None, "not JSON: Number out of range - at `$[...]`"),
        (
            LINE % b',"why":"\xff"',
            None,
            "not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: bytes, field: str | None, message: str) -> None:
    assert refused(line) == ("h.jsonl", 8, field, message)


def test_a_line_that_the_file_ends_in_is_truncated() -> None:
    assert refused(b"", cut=True) == ("h.jsonl", 8, None, "the last line is truncated")
    assert refused(b"[", cut=True) == ("h.jsonl", 8, None, "the last line is truncated")
    assert refused(b"{}", cut=True) == ("h.jsonl", 8, "index", "missing")


def test_what_no_field_asks_for_is_kept_where_all_is_asked_for() -> None:
    line = LINE % b',"why":[1,{"a":null}]'
    assert decode_operation(line, file="", number=2, cut=False).extra == {"why": [1, {"a": None}]}
    assert decode_operation(LINE % b"", file="", number=2, cut=True).extra == {}
    fields = decode_fields(line, file="", number=2, cut=False)
    assert (fields.index, fields.key, fields.value, fields.end) == (7, "x", 1, 9)


@pytest.mark.parametrize(
    ("line", "cut", "field", "message"),
    [
        (b"{}", False, "format", "missing"),
        (b'{"format":"rts-history/2"}', False, "format", "'rts-history/2' is not 'rts-history/1'"),
        (
            b'{"format":"rts-history/1","expect":{"causal":1}}',
            False,
            "expect[...]",
            "Expected `str`, got `int`",
        ),
        (b'{"format":', True, None, "the last line is truncated"),
        (b"[]", True, None, "not a JSON object"),
    ],
)
def test_what_is_wrong_with_a_header_is_on_the_first_line(
    line: bytes, cut: bool, field: str | None, message: str
) -> None:
    with pytest.raises(HistoryError) as caught:
        decode_header(line, file="h.jsonl", cut=cut)
    wrong = caught.value
    assert (wrong.file, wrong.line, wrong.field, wrong.message) == ("h.jsonl", 1, field, message)


def test_a_header_keeps_what_it_does_not_know() -> None:
    header = decode_header(b'{"one_log":true,"colour":"blue","format":"rts-history/1"}', file="", cut=False)
    assert header == Header(one_log=True, extra={"colour": "blue"})


def test_what_a_header_calls_extra_is_one_of_the_fields_that_nobody_asks_for() -> None:
    line = b'{"format":"rts-history/1","extra":{"a":1},"why":2}'
    assert decode_header(line, file="", cut=False).extra == {"extra": {"a": 1}, "why": 2}
