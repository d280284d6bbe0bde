"""JSON of elle-cli and of dbcop: the lines of errors, what is shown of them, and by what they are known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checker.formats import dbcop, elle_json
from tests.checker.foreign import imported, refused, told

INVOKED = '{"index":0,"type":"invoke","process":0,"f":"write","value":1}'
READ = '{"index":0,"type":"%s","process":0,"f":"read","value":%s}'


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ('[{"type":"ok"}]', True),
        ('\ufeff [ { "a":1,\n"type" : "info"}', True),
        ('{"type":"invoke"', True),
        ('x {"type":"ok"}', False),
        ('{"type":"okay"}', False),
        ('{"kind":"ok"}', False),
    ],
)
def test_what_elle_cli_reads_is_known_by_its_types(text: str, known: bool) -> None:
    assert elle_json.FORMAT.looks_like(text.encode()) is known


def test_what_dbcop_wrote_is_known_by_its_events() -> None:
    histories: tuple[Any, ...] = ([[{"events": []}]], {"params": {}, "data": [[{"events": []}]]})
    for data in histories:
        assert dbcop.FORMAT.looks_like(json.dumps(data).encode())
    assert not dbcop.FORMAT.looks_like(b'what follows has "events": []')
    assert not dbcop.FORMAT.looks_like(b'[[{"event": []}]]')


def test_a_register_starts_at_0_and_reading_nil_from_it_says_nothing() -> None:
    text = "\n".join(READ % (kind, "null") for kind in ("invoke", "ok"))
    assert told(imported(text)) == [
        "initial write register=0 -2--1 ok",
        "p0 read register=None 0-1 info",
    ]
    assert imported(text).header.meta["imported_from"] == "elle-json"


@pytest.mark.parametrize(("read", "write", "starts"), [("read", "write", True), ("r", "w", False)])
def test_registers_of_transactions_start_at_0_if_read_and_write_are_spelled_out(
    read: str, write: str, starts: bool
) -> None:
    value = f'[["{read}","x",0],["{write}","y",1]]'
    text = "\n".join(
        (READ % (kind, value)).replace('"read","value"', '"txn","value"') for kind in ("invoke", "ok")
    )
    *initial, transaction = told(imported(text))
    assert transaction == "p0 txn r(x=0) w(y=1) 0-1 ok"
    assert initial == ["initial write x=0 -4--3 ok", "initial write y=0 -2--1 ok"] * starts


@pytest.mark.parametrize("text", ["", "\n", " \n\n"])
def test_nothing_is_an_empty_history(text: str) -> None:
    assert told(imported(text, "elle-json")) == []


def test_lines_may_be_blank() -> None:
    assert (
        len(
            told(
                imported(f"\n \n{INVOKED}\n\n{READ % ('info', 1)}\n \n".replace("read", "write"), "elle-json")
            )
        )
        == 2
    )
    assert refused(f"\n{INVOKED}\n\n7\n", "elle-json") == (4, None, "7 is no operation: not a map")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (INVOKED + '\n{"a":}\n', 2, "not JSON: JSON is malformed: invalid character (byte 5)"),
        (INVOKED + '\n{"a":\n', 2, "not JSON: Input data was truncated"),
        (
            f"[{INVOKED},\n\n{INVOKED},\nx\n]\n",
            4,
            f"not JSON: JSON is malformed: invalid character (byte {2 * len(INVOKED) + 6})",
        ),
        (f"\n[{INVOKED},\n{INVOKED}\n", 3, "not JSON: Input data was truncated"),
        (f"[{INVOKED},\n7]", 2, "7 is no operation: not a map"),
        ("[" + INVOKED.replace(",", ",\n") + ",\n7]", 6, "7 is no operation: not a map"),
        # The same text twice: the second is where it stands itself.
        (
            f"[\n{INVOKED},\n\n{INVOKED}]",
            4,
            "process 0 invokes before its operation of line 2 completed",
        ),
    ],
)
def test_an_error_is_said_with_its_line(text: str, line: int, message: str) -> None:
    found, _, said = refused(text, "elle-json")
    assert (found, said) == (line, message)


@pytest.mark.parametrize(
    ("length", "shown"), [(48, '["x",0,"' + "a" * 48 + '"]'), (60, '["x",0,"' + "a" * 52)]
)
def test_a_long_event_that_is_none_is_shown_in_part(length: int, shown: str) -> None:
    data: Any = [[{"events": [["x", 0, "a" * length]], "committed": True}]]
    assert refused(json.dumps(data), "dbcop") == (
        None,
        "events",
        f"{shown} is no event (session 0, transaction 0)",
    )


@pytest.mark.parametrize("length", [58, 59, 70])
def test_a_long_line_that_is_no_operation_is_shown_by_sixty_letters(length: int) -> None:
    shown = ('"' + "a" * length + '"')[:60]
    assert refused('"' + "a" * length + '"', "elle-json") == (1, None, f"{shown} is no operation: not a map")


def test_a_type_without_letters_is_nothing() -> None:
    assert refused('{"type":"","process":0,"f":"read"}', "elle-json") == (
        1,
        "type",
        "nothing is none of invoke, ok, fail, info",
    )


def test_what_is_wrong_without_a_place_is_said_with_the_first_line() -> None:
    line, _, message = refused(b'[{"a":\n"\xff"}]', "elle-json")
    assert (line, message[:10]) == (1, "not JSON: ")
