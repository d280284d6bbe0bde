"""Columns from pages: what the templates leave to msgspec is numbered as what they read."""

from __future__ import annotations

from typing import Any

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
