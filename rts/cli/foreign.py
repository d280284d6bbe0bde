"""Histories that others recorded, on the command line: which format, and what the format leaves open."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from checker.formats import FORMATS
from rts.cli.text import plural

if TYPE_CHECKING:
    from checker import History

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """What the options say of the files' format; None guesses it, and takes its own conventions."""

    format: str | None = None
    initial: Any = msgspec.UNSET
    nil: Any = None


def foreign_options(command: _Command) -> _Command:
    """Add the options `--from`, `--initial` and `--nil`; the command gets them as `foreign`."""

    @functools.wraps(command)
    def wrapped(*args: Any, from_: str | None, initial: Any, nil: str | None, **options: Any) -> Any:
        return command(*args, foreign=Foreign(format=from_, initial=initial, nil=nil), **options)

    for option in (
        click.option(
            "--nil",
            type=click.Choice(("unknown", "absent")),
            help="What a completed read of nil means, in Jepsen's formats (default: the format's own).",
        ),
        click.option(
            "--initial",
            callback=_value,
            metavar="JSON",
            help="What every key starts with in formats of others; null: absent (default: the format's own).",
        ),
        click.option(
            "--from", "from_", type=click.Choice(FORMATS), help="The files' format (default: guessed)."
        ),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]  # options change how it is called, for click alone


def read_history(file: str, foreign: Foreign) -> History:
    """Return the history in a file, `-` being standard input. Raises `HistoryError`."""
    from checker import formats

    if file == "-":
        return formats.read_stream(
            sys.stdin.buffer, foreign.format, initial=foreign.initial, nil=foreign.nil, file="<stdin>"
        )
    return formats.read(file, foreign.format, initial=foreign.initial, nil=foreign.nil)


def is_own(file: str, foreign: Foreign) -> bool:
    """Whether a file has our own format. Raises `HistoryError` for one that cannot be opened."""
    from checker import formats

    return file != "-" and (foreign.format or formats.format_of(file)) == formats.OWN


def imported_from(history: History) -> Mapping[str, Any] | None:
    """Return what is known of how a history was imported; None for one that is our own."""
    meta = history.header.meta
    names = ("imported_from", "operations", "skipped", "nil", "initial")
    return {name: meta[name] for name in names if name in meta} if "imported_from" in meta else None


def described(imported: Mapping[str, Any]) -> str:
    """Return in a line how a history was imported."""
    parts = [f"{plural(imported.get('operations', 0), 'operation')} read"]
    parts += [f"{what} skipped: {count:,}" for what, count in imported.get("skipped", {}).items()]
    if "initial" in imported:
        parts.append(f"keys start with {msgspec.json.encode(imported['initial']).decode()}")
    if "nil" in imported:
        parts.append(f"nil is {imported['nil']}")
    return f"imported from {imported['imported_from']}: {'; '.join(parts)}"


def _value(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    if not isinstance(value, str):  # what [tool.rts] says is a value already
        return msgspec.UNSET if value is None else value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise click.BadParameter(f"""{value!r} is no JSON: write 0, null or '"text"'""") from None
