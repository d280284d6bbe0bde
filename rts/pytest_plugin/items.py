"""Saved histories as test items: each is run again, judged again and held against what it expects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rts.errors import RtsError
from rts.pytest_plugin.failures import Failure, HistoryNotAsExpected, save_text
from rts.pytest_plugin.project import KEYWORD

_FORMATS = "rts-history/"


class HistoryUnreadable(Exception):
    """A saved history that cannot be run: what is wrong with the file, in one line."""


class HistoryFile(pytest.File):
    """A file under `histories/`."""

    def collect(self) -> Iterator[HistoryItem]:
        """One test; none for a file that is plainly somebody else's."""
        if _may_be_history(self.path):
            yield HistoryItem.from_parent(self, name="replay")


class HistoryItem(pytest.Item):
    """The replay of one saved history."""

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]  # whatever `from_parent` was given
        self.add_marker(KEYWORD)

    def runtest(self) -> None:
        """Replay the history. Raises `HistoryNotAsExpected`, or `HistoryUnreadable` for a wrong file."""
        import checker
        from rts import systems
        from rts.cli.replayed import failure_text, headline
        from rts.harness import archive
        from rts.harness.replay import replay

        path = _shortest(self.path, self.config.invocation_params.dir)
        try:
            saved = archive.load(path)
            done = replay(saved, systems.load(_system_name(saved.system, self.config.rootpath)))
        except (checker.HistoryError, RtsError) as error:
            raise HistoryUnreadable(str(error)) from None
        if done.as_expected:
            return
        text = failure_text(done)
        failure = Failure(
            headline=headline(done),
            text=text,
            guarantee=done.differences[0].guarantee,
            history=path,
        )
        save_text(path, text)
        raise HistoryNotAsExpected(failure)

    # pytest prints any object by `str`; its type promises less.
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override]
        """One line for a file that is wrong; a traceback only for what is our own fault."""
        if isinstance(excinfo.value, HistoryUnreadable):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test is, and what it is called in headings."""
        return self.path, None, f"replay {self.path.name}"


def _shortest(path: Path, start: Path) -> Path:
    """`path` as one would type it in the folder in which pytest was started."""
    return path.relative_to(start) if path.is_relative_to(start) else path


def _system_name(name: str, root: Path) -> str:
    """A user's own system is named by a path: relative to the project, wherever pytest was started."""
    file = root / name.partition(".py")[0]
    return str(root / name) if ".py" in name and file.with_suffix(".py").is_file() else name


def _may_be_history(path: Path) -> bool:
    """Whether the first line is a history's, or damaged so that nobody can tell.

    Other programs keep JSON Lines in folders of that name, too.
    """
    try:
        head = json.loads(_first_line(path))
    except (OSError, ValueError):
        return True
    return isinstance(head, dict) and str(head.get("format", "")).startswith(_FORMATS)


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        if path.suffix != ".zst":
            return file.readline()
        import zstandard

        try:
            with zstandard.ZstdDecompressor().stream_reader(file) as reader:
                return b"".join(iter(lambda: reader.read(65_536), b"")).split(b"\n", 1)[0]
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from None
