"""Each story in the text files beside this one goes as it is told: see `play`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.raft.play import play

STORIES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path: Path) -> None:
    text = path.read_text()
    assert play(text) == text


def test_the_stories_are_there() -> None:
    assert len(STORIES) >= 10


def test_what_is_told_wrongly_is_noticed() -> None:
    told = "n0\nn0 election-timeout\n    n0: election time-out\n    n0: candidate\n    n0: leads\n"
    assert play(told) == told
    assert play(told.replace("leads", "follows")) == told
