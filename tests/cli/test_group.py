import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from rts.cli import demo, group
from rts.cli.group import main


@pytest.fixture
def behave(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Lets `rts demo` raise something."""

    def replace(error: BaseException) -> None:
        def callback(name: str | None) -> None:
            raise error

        monkeypatch.setattr(demo.command, "callback", callback)

    return replace


def test_help_names_every_command_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for name in group.COMMANDS:
        assert re.search(rf"^  {name} +\S", text, re.MULTILINE)
    assert "rts hunt --mode any-follower" in text


@pytest.mark.parametrize("name", group.COMMANDS)
def test_each_command_s_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"\n    rts {name}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--nothing"], ["hnt"], ["check"], ["hunt", "--seed", "x"]])
def test_wrong_usage_is_2_and_on_standard_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err


def test_a_default_that_is_wrong_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.rts]\nmax-violations = 'x'\n")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "a.jsonl"]) == 2
    assert f"(stated under [tool.rts] in {tmp_path / 'pyproject.toml'})" in capsys.readouterr().err


def test_an_internal_error_is_one_line_that_names_its_traceback(
    behave: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    behave(KeyError("a\nb"))
    assert main(["demo"]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    found = re.fullmatch(r"rts: internal error: KeyError: .* \(traceback in (.*)\)\n", captured.err)
    assert found is not None
    written = Path(found[1])
    assert "in callback" in written.read_text()
    written.unlink()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_is_130(
    error: BaseException, behave: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    behave(error)
    assert main(["demo"]) == 130
    assert "interrupted" in capsys.readouterr().err


def in_a_process(code: str, *, options: tuple[str, ...] = ()) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_imports_nothing_heavy() -> None:
    loaded = in_a_process(
        "import sys\nfrom rts.cli.group import main\nmain(['--help'])\nprint('LOADED', *sorted(sys.modules))"
    )
    modules = set(loaded.split("LOADED ")[1].split())
    heavy = {"checker", "hypothesis", "trio", "numpy", "networkx", "rich", "msgspec", "rts.harness", "pytest"}
    assert modules & heavy == set()


def test_check_imports_neither_hypothesis_nor_trio_nor_the_harness(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"format": "rts-history/1"}\n')
    loaded = in_a_process(
        f"import sys\nfrom rts.cli.group import main\nmain(['check', '--json', {str(file)!r}])\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    modules = set(loaded.split("LOADED ")[1].split())
    assert "checker.judge" in modules
    assert modules & {"hypothesis", "trio", "rts.harness", "rts.sim", "rts.systems"} == set()


def test_signs_that_a_terminal_cannot_show_are_escaped() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from rts.cli.group import _tolerate_narrow_encodings as t\nt()\nprint('✓')"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout == "\\u2713\n"
