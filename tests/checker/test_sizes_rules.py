"""What is done otherwise in long histories, or batch by batch, is tried on the short ones of the battery."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from checker import History, check
from tests.checker.battery import golden
from tests.checker.battery.outcome import MOST, judged

NAMES = ("consistent-prefix", "causal")
OTHERWISE = [
    ("checks.prefix._FEW", 0),
    ("orders.causality._WIDE", 0),
    ("orders.visible._BLOCK", 3),
    ("orders.visible._CELLS", 7),
    ("orders.versions._BATCH", 2),
]
"""Constants that decide how something is done, and other values for them."""


def block(lines: Sequence[str], name: str) -> list[str]:
    """Return what is said of one guarantee."""
    begin = next(at for at, line in enumerate(lines) if line.startswith(f"{name}: "))
    rest = lines[begin + 1 :]
    stop = next(at for at, line in enumerate(rest) if not line.startswith(" "))
    return [lines[begin], *rest[:stop]]


@cache
def battery() -> list[tuple[History, list[str]]]:
    """Return the short histories and what is said of them."""
    short = {name: lines for name, lines in golden().items() if name.family != "joined"}
    return [
        (name.parts()[0], [line for guarantee in NAMES for line in block(lines, guarantee)])
        for name, lines in short.items()
    ]


@pytest.mark.parametrize(("constant", "value"), OTHERWISE)
def test_the_judge_says_the_same(monkeypatch: pytest.MonkeyPatch, constant: str, value: int) -> None:
    monkeypatch.setattr(f"checker.{constant}", value)
    for history, lines in battery():
        found = check(history, NAMES, max_violations=MOST).guarantees
        assert [line for name in NAMES for line in judged(name, found[name])] == lines
