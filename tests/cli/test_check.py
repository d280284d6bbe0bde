import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from rts.cli.group import main

HEADER = '{"format": "rts-history/1", "real_time_writes": true}'
WRITE = (
    '{"index": 0, "session": "s0", "op": "write", "key": "k0", "value": 1,'
    ' "start": 0, "end": 10, "status": "ok", "position": 1}'
)
STALE = (
    '{"index": 1, "session": "s0", "op": "read", "key": "k0", "value": null,'
    ' "start": 20, "end": 30, "status": "ok", "version": null, "node": "n1"}'
)
FRESH = STALE.replace("null", "1")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, lines in {
        "stale": (HEADER, WRITE, STALE),
        "fresh": (HEADER, WRITE, FRESH),
        "alone": (HEADER, WRITE),
        "wrong": (HEADER, WRITE, STALE.replace("read", "raed")),
        "cut": (HEADER, WRITE[:40]),
    }.items():
        end = "" if name == "cut" else "\n"
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + end)
    return tmp_path


def judged(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    status = main(["check", "--json", *arguments])
    captured = capsys.readouterr()
    return status, [json.loads(line) for line in captured.out.splitlines()], captured.err


@pytest.mark.usefixtures("files")
def test_each_file_is_one_object_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, (stale, fresh), errors = judged(capsys, "stale.jsonl", "fresh.jsonl")
    assert (status, errors) == (1, "")
    assert (stale["format"], stale["file"], stale["verdict"]) == ("rts-report/1", "stale.jsonl", "violated")
    assert stale["guarantees"]["read-your-writes"]["violations"][0]["operations"] == [0, 1]
    assert (fresh["file"], fresh["verdict"]) == ("fresh.jsonl", "holds")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["fresh.jsonl"], 0),
        (["stale.jsonl"], 1),
        (["alone.jsonl", "--guarantee", "monotonic-reads"], 3),
        (["fresh.jsonl", "stale.jsonl"], 1),
        (["stale.jsonl", "wrong.jsonl"], 2),
        (["stale.jsonl", "--guarantee", "monotonic-reads"], 3),
        (["fresh.jsonl", "--staleness", "10ns"], 0),
        (["fresh.jsonl", "--time-limit", "0s"], 3),
        (["fresh.jsonl", "--memory-limit", "1KB"], 3),
    ],
)
def test_exit_status(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(capsys, *arguments)[0] == status


@pytest.mark.usefixtures("files")
def test_a_bad_file_is_named_with_line_and_field_and_the_others_are_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, reports, errors = judged(capsys, "wrong.jsonl", "cut.jsonl", "nowhere.jsonl", "fresh.jsonl")
    assert status == 2
    assert [report["file"] for report in reports] == ["fresh.jsonl"]
    first, second, third = errors.splitlines()
    assert first.startswith("rts: wrong.jsonl:3: op: ")
    assert second == "rts: cut.jsonl:2: the last line is truncated"
    assert third == "rts: nowhere.jsonl: No such file or directory"


@pytest.mark.usefixtures("files")
def test_at_most_so_many_violations_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    _, (report,), _ = judged(capsys, "stale.jsonl", "--max-violations", "0")
    broken = report["guarantees"]["read-your-writes"]
    assert (broken["violations"], broken["violation_count"]) == ([], 1)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--guarantee", "read-your-wites"],
            "there is no guarantee 'read-your-wites'; there are: read-your-",
        ),
        (["--guarantee", "bounded-staleness"], "needs a bound: add --staleness 5s"),
        (["--staleness", "5 parsecs"], "--staleness: '5 parsecs' is no bound"),
        (["--time-limit", "soon"], "'soon' is no duration: write it as 60s"),
        (["--memory-limit", "much"], "'much' is no amount of memory"),
        (["--from", "jepsn"], "'jepsn' is not"),
    ],
)
def test_wrong_words_are_wrong_usage(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, reports, errors = judged(capsys, "fresh.jsonl", *arguments)
    assert (status, reports) == (2, [])
    assert message in errors


def test_standard_input_is_a_file_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = f"{HEADER}\n{WRITE}\n{FRESH}\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    status, (report,), _ = judged(capsys, "-")
    assert (status, report["verdict"], report["operations"]) == (0, "holds", 2)


@pytest.mark.usefixtures("files")
def test_the_text_report_names_the_guarantee(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "stale.jsonl", "fresh.jsonl"]) == 1
    text = capsys.readouterr().out
    assert "read-your-writes" in text
    assert text.index("stale.jsonl") < text.index("fresh.jsonl")
    assert "\x1b" not in text


