"""`rts check`: recorded histories are judged, whoever wrote them."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from rts.cli.group import report_internal_error
from rts.cli.parameters import chosen, duration, memory
from rts.cli.status import ExitStatus, combined
from rts.cli.text import width

if TYPE_CHECKING:
    from checker import History, Report

FORMATS = ("rts-history",)

_HELP = """Judge recorded histories (rts-history/1; .jsonl or .jsonl.zst, - for standard input).

Exit status 0: all hold; 1: a violation; 2: a file that is no history, the others being judged all the same;
3: inconclusive.

\b
Examples:
  rts check history.jsonl
  rts check --guarantee read-your-writes --guarantee monotonic-reads runs/*.jsonl
  rts check --staleness 5s --json history.jsonl.zst
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
@click.option("--from", "from_", type=click.Choice(FORMATS), default="rts-history", help="The files' format.")
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file, on one line.")
def command(
    files: tuple[str, ...],
    *,
    guarantees: tuple[str, ...],
    staleness: str | None,
    real_time_writes: bool | None,
    from_: str,
    time_limit: float | None,
    memory_limit: int | None,
    max_violations: int,
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
    return combined([_one(file, options, as_json=as_json, first=file is files[0]) for file in files])


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


def _one(file: str, options: dict[str, Any], *, as_json: bool, first: bool) -> int:
    import checker

    try:
        history = _read(file)
        report = checker.check(history, **options)
        text = _json(report, file) if as_json else _text(report, history, first=first)
    except checker.HistoryError as error:
        click.echo(f"rts: {error}", err=True)
        return ExitStatus.USAGE
    except Exception as error:
        report_internal_error(error, f"judging {file}")
        return ExitStatus.INTERNAL
    click.echo(text)
    return checker.exit_status([report])


def _read(file: str) -> History:
    import checker

    if file == "-":
        return checker.loads(sys.stdin.buffer.read(), file="<stdin>")
    return checker.read(file)


def _json(report: Report, file: str) -> str:
    return msgspec.json.encode(report.to_json() | {"file": file}).decode()


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
    lines = (line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))
    return ("" if first else "\n") + "\n".join(lines)
