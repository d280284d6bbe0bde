"""Columns from pages: what the templates leave to msgspec is numbered as what they read."""

from __future__ import annotations

from typing import Any

import pytest

from checker.reading import InMemory, columns
from checker.reading.growing import Growing
from checker.reading.pages import pages
from tests.checker.reading.test_reading import HEADER, told_both_ways

FORM = (
    '{"index":%d,"session":"s","op":"cas","key":"k","value":%s,"expected":%s,"start":%d,"end":%d,'
    '"status":"ok"%s}\n'
)


def columns_of(*rows: tuple[str, str, str]) -> dict[str, Any]:
    """The columns of compare-and-sets, each a value, what it expected, and the end of its line."""
    lines = (
        FORM % (row, value, expected, 10 * row, 10 * row + 5, tail)
        for row, (value, expected, tail) in enumerate(rows)
    )
    _, _, *columns = told_both_ways(HEADER + "".join(lines).encode())
    return {name: held for name, _, held in columns}


def test_a_value_named_twice_is_the_last_one_and_nothing_of_the_first() -> None:
    """Its line agrees with the template up to the second: the first is read from its slot by then."""
    columns = columns_of(
        ('"a very long text"', '"a"', ""),
        ('"b"', '"a"', ""),
        ('"another long text"', '"a"', ',"value":"b"'),
        ("5", '"a"', ""),
        ('"one more long text"', '"also very long"', ',"value":5,"expected":"a"'),
    )
    assert columns["value"] == [1, 2, 2, 3, 3]
    assert columns["expected"] == [4, 4, 4, 4, 4]


def test_texts_that_begin_alike_differ_beside_numbers() -> None:
    """In their second word, and in their third."""
    texts = ('"12345678a"', '"12345678b"', "5", '"12345678abcdefghi"', '"12345678abcdefghj"', '"12345678a"')
    columns = columns_of(*((text, text, "") for text in texts))
    assert columns["value"] == columns["expected"] == [1, 2, 3, 4, 5, 1]


OPEN = b'{"index":%d,"session":"s%d","op":"write","key":"k","start":%s,"end":null,"status":"info"%s}\n'


def test_a_file_in_which_nothing_ever_ended() -> None:
    lines = b"".join(OPEN % (row, row, b"%d" % (10 + row), b"") for row in range(3))
    _, _, *columns = told_both_ways(HEADER + lines)
    assert {name: held for name, _, held in columns}["end"] == [2**63 - 1] * 3


def test_a_time_beyond_62_bits_is_refused_among_others_that_only_msgspec_reads() -> None:
    """The error's text has a backslash, and so no line has a template."""
    for second, refused in ((b"11", False), (b"%d" % 2**62, True), (b"%d" % 2**70, True)):
        starts = (b"10", second, b"12")
        lines = b"".join(OPEN % (row, row, start, b',"error":"\\n"') for row, start in enumerate(starts))
        said = told_both_ways(HEADER + lines)
        assert (said == (f"{int(second)} is beyond 62 bits", "h.jsonl", 3, "start")) == refused


def positioned(position: Any) -> tuple[Any, ...]:
    """What is said of two writes, of which only msgspec reads the second, with its position."""
    tails = (b',"position":4', b',"position":%s,"error":"\\n"' % str(position).encode())
    lines = b"".join(OPEN % (row, row, b"%d" % (10 + row), tail) for row, tail in enumerate(tails))
    return told_both_ways(HEADER + lines.replace(b'"key":"k"', b'"key":"j"', 1))


@pytest.mark.parametrize(
    "position", [2**62, 2**70, -(2**70), [2**62], [1, 2**70], [2**70, 1], [-(2**70)] * 2, [3] * 9, [3] * 200]
)
def test_a_position_may_be_larger_or_longer_than_columns_hold(position: Any) -> None:
    _, _, *found = positioned(position)
    held = {name: held for name, _, held in found}
    said = tuple(position) if isinstance(position, list) else position
    assert held["positions"] == ([said, 4] if said == -(2**70) else [4, said])
    assert sorted(held["place"]) == [1, 2]


def test_a_position_of_nothing_is_refused_among_others() -> None:
    assert positioned([]) == ("() is no list of integers", "h.jsonl", 3, "position")


def test_as_much_room_is_asked_for_as_the_first_page_lets_one_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two in a hundred more than the file's length holds of such lines; later pages change nothing."""
    asked: list[int] = []

    class Noted(Growing):
        def extend(self, part: Any, *, expected: int) -> None:
            asked.append(expected)
            super().extend(part, expected=expected)

    monkeypatch.setattr(columns, "Growing", Noted)
    line = OPEN % (1, 1, b"10", b"")
    gathering = columns.Gathering(file="h.jsonl", few=1, length=1000 * len(line))
    for data, first in ((HEADER + 3 * line, 1), (OPEN % (2, 2, b"12345678", b""), 0)):
        (page,) = pages(InMemory(data).open())
        gathering.add(page, first=first)
    assert set(asked) == {1020}
