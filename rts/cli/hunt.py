"""`rts hunt`: the main job."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from rts.cli.parameters import DEFAULT_SYSTEM, duration, load_systems

SCHEDULES = 500
SCHEDULES_FOR_BUG = 10_000
"""A hunt for a bug ends with the chunk that found it, so it may look for long."""
_SEEDS = 2**32

_HELP = """Search for schedules that break a guarantee; shrink, explain and save what is found.

Without arguments: the telemetry store in every read mode, and its durability. Every hunt starts from nothing.
The same seed and code give the same schedules, whatever the machine and the number of workers.

Exit status 0: everything is as claimed; 1: a guarantee that is claimed to hold is broken, or one that is
expected to break was not found broken. With --bug, 1: found; 0: not found.

\b
Examples:
  rts hunt
  rts hunt --mode any-follower --mode leader --schedules 5000
  rts hunt --guarantee linearizable --max-time 60s --seed 1
  rts hunt --system examples/own_store.py --json hunt.json
"""

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("hunt", help=_HELP)
@click.option(
    "--system", "system", multiple=True, metavar="NAME", help="A name, file.py or module:attribute."
)
@click.option("--mode", "modes", multiple=True, metavar="MODE", help="Only this read mode (repeatable).")
@click.option(
    "--guarantee", "guarantees", multiple=True, metavar="NAME", help="Only this guarantee (repeatable)."
)
@click.option(
    "--schedules",
    type=click.IntRange(min=1),
    default=None,
    show_default="500; with --bug at most 10000",
    metavar="N",
    help="Schedules for each configuration.",
)
@click.option(
    "--max-time", callback=duration, metavar="DURATION", help="Stop the search after this: 60s, 5min."
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Repeat a hunt (default: drawn).")
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes (default: one for each core)."
)
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Steps of a schedule.")
@click.option("--bug", metavar="NAME", help="Hunt this seeded bug, in its own configuration.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Save counterexamples here (default: the project's histories/).",
)
@click.option("--no-save", is_flag=True, help="Save nothing.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write the summary (rts-hunt/1).")
@click.option("--html", "html_file", type=_FILE, metavar="FILE", help="Write a page to look at.")
def command(
    *,
    system: tuple[str, ...],
    modes: tuple[str, ...],
    guarantees: tuple[str, ...],
    schedules: int | None,
    max_time: float | None,
    seed: int | None,
    workers: int | None,
    steps: int | None,
    bug: str | None,
    save: Path | None,
    no_save: bool,
    json_file: Path | None,
    html_file: Path | None,
) -> int:
    """Hunt, report, and return what the hunt came to."""
    if save is not None and no_save:
        raise click.UsageError("--save and --no-save contradict each other")
    from rts.cli.hunting import Request, carry_out
    from rts.cli.selection import select

    rows = select(load_systems(system or (DEFAULT_SYSTEM,)), modes=modes, guarantees=guarantees, bug=bug)
    request = Request(
        system=system,
        modes=modes,
        guarantees=guarantees,
        schedules=schedules or (SCHEDULES if bug is None else SCHEDULES_FOR_BUG),
        max_time_s=max_time,
        seed=secrets.randbelow(_SEEDS) if seed is None else seed,
        workers=workers,
        steps=steps,
        bug=bug,
        save=save,
        no_save=no_save,
    )
    return carry_out(request, rows, json_file=json_file, html_file=html_file)
