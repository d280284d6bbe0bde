"""The guide to checking: its examples are what the judge says of the smallest histories, word for word.

`python -m tests.test_checking_guide` writes the examples into the guide again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from checker import GUARANTEES, History, Staleness, check, minimal_witness, read
from checker.report import draw
from tests.test_readme import console_blocks, matches, run

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "checking.md"
EXAMPLE = re.compile(
    r"^<!-- example: (?P<name>[a-z-]+) -->\n(?P<text>(?:^```\n(?:^[^`].*\n)+^```\n\n(?:^> .*\n)+)?)",
    re.MULTILINE,
)


def smallest(name: str) -> History:
    return read(ROOT / "examples" / "checking" / f"{name}.jsonl")


def bound(history: History) -> Staleness | None:
    text = history.header.meta.get("staleness")
    return Staleness.parse(text) if text else None


def example(name: str) -> str:
    """The drawing of the smallest history, and the judge's argument."""
    history = smallest(name)
    verdict = check(history, [name], staleness=bound(history)).guarantees[name]
    words = textwrap.wrap(verdict.violations[0].explanation, 118, break_on_hyphens=False)
    return "\n".join(["```", *draw(history.operations), "```", "", *(f"> {line}" for line in words), ""])


@pytest.mark.parametrize("name", GUARANTEES)
def test_the_example_is_broken_as_it_says_and_nothing_can_be_left_out(name: str) -> None:
    history = smallest(name)
    assert history.header.expect == {name: "violated"}
    part = minimal_witness(history, name, staleness=bound(history))
    assert part is not None
    assert part.operations == history.operations


@pytest.mark.parametrize("name", GUARANTEES)
def test_the_guide_says_what_the_judge_says(name: str) -> None:
    found = {match["name"]: match["text"] for match in EXAMPLE.finditer(GUIDE.read_text())}
    assert found[name] == example(name)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples, and nothing else of the project."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


COMMANDS = [command for block in console_blocks(GUIDE.read_text()) for command in block]


@pytest.mark.parametrize(("command", "printed"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_prints_what_the_guide_says(command: str, printed: list[str], place: Path) -> None:
    done = run(command, place)
    assert matches(printed, done.stdout.splitlines()), done.stdout + done.stderr


def test_the_program_in_the_guide_runs(place: Path) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), flags=re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=place, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("Let w = operation 0 (s0 writes 1 to k)")
    assert done.stdout.splitlines()[-2:] == draw(smallest("monotonic-reads").operations)


def main() -> None:
    text = GUIDE.read_text()
    GUIDE.write_text(
        EXAMPLE.sub(lambda match: f"<!-- example: {match['name']} -->\n{example(match['name'])}", text)
    )


if __name__ == "__main__":
    main()
