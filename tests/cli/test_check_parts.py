"""`rts check --memory-limit` on a file that does not fit: judged part by part, for what allows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import checker
from rts.cli import check
from rts.cli.group import main
from tests.checker.literal import history, r, w

SIZE = 400


@pytest.fixture
def file(tmp_path: Path) -> str:
    good = [
        w(number, "n", f"n{number % 7}={number}", 100 * number, 100 * number + 9, position=number)
        for number in range(1, SIZE)
    ]
    late = 100 * SIZE
    bad = (
        w(SIZE, "a", "k=1", late, late + 10, position=SIZE),
        r(SIZE + 1, "a", "k=null", late + 20, late + 30, version=None),
    )
    path = tmp_path / "long.jsonl"
    checker.write(path, history(*good, *bad))
    return str(path)


def verdicts(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str]]:
    status = main(["check", "--json", *arguments])
    report = json.loads(capsys.readouterr().out)
    assert report["operations"] == SIZE + 1
    return status, {name: verdict["verdict"] for name, verdict in report["guarantees"].items()}


def test_what_looks_at_one_key_is_judged_in_parts(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, whole = verdicts(capsys, file)
    limited, parts = verdicts(capsys, "--memory-limit", "120KB", file)
    assert status == limited == 1
    assert {name for name in whole if whole[name] != parts[name]} == {"causal", "consistent-prefix"} & {
        name for name, verdict in whole.items() if verdict != "unknown"
    }
    assert parts["read-your-writes"] == parts["linearizable"] == "violated"
    assert parts["causal"] == "unknown"


def test_a_violation_found_in_parts_is_explained(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--memory-limit", "120KB", "--guarantee", "read-your-writes", file]) == 1
    assert f"Let w = operation {SIZE} (a writes 1 to k)" in capsys.readouterr().out


def test_without_a_limit_the_machine_s_memory_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1_000)
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 100, "SC_PHYS_PAGES": 80}.__getitem__)
    assert check.memory_for(str(path)) is None
    path.write_bytes(b"x" * 1_001)
    assert check.memory_for(str(path)) == 4_000
    assert check.memory_for("-") is None