EDN = """[{:process 4, :type :invoke, :f :write, :value 2}
 {:process :nemesis, :type :info, :f :kill, :value nil}
 {:process 4, :type :ok, :f :write, :value 2}
 {:process 5, :type :invoke, :f :read, :value nil}
 {:process 5, :type :ok, :f :read, :value nil}]
"""


def test_a_foreign_file_says_how_it_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "h.edn"
    file.write_text(EDN)
    assert main(["check", str(file), "--guarantee", "linearizable"]) == 3
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == f"{file}: 3 operations (2 ok, 0 fail, 1 info), 3 sessions, 1 key: unknown"
    assert second == (
        "imported from jepsen-edn: 2 operations read; events of no client skipped: 1; keys start with 0; "
        "nil is unknown"
    )
    _, (report,), _ = judged(capsys, str(file))
    assert report["imported"] == {
        "imported_from": "jepsen-edn",
        "operations": 2,
        "skipped": {"events of no client": 1},
        "nil": "unknown",
        "initial": 0,
    }


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        ([], "unknown"),
        (["--nil", "absent"], "violated"),
        (["--nil", "absent", "--initial", "null"], "violated"),
        (["--initial", '"x"'], "unknown"),
    ],
)
def test_what_a_format_leaves_open_can_be_said(
    arguments: list[str], verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "h.edn").write_text(EDN)
    _, (report,), _ = judged(capsys, str(tmp_path / "h.edn"), "--guarantee", "linearizable", *arguments)
    assert report["guarantees"]["linearizable"]["verdict"] == verdict


def test_foreign_errors_name_file_line_and_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "h.edn").write_text(EDN.replace(":f :read", ":f :push"))
    (tmp_path / "h.txt").write_text("nonsense\n")
    status, reports, errors = judged(capsys, str(tmp_path / "h.edn"), str(tmp_path / "h.txt"))
    assert (status, reports) == (2, [])
    first, second = errors.splitlines()
    assert first == (
        f"rts: {tmp_path}/h.edn:5: f: :push is none of read, write, cas, delete, get, put, append, txn, "
        "acquire, release"
    )
    assert second.startswith(f"rts: {tmp_path}/h.txt: of no known format (tried rts-history, ")
    assert second.endswith("it begins with 'nonsense\\n'")


def test_a_format_that_is_said_is_not_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "h").write_text(EDN)
    status, _, errors = judged(capsys, str(tmp_path / "h"), "--from", "plume")
    assert status == 2
    assert "is no r(key,value,session,transaction)" in errors


def test_foreign_standard_input_is_read_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EDN.encode())))
    _, (report,), _ = judged(capsys, "-")
    assert (report["imported"]["imported_from"], report["operations"]) == ("jepsen-edn", 3)


def test_staleness_needs_one_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "h.txt").write_text("w(0,1,0,0)\nr(0,1,1,1)\n")
    status, _, errors = judged(capsys, str(tmp_path / "h.txt"), "--staleness", "5s")
    assert (status, errors) == (
        2,
        f"rts: {tmp_path}/h.txt: --staleness: each session has a clock of its own\n",
    )


def test_an_initial_value_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, errors = judged(capsys, str(tmp_path / "h.edn"), "--initial", "nil")
    assert status == 2
    assert "'nil' is no JSON: write 0, null or" in errors
