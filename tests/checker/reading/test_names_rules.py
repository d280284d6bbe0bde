"""Names that an earlier page mentioned are found again, whoever stands in their place in the table."""

from __future__ import annotations

import numpy as np

from checker.reading.names import NameTable
from checker.reading.words import packed


def numbered(table: NameTable, *names: bytes, width: int = 1) -> list[int]:
    out = np.full(len(names), -1, dtype=np.int32)
    table.number(slice(None), packed(list(names), width), [], out=out)
    return out.tolist()


def test_a_later_page_finds_known_names_and_numbers_new_ones_in_their_order() -> None:
    table = NameTable()
    assert numbered(table, b"b", b"a", b"b") == [0, 1, 0]
    assert numbered(table, b"c", b"a", b"d", b"b", b"c") == [2, 1, 3, 0, 2]
    assert numbered(table, b"d", b"c", b"b", b"a") == [3, 2, 0, 1]
    assert table.names == ["b", "a", "c", "d"]


def test_names_that_share_a_place_in_the_table_are_told_apart() -> None:
    table = NameTable()
    many = [b"n%d" % number for number in range(10_000)]
    assert numbered(table, *many) == list(range(10_000))
    assert numbered(table, *reversed(many)) == list(reversed(range(10_000)))


def test_a_name_is_the_same_beside_long_ones() -> None:
    table = NameTable()
    assert numbered(table, b"short") == [0]
    assert numbered(table, b"longer than a word", b"short", width=3) == [1, 0]
    assert numbered(table, b"short") == [0]


def test_long_names_that_begin_alike_stay_apart_on_later_pages() -> None:
    table = NameTable()
    assert numbered(table, b"a-client-1", b"a-client-2", width=2) == [0, 1]
    assert numbered(table, b"a-client-2", b"a-client-3", b"a-client-1", width=2) == [1, 2, 0]
