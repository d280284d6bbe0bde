import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin.conftest import Save

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tests_of_all_kinds(project: Path, save: Save) -> str:
    """A test of each kind and one of none; the name of the saved history."""
    for name, text in {
        "tests/a_unit/test_unit.py": "def test_unit(): pass\n",
        "tests/properties/test_store.py": "def test_by_folder(): pass\n",
        "tests/test_marked.py": "import pytest\n@pytest.mark.properties\ndef test_by_marker(): pass\n",
    }.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return save().name


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    result = pytester.runpytest("--collect-only", "-q", *arguments)
    return [line for line in result.outlines if "::" in line]


@pytest.mark.parametrize("option", ["-k", "-m"])
def test_keyword_and_marker_select_what_searches_and_replays_and_nothing_else(
    option: str, pytester: pytest.Pytester, tests_of_all_kinds: str
) -> None:
    assert collected(pytester, option, "properties") == [
        f"histories/{tests_of_all_kinds}::replay",
        "tests/properties/test_store.py::test_by_folder",
        "tests/test_marked.py::test_by_marker",
    ]


def test_they_run_first(pytester: pytest.Pytester, tests_of_all_kinds: str) -> None:
    assert collected(pytester) == [
        f"histories/{tests_of_all_kinds}::replay",
        "tests/properties/test_store.py::test_by_folder",
        "tests/test_marked.py::test_by_marker",
        "tests/a_unit/test_unit.py::test_unit",
    ]


def test_without_histories_nothing_changes(pytester: pytest.Pytester) -> None:
    for name in ("a/test_unit.py", "properties/test_store.py"):
        path = pytester.path / name
        path.parent.mkdir()
        path.write_text("def test_it(): pass\n")
    assert collected(pytester) == ["a/test_unit.py::test_it", "properties/test_store.py::test_it"]
    result = pytester.runpytest()
    result.stdout.no_fnmatch_line("*rts seed*")
    result.stdout.no_fnmatch_line("*hypothesis profile 'quick'*")


def test_in_this_project_the_keyword_selects_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-k", "properties"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in (0, 5), done.stdout + done.stderr
    selected = [line for line in done.stdout.splitlines() if "::" in line]
    assert [line for line in selected if not line.startswith(("tests/properties/", "histories/"))] == []
