from pathlib import Path

import click
import pytest

from rts.cli import group
from rts.cli.settings import COMMAND_NAMES, OPTION_NAMES, defaults_for


@click.command("hunt")
@click.option("--schedules", type=int)
@click.option("--mode", "modes", multiple=True)
@click.option("--max-time")
def command(schedules: int, modes: tuple[str, ...], max_time: str) -> None:
    """Three options like those of the real command."""


def project(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    (folder / "deeper").mkdir(exist_ok=True)
    return folder / "deeper"


def test_the_nearest_pyproject_s_table_gives_defaults(tmp_path: Path) -> None:
    inside = project(tmp_path, '[tool.rts]\nschedules = 7\nmode = "leader"\nmax-time = "5s"\n')
    assert defaults_for(command, inside) == {"schedules": 7, "modes": ["leader"], "max_time": "5s"}


def test_a_command_s_own_table_wins_and_others_do_not_count(tmp_path: Path) -> None:
    inside = project(
        tmp_path,
        "[tool.rts]\nschedules = 7\nseed = 3\n[tool.rts.hunt]\nschedules = 8\n"
        "[tool.rts.check]\nstaleness = '1s'\n",
    )
    assert defaults_for(command, inside) == {"schedules": 8}


def test_no_table_is_no_default(tmp_path: Path) -> None:
    assert defaults_for(command, project(tmp_path, "[project]\nname = 'x'\n")) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.rts]\nschedule = 7\n", r"\[tool\.rts\] schedule is unknown; did you mean schedules\?"),
        ("[tool.rts.hnt]\nseed = 7\n", r"\[tool\.rts\.hnt\] is unknown; did you mean hunt\?"),
        ("[tool.rts\n", r"pyproject\.toml: .*line 1"),
        ("[tool]\nrts = 3\n", r"\[tool\.rts\] must be a table"),
    ],
)
def test_a_mistake_in_the_file_is_wrong_usage(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        defaults_for(command, project(tmp_path, text))


def test_the_words_known_here_are_those_of_the_commands() -> None:
    context = click.Context(group.rts)
    words = set()
    for name in group.COMMANDS:
        loaded = group.rts.get_command(context, name)
        assert loaded is not None
        words |= {
            word.removeprefix("--")
            for parameter in loaded.params
            if isinstance(parameter, click.Option)
            for word in parameter.opts
            if word.startswith("--")
        }
    assert words == OPTION_NAMES
    assert tuple(group.COMMANDS) == COMMAND_NAMES
