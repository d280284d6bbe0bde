"""The pytest plugin: saved histories are tests, and a failure shows its report before any traceback.

It does nothing in a project that has neither a `histories/` folder nor settings under `[tool.rts]`.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from rts.pytest_plugin import failures, profiles, property_tests
from rts.pytest_plugin.items import HistoryFile, HistoryItem
from rts.pytest_plugin.project import (
    KEYWORD,
    choose_seed,
    is_ours,
    is_property_test,
    is_saved_history,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rts-seed`."""
    group = parser.getgroup("rts", "RTS")
    group.addoption(
        "--rts-seed",
        type=int,
        default=None,
        metavar="N",
        help="Repeat a run: the seed of all property tests (default: --hypothesis-seed, else drawn).",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Register the Hypothesis profiles before a conftest.py can ask for one."""
    if is_ours(early_config.rootpath):
        profiles.register()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and settle the seed, before Hypothesis reads its options."""
    config.addinivalue_line("markers", f"{KEYWORD}: property tests and saved histories (-k {KEYWORD}).")
    if is_ours(config.rootpath) or config.option.rts_seed is not None:
        choose_seed(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the seed to a worker process of pytest-xdist."""
    node.workerinput["rts_seed"] = node.config.option.rts_seed


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say the seed, and how to repeat the run."""
    seed = config.option.rts_seed
    return None if seed is None else f"rts seed: {seed} (repeat with --rts-seed={seed})"


@pytest.fixture(scope="session")
def rts_seed(pytestconfig: pytest.Config) -> int:
    """The run's seed, for tests that draw without Hypothesis."""
    if pytestconfig.option.rts_seed is None:
        choose_seed(pytestconfig)
    return int(pytestconfig.option.rts_seed)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> HistoryFile | None:
    """Collect saved histories."""
    if is_saved_history(file_path, parent.config.rootpath):
        return HistoryFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark property tests; saved histories run first, then they, then the rest in its own order."""
    if not is_ours(config.rootpath):
        return
    for item in items:
        if is_property_test(item):
            item.add_marker(KEYWORD)
    items.sort(key=lambda item: 0 if isinstance(item, HistoryItem) else 1 if KEYWORD in item.keywords else 2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put a broken guarantee's report before the traceback, and keep it."""
    if call.when == "call" and call.excinfo is not None:
        failure = _failure_of(call.excinfo.value, item)
        if failure is not None:
            item.user_properties.extend(failure.properties())
            report = yield
            traceback = None if isinstance(item, HistoryItem) else report.longrepr
            # pytest shows whatever has a `toterminal`; its type names only its own kinds.
            report.longrepr = failures.ReportFirst(failure, traceback, item)  # type: ignore[assignment]
            return report
    return (yield)


def _failure_of(error: BaseException, item: pytest.Item) -> failures.Failure | None:
    if isinstance(error, failures.HistoryNotAsExpected):
        return error.failure
    return property_tests.failure_of(error, item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each guarantee that was found broken."""
    lines = failures.summary_lines(terminalreporter.getreports("failed"))
    if lines:
        terminalreporter.section("guarantees broken")
        for line in lines:
            terminalreporter.write_line(line)
