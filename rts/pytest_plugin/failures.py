"""What a failed test shows: its report, before any traceback.

The same goes to a text file, to one line at the end and to JUnit properties.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROPERTY = "rts_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A guarantee that a test found broken.

    `headline` is one line, `text` the whole report, `history` where the run is saved, if it is.
    """

    headline: str
    text: str
    guarantee: str
    history: Path | None = None

    def properties(self) -> list[tuple[str, object]]:
        """The failure as properties of a test report: they reach JUnit files and pass between processes."""
        found: list[tuple[str, object]] = [
            (PROPERTY + "headline", self.headline),
            (PROPERTY + "guarantee", self.guarantee),
            (PROPERTY + "report", self.text),
        ]
        if self.history is not None:
            found.append((PROPERTY + "history", str(self.history)))
            found.append((PROPERTY + "replay", f"rts replay {self.history}"))
        return found


@dataclass(frozen=True)
class _Crash:
    """What pytest's own summary line takes from a failure."""

    message: str
    path: str
    lineno: int


class ReportFirst:
    """A failure's report, and below it whatever traceback there is.

    pytest asks that it has `toterminal` and a text; the rest it takes where it finds it.
    """

    def __init__(self, failure: Failure, traceback: object, item: pytest.Item) -> None:
        self.failure = failure
        self.traceback = traceback
        self.reprcrash = _Crash(failure.headline, str(item.path), 0)

    def toterminal(self, tw: Any) -> None:
        """Write the report, then the traceback, to a terminal writer of pytest's."""
        for line in self.failure.text.rstrip("\n").split("\n"):
            tw.line(line)
        if self.traceback is None:
            return
        tw.sep("- ", "traceback")
        if hasattr(self.traceback, "toterminal"):
            self.traceback.toterminal(tw)
        else:
            tw.line(str(self.traceback))

    def __str__(self) -> str:
        text = self.failure.text.rstrip("\n")
        return text if self.traceback is None else f"{text}\n\n{self.traceback}"


class HistoryNotAsExpected(AssertionError):
    """A saved history whose verdicts are no longer those that it expects."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.headline)
        self.failure = failure


def save_text(history: Path, text: str) -> Path:
    """Write `text` beside a saved history and return its path. Another text that is there already is kept.

    Raises `OSError` where that folder cannot be written to.
    """
    data = text.rstrip("\n").encode() + b"\n"
    stem = history.name.removesuffix(".zst").removesuffix(".jsonl")
    tag = hashlib.sha256(data).hexdigest()[:12]
    for name in (f"{stem}.txt", f"{stem}-{tag}.txt"):
        path = history.with_name(name)
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            if path.read_bytes() != data:
                continue
        return path
    raise FileExistsError(f"{path} holds another text than its name says")


def summary_lines(reports: list[pytest.TestReport]) -> list[str]:
    """A line for each failed test that found a guarantee broken."""
    lines = []
    for report in reports:
        found = dict(report.user_properties)
        if PROPERTY + "headline" in found:
            lines.append(f"{report.nodeid}: {found[PROPERTY + 'headline']}")
    return lines
