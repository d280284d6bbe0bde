"""`rts check`: recorded histories are judged, whoever wrote them."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from rts.cli.foreign import Foreign, described, foreign_options, imported_from, is_own, read_history
from rts.cli.group import report_internal_error
from rts.cli.parameters import chosen, duration, memory
from rts.cli.status import ExitStatus, combined
from rts.cli.text import width
from rts.cli.witnesses import save_witnesses

if TYPE_CHECKING:
    from checker import History, Report

_IN_MEMORY = 8
"""How much more memory judging may take than its file does on disk; compressed files take still more."""

_HELP = """Judge recorded histories, whoever recorded them (- for standard input; .zst is decompressed).

The format is guessed from the first bytes: rts-history/1, Jepsen's EDN, JSON (elle-cli) or log lines,
Porcupine's key-value logs, Plume's text, dbcop's JSON.

Exit status 0: all hold; 1: a violation; 2: a file that is no history, the others being judged all the same;
3: inconclusive.

\b
Examples:
  rts check history.jsonl
  rts check --guarantee read-your-writes --guarantee monotonic-reads runs/*.jsonl
  rts check --staleness 5s --json history.jsonl.zst
  rts check --witness smallest/ history.jsonl
  rts check --guarantee linearizable --nil absent --initial null history.edn
"""


@click.command("check", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--guarantee",
    "guarantees",
    multiple=True,
    metavar="NAME",
    help="Judge this guarantee (repeatable; default: all that apply).",
)
@click.option(
    "--staleness", metavar="BOUND", help="Judge bounded-staleness at this bound: 5s, 200ms, 10versions."
)
@click.option(
    "--real-time-writes/--no-real-time-writes",
    default=None,
    help="Whether real time orders writes (default: what each file says).",
)
@foreign_options
@click.option(
    "--time-limit", callback=duration, metavar="DURATION", help="For each file; what is left is unknown."
)
@click.option(
    "--memory-limit", callback=memory, metavar="SIZE", help="For each file; what needs more is unknown."
)
@click.option(
    "--max-violations",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Explain at most so many of each guarantee.",
)
@click.option(
    "--witness",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Save the smallest part that breaks each guarantee, as a history in this folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file, on one line.")
def command(
    files: tuple[str, ...],
    *,
    guarantees: tuple[str, ...],
    staleness: str | None,
    real_time_writes: bool | None,
    foreign: Foreign,
    time_limit: float | None,
    memory_limit: int | None,
    max_violations: int,
    witness: Path | None,
    as_json: bool,
) -> int:
    """Judge each file; one that is no history does not keep the others from it."""
    options: dict[str, Any] = {
        "guarantees": _guarantees(guarantees, staleness),
        "staleness": _bound(staleness),
        "real_time_writes": real_time_writes,
        "time_limit": time_limit,
        "memory_limit": memory_limit,
        "max_violations": max_violations,
    }
    show = Show(as_json=as_json, witness=witness)
    return combined([_one(file, options, foreign, show, first=file is files[0]) for file in files])


class Show(NamedTuple):
    """How reports are shown, and the folder that witnesses are saved in, if any."""

    as_json: bool
    witness: Path | None


def _guarantees(asked: tuple[str, ...], staleness: str | None) -> tuple[str, ...] | None:
    import checker

    if not asked:
        return None
    if "bounded-staleness" in asked and staleness is None:
        raise click.UsageError("--guarantee bounded-staleness needs a bound: add --staleness 5s")
    return chosen(asked, checker.GUARANTEES, option="--guarantee", what="guarantee")


def _bound(staleness: str | None) -> object:
    import checker

    if staleness is None:
        return None
    try:
        return checker.Staleness.parse(staleness)
    except ValueError as error:
        raise click.UsageError(f"--staleness: {error}") from None


def _one(file: str, options: dict[str, Any], foreign: Foreign, show: Show, *, first: bool) -> int:
    import checker

    try:
        report, history = _judged(file, foreign, options)
        text = _json(report, history, file) if show.as_json else _text(report, history, first=first)
        saved = save_witnesses(show.witness, history, report, options) if show.witness else []
    except checker.HistoryError as error:
        click.echo(f"rts: {error}", err=True)
        return ExitStatus.USAGE
    except click.ClickException:
        raise
    except Exception as error:
        report_internal_error(error, f"judging {file}")
        return ExitStatus.INTERNAL
    click.echo(text)
    for line in saved:
        click.echo(line, err=show.as_json)
    return checker.exit_status([report])


def _judged(file: str, foreign: Foreign, options: dict[str, Any]) -> tuple[Report, History]:
    """Judge a file, part by part if there is no room for it; its history then is what violations name."""
    import checker

    limit = options["memory_limit"] or memory_for(file)
    if limit is not None and is_own(file, foreign):
        report = checker.check_file(file, **options | {"memory_limit": limit})
        assert report.history is not None
        return report, report.history
    history = read_history(file, foreign)
    if options["staleness"] is not None and history.header.extra.get("real_time") is False:
        raise checker.HistoryError("--staleness: each session has a clock of its own", file=file)
    return checker.check(history, **options), history


def memory_for(file: str) -> int | None:
    """Return the limit, in bytes, under which a file is to be judged: None if it surely fits in memory."""
    try:
        size, most = os.path.getsize(file), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, AttributeError):  # standard input, or a system that does not say
        return None
    return most // 2 if size * _IN_MEMORY > most else None


def _json(report: Report, history: History, file: str) -> str:
    found = imported_from(history)
    more = {"file": file} if found is None else {"file": file, "imported": found}
    return msgspec.json.encode(report.to_json() | more).decode()


def _text(report: Report, history: History, *, first: bool) -> str:
    from rich.console import Console

    from checker.report import render_text

    # Rendered as a whole before a line of it is shown: what fails on the way leaves no half of a report.
    out = io.StringIO()
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    console = Console(
        file=out,
        width=width(),
        force_terminal=colours,
        color_system="standard" if colours else None,
        legacy_windows=False,
    )
    render_text(report, history, console)
    lines = [line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")]
    found = imported_from(history)
    if found is not None:
        lines.insert(1, described(found))
    return ("" if first else "\n") + "\n".join(lines)
