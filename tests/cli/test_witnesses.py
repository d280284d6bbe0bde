"""`rts check --witness`: what is saved, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import checker
from rts.cli.group import main
from tests.checker.literal import history, r, w

NOISE = [w(number, "n", f"n={number}", 100 * number, 100 * number + 9) for number in range(1, 50)]
STALE = history(w(0, "a", "k=1", 0, 10), *NOISE, r(60, "a", "k=null", 9_000, 9_010))
FRESH = history(w(0, "a", "k=1", 0, 10), r(1, "a", "k=1", 20, 30))


def saved_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_smallest_part_is_saved_and_broken_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = tmp_path / "whole.jsonl", tmp_path / "smallest"
    checker.write(path, STALE)
    asked = ["check", "--guarantee", "read-your-writes"]
    assert main([*asked, "--witness", str(folder), str(path)]) == 1
    (saved,) = saved_in(folder)
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"witness against read-your-writes: 2 operations, {saved}"
    )
    assert saved.name.startswith("whole-read-your-writes-")
    witness = checker.read(saved)
    assert [operation.index for operation in witness.operations] == [0, 60]
    assert witness.header.meta["witness_of"] == str(path)
    assert main([*asked, str(saved)]) == 1


def test_the_same_witness_is_saved_once_and_json_stays_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = tmp_path / "whole.jsonl", tmp_path / "smallest"
    checker.write(path, STALE)
    asked = ["check", "--json", "--guarantee", "read-your-writes", "--witness", str(folder), str(path)]
    assert main(asked) == 1
    first = capsys.readouterr()
    (saved,) = saved_in(folder)
    assert first.out.count("\n") == 1
    assert first.err == f"witness against read-your-writes: 2 operations, {saved}\n"
    assert main(asked) == 1
    assert saved_in(folder) == [saved]


def test_what_holds_has_no_witness(tmp_path: Path) -> None:
    path = tmp_path / "fresh.jsonl"
    checker.write(path, FRESH)
    assert main(["check", "--witness", str(tmp_path / "none"), str(path)]) == 0
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "whole.jsonl"
    checker.write(path, STALE)
    (tmp_path / "file").write_text("")
    assert main(["check", "--witness", str(tmp_path / "file" / "folder"), str(path)]) == 2
    assert "file/folder" in capsys.readouterr().err
