"""The guide to testing one's own store says what is so: its code is the example's, its commands print what it
shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "own-store.md").read_text()
EXAMPLE = (ROOT / "examples" / "own_store.py").read_text()

ELISION = "…"
ENTRY_POINTS = {"rts": ["-m", "rts"], "pytest": ["-m", "pytest", "-p", "no:cacheprovider"]}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, flags=re.DOTALL)


def shows(shown: str, printed: str) -> bool:
    """Whether `printed` is what is shown, where a line or an end of a line `…` stands for anything."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ELISION else re.escape(line).replace(ELISION, ".*") + r"\n"
        for line in shown.splitlines()
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "so"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\n", "a\n", True),
        ("1 in …\n", "1 in 2 s\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n…\nd\n", "a\nb\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_is_left_out_may_be_anything_and_the_rest_may_not(shown: str, printed: str, so: bool) -> None:
    assert shows(shown, printed) is so


@pytest.mark.parametrize("block", blocks("python"))
def test_code_is_the_examples(block: str) -> None:
    assert block in EXAMPLE


def test_commands_print_what_is_shown(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    shutil.copy(ROOT / "examples" / "own_store.py", tmp_path / "examples")
    commands = blocks("console")
    assert len(commands) == 4
    for block in commands:
        command, shown = block.removeprefix("$ ").split("\n", 1)
        program, *arguments = shlex.split(command)
        done = subprocess.run(
            [sys.executable, *ENTRY_POINTS[program], *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert shows(shown, done.stdout), f"$ {command}\n{done.stdout}{done.stderr}"
