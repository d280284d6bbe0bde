"""`rts convert`: a history in another format, on standard output or in a new file."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import checker
from rts.cli.group import main

EDN = """{:process 4, :type :invoke, :f :write, :value 2}
{:process 4, :type :ok, :f :write, :value 2}
"""


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "h.edn").write_text(EDN)
    return tmp_path


@pytest.mark.usefixtures("history")
def test_it_is_written_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "h.edn", "--to", "jepsen-json", "--initial", "null"]) == 0
    _, *events = map(json.loads, capsys.readouterr().out.splitlines())
    assert events == [
        {"index": 0, "time": 0, "process": 4, "type": "invoke", "f": "write", "value": 2},
        {"index": 1, "time": 1, "process": 4, "type": "ok", "f": "write", "value": 2},
    ]


def test_it_is_written_to_a_new_file(history: Path) -> None:
    assert main(["convert", "h.edn", "--to", "rts-history", "-o", "h.jsonl"]) == 0
    assert checker.read(history / "h.jsonl").operations == checker.read(history / "h.edn").operations


def test_nothing_is_overwritten(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "h.edn", "--to", "jepsen-edn", "-o", "h.edn"]) == 2
    assert capsys.readouterr().err == "rts: h.edn: there is such a file already\n"
    assert (history / "h.edn").read_text() == EDN


def test_there_and_back_leaves_what_it_was(history: Path) -> None:
    assert main(["convert", "h.edn", "--to", "rts-history", "-o", "1.jsonl"]) == 0
    assert main(["convert", "1.jsonl", "--to", "jepsen-edn", "-o", "2.edn"]) == 0
    assert main(["convert", "2.edn", "--to", "rts-history", "-o", "3.jsonl"]) == 0
    first, third = checker.read(history / "1.jsonl"), checker.read(history / "3.jsonl")
    assert first.operations == third.operations


def test_standard_input_may_be_converted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EDN.encode())))
    assert main(["convert", "-", "--to", "jepsen-edn"]) == 0
    assert capsys.readouterr().out.endswith(
        "{:index 3, :time 1, :process 4, :type :ok, :f :write, :value 2}\n"
    )


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.edn", "--to", "jepsen-edn"], "rts: nowhere.edn: No such file or directory"),
        (["h.edn", "--to", "jepsen-edn", "--from", "plume"], "rts: h.edn:1: "),
        (["h.edn", "--to", "porcupine"], "'porcupine' is not one of"),
        (["h.edn"], "Missing option '--to'"),
        (["h.edn", "--to", "jepsen-edn", "-o", "x.zst"], "it is written uncompressed"),
        (["h.edn", "--to", "jepsen-edn", "-o", "no/such/folder"], "rts: no/such/folder: No such file"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", *arguments]) == 2
    assert message in capsys.readouterr().err
