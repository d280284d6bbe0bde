"""The narrated scenarios, word for word: `demos/NAME.txt` is what `rts demo NAME` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from rts.cli.group import main
from rts.raft.demos import DEMOS

TEXTS = Path(__file__).parent / "demos"


def test_every_demo_has_its_text() -> None:
    assert list(DEMOS) == ["leader_election"]
    assert sorted(path.stem for path in TEXTS.iterdir()) == sorted(DEMOS)


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_tells_its_story(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", name]) == 0
    told = capsys.readouterr().out
    assert told == (TEXTS / f"{name}.txt").read_text()
    assert max(map(len, told.splitlines())) <= 80
