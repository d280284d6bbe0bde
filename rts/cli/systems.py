"""`rts systems`: what can be hunted, and what it claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from rts.cli.parameters import load_systems
from rts.cli.text import aligned, hanging, width

if TYPE_CHECKING:
    from rts.harness.system import Configuration, System

_HELP = """Show what can be hunted: modes, faults, seeded bugs and what is claimed.

\b
Examples:
  rts systems
  rts systems --system examples/own_store.py
"""


@click.command("systems", help=_HELP)
@click.option("--system", "system", multiple=True, metavar="NAME", help="Only this system (repeatable).")
def command(system: tuple[str, ...]) -> None:
    """Describe the systems."""
    columns = width()
    for number, (name, loaded) in enumerate(load_systems(system).items()):
        if number:
            click.echo()
        for line in describe(name, loaded, columns=columns):
            click.echo(line)


def describe(name: str, system: System, *, columns: int) -> Iterator[str]:
    """The lines that describe `system`, hunted as `name`, wrapped to `columns`."""
    yield click.style(name, bold=True)
    tables = dict.fromkeys(configuration.table for configuration in system.configurations)
    for table in tables:
        yield ""
        yield f"  {table[:1].upper()}{table[1:]}"
        for configuration in system.configurations:
            if configuration.table == table:
                yield ""
                yield from _configuration(configuration, columns=columns)
    if system.bugs:
        yield ""
        yield "  Seeded bugs (rts hunt --bug NAME)"
        yield ""
        bugs = system.bugs.values()
        rows = [(bug.name, bug.configuration.name, bug.guarantee) for bug in bugs]
        for bug, line in zip(bugs, aligned(rows, indent=4), strict=True):
            yield line
            yield hanging("", bug.description, indent=6, label_width=0, columns=columns)


def _configuration(configuration: Configuration, *, columns: int) -> Iterator[str]:
    profile, budget = configuration.profile, configuration.profile.budget
    yield f"    {click.style(configuration.name, bold=True)}"
    parts = {
        "": configuration.description,
        "mode": configuration.mode,
        "keeps": ", ".join(configuration.holds),
        "breaks": ", ".join(configuration.breaks),
        "faults": ", ".join(profile.faults),
        "within": f"{budget.crashed} down at a time, {budget.disks_lost} disks lost in all, "
        f"promotion of {' or '.join(budget.promotions) or 'nobody'}{', forced' if budget.forced else ''}",
    }
    if configuration.staleness is not None:
        parts["bound"] = configuration.staleness
    for label, text in parts.items():
        if text or label:
            yield hanging(label, text, indent=6, label_width=8, columns=columns)
