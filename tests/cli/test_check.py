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
