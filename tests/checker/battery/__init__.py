"""A few hundred small histories, and everything that the judge says of each: the golden outcomes.

Theory of operation: histories are made from numbers (`families`), what the judge says is lines of text
(`outcome`), and the lines of all are one file, `outcomes.txt`, where each history's stand below its name.
Whatever a change of the judge changes is a difference between two texts. The file is written by
`python -m tests.checker.battery`, which refuses to write verdicts that the definitions contradict
(`confirm`); its difference, seen in review, is what a change does to what people are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker import History
from tests.checker.battery.families import FAMILIES, bound, history, joined
from tests.checker.battery.outcome import outcome

GOLDEN = Path(__file__).with_name("outcomes.txt")
JOINED = ("plain", "ordered", "inferred", "repeated", "swaps", "open", "nulls", "finals", "placed")
"""The families of the parts of `joined` histories."""
PARTS = 210
_HEADING = "## "


class Name(NamedTuple):
    """A history of the battery, and whether all that can be said of it is written down."""

    family: str
    number: int
    whole: bool

    @classmethod
    def parse(cls, text: str) -> Name:
        """Return the name that `plain 12` or `plain 12 whole` stands for."""
        family, number, *rest = text.split()
        return cls(family, int(number), rest == ["whole"])

    def __str__(self) -> str:
        return f"{self.family} {self.number}{' whole' * self.whole}"

    def parts(self) -> list[History]:
        """Return the histories that it is made of; mostly it is one."""
        if self.family != "joined":
            return [history(FAMILIES[self.family], self.number)]
        numbers = range(self.number * PARTS, (self.number + 1) * PARTS)
        return [history(FAMILIES[JOINED[number % len(JOINED)]], number) for number in numbers]

    def bounds(self) -> tuple[int, int]:
        """Return the bounds on staleness: nanoseconds and versions."""
        return (15, 1) if self.family == "joined" else bound(FAMILIES[self.family], self.number)

    def lines(self) -> list[str]:
        """Return what the judge says of the history."""
        parts = self.parts()
        patience, versions = self.bounds()
        one = joined(parts) if self.family == "joined" else parts[0]
        return list(outcome(one, patience=patience, versions=versions, whole=self.whole))


def golden() -> dict[Name, list[str]]:
    """Return the golden lines of each history, in the order of the file."""
    found: dict[Name, list[str]] = {}
    lines: list[str] = []
    for line in GOLDEN.read_text().splitlines():
        if line.startswith(_HEADING):
            lines = found.setdefault(Name.parse(line.removeprefix(_HEADING)), [])
        else:
            lines.append(line)
    return found


def write(outcomes: dict[Name, list[str]]) -> None:
    """Write the golden file."""
    blocks = ([f"{_HEADING}{name}", *lines] for name, lines in sorted(outcomes.items()))
    GOLDEN.write_text("".join(f"{line}\n" for block in blocks for line in block))


def differences() -> Iterator[tuple[Name, list[str], list[str]]]:
    """Yield the histories of which the judge says something else now, with the old and the new lines."""
    for name, old in golden().items():
        new = name.lines()
        if old != new:
            yield name, old, new
