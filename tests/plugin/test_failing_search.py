"""A user's property test that finds a guarantee broken."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.harness import fake_system

STORE = f"""
import importlib.util
import sys

spec = importlib.util.spec_from_file_location("the_fake_system", {fake_system.__file__!r})
module = importlib.util.module_from_spec(spec)
sys.modules["the_fake_system"] = module
spec.loader.exec_module(module)


class Store(module.FakeSystem):
    def simulate(self, schedule, *, bug=None):
        return super().simulate(schedule, bug="reads-from-follower")


system = Store("mine")
"""

TEST = """
from hypothesis import given, settings
from rts.harness.property_test import check_schedule, schedules
from store import system

LEADER = system.configurations[1]

@settings(max_examples=300)
@given(schedules(system, LEADER))
def test_store(schedule):
    check_schedule(system, LEADER, schedule)
"""


@pytest.fixture
def store(project: Path) -> Path:
    (project / "histories").mkdir()
    (project / "store.py").write_text(STORE)
    (project / "test_it.py").write_text(TEST)
    return project


def test_the_report_comes_before_the_traceback_and_the_history_is_saved(
    pytester: pytest.Pytester, store: Path
) -> None:
    result = pytester.runpytest_subprocess("--rts-seed=1", "--junitxml=junit.xml")
    result.assert_outcomes(failed=1)
    (saved,) = (store / "histories").glob("*.jsonl")
    result.stdout.fnmatch_lines(
        [
            "*test_store*",
            "read-your-writes violated: a session did not see its own write",
            "steps",
            "operations",
            f"saved   histories/{saved.name}",
            f"replay  rts replay histories/{saved.name}",
            f"pytest  pytest histories/{saved.name}",
            "*traceback*",
            "*check_schedule(system, LEADER, schedule)*",
            "*guarantees broken*",
            f"test_it.py::test_store: read-your-writes violated; histories/{saved.name}",
        ]
    )
    assert f"replay  rts replay histories/{saved.name}" in saved.with_suffix(".txt").read_text()
    properties = {
        element.get("name"): element.get("value")
        for element in ElementTree.parse(store / "junit.xml").getroot().iter("property")
    }
    assert properties["rts_history"] == f"histories/{saved.name}"


def test_what_was_saved_is_a_test_from_then_on(pytester: pytest.Pytester, store: Path) -> None:
    pytester.runpytest_subprocess("--rts-seed=1").assert_outcomes(failed=1)
    (store / "test_it.py").unlink()
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_system_that_cannot_be_loaded_again_is_reported_all_the_same(
    pytester: pytest.Pytester, store: Path
) -> None:
    text = (store / "store.py").read_text()
    (store / "store.py").write_text(
        text.replace('system = Store("mine")', 'def make():\n    return Store("mine")')
    )
    test = TEST.replace("from store import system", "from store import make\nsystem = make()")
    (store / "test_it.py").write_text(test)
    result = pytester.runpytest_subprocess("--rts-seed=1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["read-your-writes violated: *", "not saved: the system 'mine' cannot be*"])
    assert list((store / "histories").iterdir()) == []


def test_any_other_failure_looks_as_ever(pytester: pytest.Pytester, store: Path) -> None:
    (store / "test_it.py").write_text(
        "from rts.harness.property_test import check_schedule\ndef test_it():\n    assert 1 == 2\n"
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E       assert 1 == 2"])
    result.stdout.no_fnmatch_line("*guarantees broken*")
