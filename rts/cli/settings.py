"""Defaults of options, from `[tool.rts]` in the nearest pyproject.toml.

The table's keys are the options' own words (`schedules = 2000`, `max-time = "5min"`); `[tool.rts.hunt]` holds
those of one command only. What is given on the command line wins.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

# The options of all commands: a default for another command is fine, a word that is nobody's is a mistake.
OPTION_NAMES = frozenset(
    {
        "system",
        "mode",
        "guarantee",
        "schedules",
        "max-time",
        "seed",
        "witness",
        "workers",
        "steps",
        "trace",
        "bug",
        "save",
        "no-save",
        "json",
        "html",
        "exact",
        "recheck",
        "staleness",
        "real-time-writes",
        "from",
        "initial",
        "nil",
        "to",
        "output",
        "time-limit",
        "memory-limit",
        "max-violations",
    }
)
COMMAND_NAMES = ("hunt", "replay", "check", "convert", "demo", "systems")


def nearest_pyproject(start: Path) -> Path | None:
    """The pyproject.toml in `start` or the closest folder above it."""
    absolute = start.resolve()
    return next(
        (
            folder / "pyproject.toml"
            for folder in (absolute, *absolute.parents)
            if (folder / "pyproject.toml").is_file()
        ),
        None,
    )


def defaults_for(command: click.Command, start: Path | None = None) -> dict[str, Any]:
    """The defaults of `command`'s options, by parameter name, from the pyproject.toml nearest to `start`.

    Raises `click.UsageError`, naming the file, where it or its table cannot be read or a key is no option's.
    """
    file = nearest_pyproject(Path.cwd() if start is None else start)
    if file is None:
        return {}
    table = _table(file)
    stated = {key: value for key, value in table.items() if not isinstance(value, dict)}
    for name, value in table.items():
        if isinstance(value, dict):
            if name not in COMMAND_NAMES:
                raise _unknown(file, f"[tool.rts.{name}]", name, COMMAND_NAMES)
            if name == command.name:
                stated |= value
    for key in stated:
        if key not in OPTION_NAMES:
            raise _unknown(file, f"[tool.rts] {key}", key, sorted(OPTION_NAMES))
    options = {
        word.lstrip("-"): parameter
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for word in parameter.opts
    }
    return {
        option.name: [value] if option.multiple and not isinstance(value, list) else value
        for key, value in stated.items()
        if (option := options.get(key)) is not None and option.name is not None
    }


def explain_default(error: click.ClickException) -> click.ClickException:
    """`error`; where the wrong value was not typed but stated in pyproject.toml, the message says so."""
    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None:
        return error
    if error.ctx.get_parameter_source(error.param.name or "") is not ParameterSource.DEFAULT_MAP:
        return error
    message = f"{error.message} (stated under [tool.rts] in {nearest_pyproject(Path.cwd())})"
    return click.BadParameter(message, ctx=error.ctx, param=error.param)


def _table(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            content = tomllib.load(stream)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file}: {error}") from None
    table = content.get("tool", {}).get("rts", {})
    if not isinstance(table, dict):
        raise click.UsageError(f"{file}: [tool.rts] must be a table")
    return table


def _unknown(file: Path, what: str, word: str, known: Sequence[str]) -> click.UsageError:
    close = difflib.get_close_matches(word, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
    return click.UsageError(f"{file}: {what} is unknown; {hint}")
