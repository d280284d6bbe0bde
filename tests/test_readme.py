"""Every command in the README is run, and prints what the README says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SET_UP = "python3 -m venv"


def console_blocks(text: str) -> list[list[tuple[str, list[str]]]]:
    """The console blocks: each a list of commands with the lines that they print."""
    blocks = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        commands: list[tuple[str, list[str]]] = []
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            else:
                commands[-1][1].append(line)
        blocks.append(commands)
    return blocks


def line_pattern(line: str) -> str:
    """A line as a regular expression: `…` alone is any lines, within a line any text; spaces are spaces,
    however many."""
    if line == "…":
        return r"(?:.*\n)*?"
    words = (".*".join(map(re.escape, word.split("…"))) for word in line.split())
    return " ".join(words) + r" ?\n"


def matches(expected: list[str], printed: list[str]) -> bool:
    """Whether the lines are those expected."""
    text = "".join(" ".join(line.split()) + "\n" for line in printed)
    return re.fullmatch("".join(map(line_pattern, expected)), text) is not None


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the commands name, and nothing else of the project.

    A seed is stated there, so that `rts hunt` finds, and takes, the same each time.
    """
    folder = tmp_path_factory.mktemp("readme")
    (folder / "pyproject.toml").write_text("[tool.rts.hunt]\nseed = 1\n")
    for name in ("examples", "histories"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, on a screen of 100 columns without colours."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        command,
        shell=True,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


COMMANDS = [
    pytest.param(command, printed, id=command[:60])
    for block in console_blocks(README)
    for command, printed in block
    if not command.startswith(SET_UP)
]


@pytest.mark.parametrize(("command", "printed"), COMMANDS)
def test_a_command_prints_what_the_readme_says(command: str, printed: list[str], place: Path) -> None:
    done = run(command, place)
    assert "internal error" not in done.stderr, done.stderr
    assert matches(printed, done.stdout.splitlines()), done.stdout + done.stderr
    if command == "rts hunt":
        assert done.returncode == 0, done.stdout


def test_the_two_commands_set_up_the_same_environment() -> None:
    run, tests = (
        command for block in console_blocks(README) for command, _ in block if command.startswith(SET_UP)
    )
    assert run.rsplit(" && ", 1)[0] == tests.rsplit(" && ", 1)[0]
    assert (run.rsplit("/", 1)[1], tests.rsplit("/", 1)[1]) == ("rts hunt", "pytest -n auto")


def test_the_program_in_the_readme_runs(place: Path) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=place, capture_output=True, text=True, timeout=60, check=True
    )
    assert "value=b'safe'" in done.stdout
    assert "node='near'" in done.stdout or "from_leader=True" in done.stdout


@pytest.mark.parametrize(
    ("expected", "printed", "fits"),
    [
        (["a", "…", "d"], ["a", "b", "c", "d"], True),
        (["a", "…"], ["a"], True),
        (["x … z"], ["x   17 z"], True),
        (["x … z"], ["x 17 y"], False),
        (["a"], ["a", "b"], False),
    ],
)
def test_what_an_ellipsis_stands_for(expected: list[str], printed: list[str], fits: bool) -> None:
    assert matches(expected, printed) is fits
