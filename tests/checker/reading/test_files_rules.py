"""What a history file says, byte for byte: no field too many, none too few, and a mark of its own damage."""

from __future__ import annotations

from pathlib import Path

import pytest
import zstandard

import checker
from checker import Header, History, HistoryError, Operation, dumps, loads
from tests.checker.literal import history, w


def test_the_last_line_ends_like_the_others() -> None:
    assert dumps(history()) == b'{"format":"rts-history/1"}\n'


def test_what_stands_behind_the_phase_is_written_in_the_main_one_too() -> None:
    late = w(0, "a", "x=1", 0, 10, error="slow")
    both = Operation(index=1, session="a", op="txn", start=20, end=30, status="ok", ops=[["r", "x", 1]])
    assert dumps(history(late, both)).splitlines()[1:] == [
        b'{"index":0,"session":"a","op":"write","key":"x","value":1,"start":0,"end":10,"status":"ok",'
        b'"error":"slow"}',
        b'{"index":1,"session":"a","op":"txn","value":null,"start":20,"end":30,"status":"ok",'
        b'"ops":[["r","x",1]]}',
    ]


def test_a_value_that_reads_like_the_main_phase_is_written() -> None:
    assert b'"value":"main"' in dumps(history(w(0, "a", 'x="main"', 0, 10)))


def test_a_header_says_what_is_out_of_the_ordinary_and_no_more() -> None:
    header = Header(name="n", one_log=True, mode="leader", expect={"linearizable": "violated"})
    assert dumps(History.from_operations([], header=header)) == (
        b'{"format":"rts-history/1","name":"n","one_log":true,"mode":"leader",'
        b'"expect":{"linearizable":"violated"}}\n'
    )


def test_a_compressed_file_has_a_checksum(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl.zst"
    checker.write(path, history(w(0, "a", "x=1", 0, 10)))
    assert zstandard.get_frame_parameters(path.read_bytes()).has_checksum


def test_bytes_that_nobody_named_are_memory() -> None:
    with pytest.raises(HistoryError) as caught:
        loads(b"7\n")
    assert (caught.value.file, caught.value.line) == ("<memory>", 1)
