"""The parts of the reading room: words, templates, names, values and places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.reading.growing import Growing
from checker.reading.names import NameTable
from checker.reading.places import NULL, UNSAID, Marks, Positions, rank_marks
from checker.reading.templates import Holds, Piece, Slot, learn
from checker.reading.words import first_rows, mixed, numbers, packed, unpacked, until_quote

PLAIN = b'{"index":7,"session":"a","op":"read","key":"x","value":null,"start":5,"end":9,"status":"ok"}'


def words(*texts: bytes, width: int = 3) -> Any:
    return np.stack(packed([text[: 8 * width] for text in texts], width), axis=1)


@given(st.lists(st.integers(0, 10**20), min_size=1), st.sampled_from(b',}] :/"\xff'))
def test_numbers(wanted: list[int], behind: int) -> None:
    value, length, fine = numbers(words(*(b"%d%c99999999" % (number, behind) for number in wanted)))
    assert length.tolist() == [len(str(number)) for number in wanted]
    assert fine.tolist() == [number < 2**62 for number in wanted]
    assert value[fine].tolist() == [number for number in wanted if number < 2**62]


@pytest.mark.parametrize("text", [b"012,", b"00,", b",", b"-1,", b"x", b"", b"9" * 24])
def test_what_is_no_plain_number(text: bytes) -> None:
    assert not numbers(words(text))[2].any()


@given(
    st.lists(st.binary(max_size=12).filter(lambda text: b'"' not in text and b"\0" not in text), min_size=1)
)
def test_texts_end_at_the_first_quote(wanted: list[bytes]) -> None:
    content, length = until_quote(words(*(text + b'"a"' for text in wanted), width=1)[:, 0])
    assert unpacked([content]) == [text[:8] for text in wanted]
    assert length.tolist() == [min(8, len(text)) for text in wanted]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1))))
def test_the_first_of_equal_rows(rows: list[tuple[int, int]]) -> None:
    columns = [np.array([row[column] for row in rows], dtype=np.uint64) for column in (0, 1)]
    assert first_rows(columns).tolist() == [rows.index(row) for row in rows]


def test_rows_that_share_a_place_are_told_apart() -> None:
    """Three numbers that one table of 16 places has at one place."""
    places = mixed([np.arange(500, dtype=np.uint64)], 4)
    three = np.flatnonzero(places == places[0])[:3].astype(np.uint64)
    assert first_rows([np.concatenate((three, three))[[0, 1, 2, 2, 1, 0]]]).tolist() == [0, 1, 2, 2, 1, 0]


@pytest.mark.parametrize("expected", [0, 5, 6, 1000])
def test_a_column_grows_as_it_must(expected: int) -> None:
    column = Growing(np.int64)
    for part in ([1, 2], [], [3, 4, 5]):
        column.extend(np.array(part, dtype=np.int8), expected=expected)
    done = column.done()
    assert done.tolist() == [1, 2, 3, 4, 5]
    assert done.dtype == np.int64
    assert done.base is None or len(done.base) < 8
    column.extend(np.array([6]), expected=expected)
    assert (column.done().tolist(), done.tolist()) == ([6], [1, 2, 3, 4, 5])


# --- templates


def test_a_line_taken_apart() -> None:
    template = learn(PLAIN)
    assert template is not None
    assert template.pieces == (
        Piece(b'{"index":', Slot.NUMBER, "index"),
        Piece(b',"session":"', Slot.TEXT, "session"),
        Piece(b'","op":"read","key":"', Slot.TEXT, "key"),
        Piece(b'","value":null,"start":', Slot.NUMBER, "start"),
        Piece(b',"end":', Slot.NUMBER, "end"),
        Piece(b',"status":"ok"}', Slot.END),
    )
    assert (template.kind, template.status, template.final) == (3, 0, False)
    assert template.has("value") is Holds.NULL
    assert template.has("position") is Holds.NOTHING


def test_each_field_of_an_operation_has_its_slots() -> None:
    template = learn(
        b'{"index":7,"session":"a","op":"cas","key":null,"value":"v","expected":5,"start":5,"end":null,'
        b'"status":"info","node":"n","position":9,"version":[1,2,3,4,5,6,7,8],"phase":"final"}'
    )
    assert template is not None
    assert [(piece.field, piece.slot, piece.number) for piece in template.pieces[:-1]] == [
        ("index", Slot.NUMBER, 0),
        ("session", Slot.TEXT, 0),
        ("value", Slot.TEXT, 0),
        ("expected", Slot.NUMBER, 0),
        ("start", Slot.NUMBER, 0),
        ("node", Slot.TEXT, 0),
        ("position", Slot.NUMBER, 0),
        *(("version", Slot.NUMBER, number) for number in range(8)),
    ]
    assert (template.kind, template.status, template.final) == (2, 2, True)
    assert len(Holds) == 5, "no two are one"
    assert {name: template.has(name) for name in template.holds} == {
        "index": Holds.NUMBER,
        "session": Holds.TEXT,
        "key": Holds.NULL,
        "value": Holds.TEXT,
        "expected": Holds.NUMBER,
        "start": Holds.NUMBER,
        "end": Holds.NULL,
        "node": Holds.TEXT,
        "position": Holds.NUMBER,
        "version": Holds.LIST,
    }
    assert template.lengths == {"version": 8}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("index", (b"null", b'"a"', b"1.5")),
        ("session", (b"null", b"5")),
        ("key", (b"5", b"[5]")),
        ("value", (b"true", b"1.5", b"[5]", b'{"a":5}')),
        ("expected", (b"true", b"1.5", b"[5]", b'{"a":5}')),
        ("start", (b"null", b'"a"')),
        ("end", (b'"a"', b"1.5")),
        ("node", (b"5", b"[5]")),
        ("position", (b'"a"', b"1.5", b"[]", b'["a"]', b"[[5]]")),
        ("version", (b'"a"', b"1.5", b"[]", b'["a"]', b"[[5]]")),
    ],
)
def test_a_field_whose_value_is_never_read_from_a_slot_leaves_its_line_without_a_template(
    field: str, values: tuple[bytes, ...]
) -> None:
    kept = {"index": b"7", "session": b'"a"', "op": b'"read"', "key": b'"x"', "start": b"5", "end": b"9"}
    for value in values:
        said = kept | {"status": b'"ok"', field: value}
        line = b",".join(b'"%s":%s' % (name.encode(), text) for name, text in said.items())
        assert learn(b"{%s}" % line) is None


def test_what_nobody_asks_for_is_skipped_in_slots() -> None:
    template = learn(PLAIN[:-1] + b', "version": [1, 22], "took": -1.05, "why": {"a": ["b", true]}} ')
    assert template is not None
    assert template.pieces[5:] == (
        Piece(b',"status":"ok", "version": [', Slot.NUMBER, "version", 0),
        Piece(b", ", Slot.NUMBER, "version", 1),
        Piece(b'], "took": -', Slot.NUMBER),
        Piece(b".", Slot.DIGITS),
        Piece(b', "why": {"', Slot.TEXT),
        Piece(b'": ["', Slot.TEXT),
        Piece(b'", true]}} ', Slot.END),
    )
    assert template.lengths == {"version": 2}


@pytest.mark.parametrize(
    "line",
    [
        PLAIN[:-1],
        PLAIN.replace(b"null", b"1.5"),
        PLAIN.replace(b"null", b"-1"),
        PLAIN.replace(b"null", b"true"),
        PLAIN.replace(b"null", b"[1]"),
        PLAIN.replace(b'"a"', b'"\\u0061"'),
        PLAIN.replace(b'"read"', b'"swap"'),
        PLAIN.replace(b'"read"', b'"txn","ops":[]'),
        PLAIN[:-1] + b',"start":5}',
        PLAIN.replace(b'"session"', b'"index":7,"session"'),
        PLAIN[:-1] + b',"error":"\\n"}',
        PLAIN[:-1] + b',"took":1e5}',
        PLAIN[:-1] + b',"position":[]}',
        PLAIN[:-1] + b',"position":[1,2,3,4,5,6,7,8,9]}',
        PLAIN[:-1] + b',"position":[1,-2]}',
        PLAIN[:-1] + b',"%s":0}' % (b"x" * 400),
        b"[1]",
        b"",
    ],
)
def test_what_has_no_template(line: bytes) -> None:
    assert learn(line) is None


@pytest.mark.parametrize(("longer", "has_one"), [(0, True), (1, False)])
def test_there_are_at_most_four_hundred_letters_between_slots(longer: int, has_one: bool) -> None:
    last = b',"status":"ok","%s":true}'
    line = PLAIN.replace(b',"status":"ok"}', last % (b"x" * (400 - len(last % b"") + longer)))
    assert (learn(line) is not None) == has_one


def test_a_template_says_nothing_of_fields_that_nobody_reads() -> None:
    template = learn(PLAIN[:-1] + b',"took":5}')
    assert template is not None
    assert template.has("took") is Holds.NOTHING


# --- names and places


def test_names_are_numbered_as_they_appear_whoever_read_them() -> None:
    table = NameTable()
    out = np.full(5, -1, dtype=np.int32)
    table.number(np.array([1, 2, 4]), packed([b"b", b"a", b"b"], 1), [(0, "é"), (3, "a")], out=out)
    assert (out.tolist(), table.names) == ([0, 1, 2, 2, 1], ["é", "b", "a"])
    out = np.full(2, -1, dtype=np.int32)
    table.number(slice(None), packed([b"more than eight", b"a"], 2), [], out=out)
    assert (out.tolist(), table.names) == ([3, 2], ["é", "b", "a", "more than eight"])


def marks(*positions: Any) -> Marks:
    shape = [
        len(item) if isinstance(item, tuple) else item if item in (NULL, UNSAID) else 0 for item in positions
    ]
    rows = [
        item if isinstance(item, tuple) else (item,)
        for item, form in zip(positions, shape, strict=True)
        if form >= 0
    ]
    columns = [[row[at] if at < len(row) else 0 for row in rows] for at in range(max([1, *shape]))]
    return Marks(np.array(shape, dtype=np.int8), [np.array(column, dtype=np.int64) for column in columns])


@pytest.mark.parametrize("far", [1, 10**9])
def test_positions_are_ranked_near_and_far(far: int) -> None:
    position = marks((1, 9 * far), UNSAID, (1, 2 * far), (2, 0))
    version = marks(NULL, (1, 9 * far), UNSAID, (1, 3 * far))
    ranked = rank_marks(position, version)
    assert ranked is not None
    place, seen, positions = ranked
    assert place.tolist() == [3, -1, 1, 4]
    assert seen.tolist() == [0, 3, -1, 2]
    assert list(positions) == [(1, 2 * far), (1, 3 * far), (1, 9 * far), (2, 0)]
    assert (positions[-1], positions[1:3]) == ((2, 0), [(1, 3 * far), (1, 9 * far)])


def test_numbers_are_positions_and_lists_of_one_are_lists() -> None:
    ranked = rank_marks(marks(5, 3), marks(UNSAID, NULL))
    assert ranked is not None
    assert isinstance(ranked[2], Positions)
    assert list(ranked[2]) == [3, 5]
    ranked = rank_marks(marks((5,), (3,)), marks(UNSAID, NULL))
    assert ranked is not None
    assert list(ranked[2]) == [(3,), (5,)]


def test_positions_too_different_to_be_packed() -> None:
    assert rank_marks(marks(5, (1, 2)), marks(UNSAID, UNSAID)) is None
    assert rank_marks(marks((0, 2**61), (2**61, 0)), marks(UNSAID, UNSAID)) is None
