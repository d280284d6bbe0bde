"""The document of the formats names what there is, and says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from checker.formats import FORMATS
from tests.checker.foreign import imported, told

DOCUMENT = (Path(__file__).parents[3] / "docs" / "history-format.md").read_text()


def test_every_format_has_a_row() -> None:
    table = DOCUMENT.split("| `--from` |")[1].split("\n\n")[0]
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, flags=re.MULTILINE)) == sorted(FORMATS)


def test_the_lines_that_it_shows_are_read_as_it_says() -> None:
    (porcupine,) = re.findall(r"\| `porcupine-kv` \| `(\{.*?\})` a line", DOCUMENT)
    assert told(imported(porcupine))[1:] == ["p9 append 0='x' 0- info"]
    (log,) = re.findall(r"`jepsen.util` logs: `(.*?)`", DOCUMENT)
    assert told(imported(log)) == ["p3 read register=None 0- info"]
