"""The guide to checking: its examples are what the judge says of the smallest histories, word for word.

`python -m tests.test_checking_guide` writes the examples into the guide again.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from checker import GUARANTEES, History, Staleness, check, minimal_witness, read
from checker.report.timeline import draw

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


def main() -> None:
    text = GUIDE.read_text()
    GUIDE.write_text(
        EXAMPLE.sub(lambda match: f"<!-- example: {match['name']} -->\n{example(match['name'])}", text)
    )


if __name__ == "__main__":
    main()
