"""Who may notice a mutant: a test that pytest collected, or a history of the battery."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from benchmarks.mutation.mutants import ROOT

TESTS = ("tests/checker",)
BATTERY = "battery: "
_BATTERYS_FILE = ROOT / "tests" / "checker" / "battery" / "__init__.py"
_EXAMPLES = 25
"""Of a property: a mutant that many examples miss is not told from one that survives."""
_STOOD_FOR = "test_the_judge_says_what_it_said"
"""The test of all the battery's histories, which are asked one by one."""


class Item:
    """One that notices, or does not."""

    def __init__(self, name: str, file: Path, mark: int, run: Callable[[], bool]) -> None:
        self.name = name
        self.file = file
        self.mark = mark
        """A checksum of what the file does not say of it."""
        self._run = run

    def passes(self) -> bool:
        """Whether it notices nothing."""
        try:
            return self._run()
        except BaseException:
            return False


def with_items(tests: tuple[str, ...], work: Callable[[list[Item]], None]) -> None:
    """Collect tests, and the battery, and call `work` with them; nothing is run.

    Raises `ValueError` if pytest cannot collect them.
    """
    collected = _Collected(work)
    options = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={ROOT}"]
    options += ["-W", "ignore:Module already imported"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main([*options, *tests], plugins=[collected])
    if status:
        raise ValueError(f"pytest ended with {status}\n{said.getvalue()}")


class _Collected:
    def __init__(self, work: Callable[[list[Item]], None]) -> None:
        self._work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from tests.checker.battery import golden

        items = [_of_a_test(item) for item in session.items if item.name != _STOOD_FOR]
        items += [_of_a_history(name, lines) for name, lines in golden().items()]
        self._work(items)
        return True


def _of_a_history(name: Any, lines: list[str]) -> Item:
    return Item(
        f"{BATTERY}{name}", _BATTERYS_FILE, crc32("\n".join(lines).encode()), lambda: name.lines() == lines
    )


def _of_a_test(test: pytest.Item) -> Item:
    _shorten(getattr(test, "obj", None))

    def run() -> bool:
        reports = runtestprotocol(test, log=False, nextitem=None)
        return not any(report.failed for report in reports)

    return Item(test.nodeid, test.path, 0, run)


def _shorten(function: Any) -> None:
    """Let a property try fewer examples, the same ones each time, and not look for a smaller one."""
    held = getattr(function, "_hypothesis_internal_use_settings", None)
    if held is not None:
        function._hypothesis_internal_use_settings = hypothesis.settings(
            held,
            max_examples=min(held.max_examples, _EXAMPLES),
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
