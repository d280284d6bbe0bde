"""The narrated scenarios, word for word: `demos/NAME.txt` is what `rts demo NAME` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from rts.cli.group import main
from rts.telemetry.demos import DEMOS

TEXTS = Path(__file__).parent / "demos"


def test_every_demo_has_its_text() -> None:
    assert list(DEMOS) == ["read_after_write", "monotonic_reads", "consistent_prefix", "partition_durability"]
    assert sorted(path.stem for path in TEXTS.iterdir()) == sorted(DEMOS)


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_tells_its_story(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", name]) == 0
    told = capsys.readouterr().out
    assert told == (TEXTS / f"{name}.txt").read_text()
    assert max(map(len, told.splitlines())) <= 80


def test_the_first_story_in_its_main_lines() -> None:
    lines: list[str] = []
    DEMOS["read_after_write"](lines.append)
    assert [line.strip() for line in lines if line.startswith(" ")] == [
        "lag injected: leader to follower-2, 200 ms",
        "#0: alice writes status = 'active'",
        "write returned in 5 ms (synchronous follower only)",
        "#1: immediate read: None, served by follower-2",
        "#2: read after 250 ms: 'active', served by follower-2",
        "Verdict: read-your-writes violated",
        "Operation 1 did not see operation 0: it returned the initial version,",
        "which is older than any that was written.",
        "lag injected: leader to follower-2, 200 ms",
        "#0: alice writes status = 'active'",
        "write returned in 5 ms (synchronous follower only)",
        "#1: immediate read: 'active', served by leader",
        "#2: read after 250 ms: 'active', served by follower-2",
        "Verdict: read-your-writes holds",
    ]
