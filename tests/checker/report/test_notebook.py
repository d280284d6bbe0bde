"""The library as a notebook uses it: read, judge, look; what is shown is held against a golden file."""

from __future__ import annotations

import importlib.util
import io
import math
import pickle
import sys
from contextlib import redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import checker
from checker import Budget, check
from checker.report.frames import fields_of
from tests.checker.literal import c, history, r, w

GOLDEN = Path(__file__).parent / "golden" / "report.html"
STALE = history(
    w(0, "a", "x=1", 0, 10, position=(1, 1), node="n1"),
    r(1, "a", "x=null", 20, 30, version=None, node="n2"),
)

NOTEBOOK = """\
import checker

history = checker.read("stale.jsonl")
print(history)
print(len(history), history.operations[1].value, history.columns.start.tolist())

again = checker.History.from_operations(history.operations, header=history.header)
asked = ["read-your-writes", "no-lost-acknowledged-writes"]
report = checker.check(again, guarantees=asked, budget=checker.Budget(seconds=10))
print(report)
print(report.verdict, report.guarantees["read-your-writes"].violations)
print(report.guarantees["read-your-writes"].violations[0].explanation)
print(report.durability.lost, checker.durability_of(history).named["lost"])
"""
PRINTED = """\
<History of 2 operations, 1 sessions>
2 None [0, 20]
<Report on 2 operations: violated; violated: read-your-writes; unknown: no-lost-acknowledged-writes, \
unique-positions>
violated (<Violation by operations (0, 1)>,)
Let w = operation 0 (a writes 1 to x at n1) and r = operation 1 (a reads null from x at n2). \
Then w happened before r, because both are of session a and w ended at 10 ns, before r started at 20 ns. \
But r did not see w, because r returned the initial version, which is older than any that was written: \
a contradiction.
1 (NamedWrite(operation=0, key='x', missed_by=1, stale_for=None, across=None),)
"""


def test_a_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checker.write("stale.jsonl", STALE)
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(NOTEBOOK, "notebook", "exec"), {})
    assert out.getvalue() == PRINTED


# --- budgets


@pytest.mark.parametrize("budget", [Budget(seconds=-1.0), Budget(bytes=1)])
def test_what_a_budget_leaves_no_room_for_is_unknown(budget: Budget) -> None:
    report = check(STALE, budget=budget)
    assert {verdict.reason_code for verdict in report.guarantees.values()} == {"budget"}
    assert report.durability is None


@pytest.mark.parametrize("budget", [Budget(), Budget(seconds=math.inf), Budget(seconds=60.0, bytes=10_000)])
def test_within_a_budget_everything_is_judged(budget: Budget) -> None:
    found = check(STALE, budget=budget).guarantees
    assert {name: verdict.verdict for name, verdict in found.items()} == {
        name: verdict.verdict for name, verdict in check(STALE).guarantees.items()
    }


@pytest.mark.parametrize("limits", [{"time_limit": 1.0}, {"memory_limit": 1}])
def test_a_budget_is_stated_once(limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a budget says both limits"):
        check(STALE, budget=Budget(), **limits)


# --- HTML


class Elements(HTMLParser):
    """Counts elements, and holds that each is closed in its turn."""

    EMPTY = ("rect", "line", "path", "polygon")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.told = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.names.append(tag)
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.told += data


def test_a_small_report_is_the_golden_file() -> None:
    report = check(STALE, ["read-your-writes", "monotonic-reads", "no-lost-acknowledged-writes"])
    assert report._repr_html_() + "\n" == GOLDEN.read_text()


def test_every_violation_is_told_tabled_and_drawn() -> None:
    report = check(STALE)
    page = Elements(report._repr_html_())
    violations = [violation for verdict in report.guarantees.values() for violation in verdict.violations]
    assert page.names.count("svg") == page.names.count("h4") == len(violations) > 1
    assert page.names.count("table") == len(violations) + 1
    assert all(violation.explanation in page.told for violation in violations)


def test_nothing_that_a_history_says_becomes_markup() -> None:
    evil = '<script>alert("&")</script>'
    bad = history(
        w(0, evil, f"{evil}=1", 0, 10, node=evil, position=1),
        r(1, evil, f"{evil}=null", 20, 30, version=None, node=evil),
    )
    page = Elements(check(bad)._repr_html_())
    assert "script" not in page.names
    assert evil in page.told
    assert "script" not in Elements(bad._repr_html_()).names


def test_a_report_without_its_history_shows_no_operations() -> None:
    sent = pickle.loads(pickle.dumps(check(STALE)))
    assert sent.history is None
    page = Elements(sent._repr_html_())
    assert (page.names.count("svg"), page.names.count("table")) == (0, 1)
    assert sent.guarantees["read-your-writes"].violations[0].explanation in page.told


def test_a_history_shows_its_first_operations() -> None:
    long = history(*(w(number, "a", f"x={number}", 10 * number, 10 * number + 5) for number in range(23)))
    page = Elements(long._repr_html_())
    assert page.names.count("tr") == 1 + 20
    assert "… and 3 more" in page.told
    assert "more" not in Elements(STALE._repr_html_()).told


def test_an_empty_history_and_its_report() -> None:
    empty = history()
    assert Elements(empty._repr_html_()).names.count("table") == 1
    assert Elements(check(empty)._repr_html_()).names.count("table") == 1


# --- data frames


class Frames(ModuleType):
    """Stands in for a library of data frames: it keeps what it is given."""

    @staticmethod
    def DataFrame(fields: dict[str, list[Any]]) -> dict[str, list[Any]]:  # pandas' own name
        return fields

    table = DataFrame


@pytest.mark.parametrize(("name", "method"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_a_history_as_a_data_frame(name: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, Frames(name))
    frame = getattr(history(*STALE.operations, c(2, "b", "x=null>2", 40, None)), method)()
    assert frame == {
        "index": [0, 1, 2],
        "session": ["a", "a", "b"],
        "op": ["write", "read", "cas"],
        "key": ["x", "x", "x"],
        "value": ["1", None, "2"],
        "expected": [None, None, "null"],
        "start": [0, 20, 40],
        "end": [10, 30, None],
        "status": ["ok", "ok", "info"],
        "node": ["n1", "n2", None],
        "position": ["[1,1]", None, None],
        "version": [None, "null", None],
        "mode": [None, None, None],
        "phase": ["main", "main", "main"],
        "error": [None, None, None],
        "ops": [None, None, None],
    }


def test_an_empty_history_has_the_same_columns() -> None:
    assert fields_of(history()) == {name: [] for name in fields_of(STALE)}


@pytest.mark.parametrize(("name", "method"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_a_library_that_is_not_installed_is_named(
    name: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=rf"{name} is not installed: pip install {name}") as raised:
        getattr(STALE, method)()
    assert raised.value.name == name


@pytest.mark.parametrize("package", ["checker", "rts"])
def test_the_packages_say_that_they_are_typed(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert (Path(spec.origin).parent / "py.typed").read_text() == ""
