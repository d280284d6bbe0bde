"""`rts systems`: what can be hunted, and what it claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from rts.cli.parameters import load_systems
from rts.cli.text import hanging, plural, width

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
    """The lines that describe `system`, hunted as `name`, wrapped to `columns`.

    What the rows of a table have in common is said once, at its head.
    """
    yield click.style(name, bold=True)
    for table in dict.fromkeys(row.table for row in system.configurations):
        rows = [row for row in system.configurations if row.table == table]
        common = _common(rows)
        yield ""
        yield click.style(f"  {table[:1].upper()}{table[1:]}", bold=True)
        yield from _parts(common, indent=4, columns=columns)
        for row in rows:
            yield ""
            yield f"    {click.style(row.name, bold=True)}"
            if row.description:
                yield hanging("", row.description, indent=6, label_width=0, columns=columns)
            yield from _parts(_own(row, common), indent=6, columns=columns)
    if system.bugs:
        yield ""
        yield click.style("  Seeded bugs (rts hunt --bug NAME)", bold=True)
        for bug in system.bugs.values():
            yield ""
            what = f"breaks {bug.guarantee} in {bug.configuration.name}"
            yield f"    {click.style(bug.name, bold=True)}  {what}"
            yield hanging("", bug.description, indent=6, label_width=0, columns=columns)


def _facts(row: Configuration) -> dict[str, str]:
    """What a row may share with the others of its table as a whole."""
    budget = row.profile.budget
    within = [f"{budget.crashed} down at a time", f"{plural(budget.disks_lost, 'disk')} lost in all"]
    if budget.promotions:
        forced = ", forced" if budget.forced else ""
        within.append(f"promotion of {' or '.join(budget.promotions)}{forced}")
    return {
        "mode": row.mode if row.mode != row.name else "",
        "faults": ", ".join(row.profile.faults) or "none",
        "within": ", ".join(within),
        "bound": row.staleness or "",
    }


def _common(rows: Sequence[Configuration]) -> dict[str, str]:
    """What all rows have in common; `keeps`: of those that keep anything."""
    if len(rows) < 2:
        return {}
    facts = [_facts(row) for row in rows]
    claiming = [row for row in rows if row.holds]
    kept = (
        [name for name in claiming[0].holds if all(name in row.holds for row in claiming)] if claiming else []
    )
    shared = {name: text for name, text in facts[0].items() if all(text == other[name] for other in facts)}
    return {"keeps": ", ".join(kept)} | shared


def _own(row: Configuration, common: Mapping[str, str]) -> dict[str, str]:
    shared = common.get("keeps", "").split(", ") if common.get("keeps") else []
    kept = [name for name in row.holds if name not in shared]
    if shared and row.holds:
        kept.insert(0, "the above")
    own = {name: text for name, text in _facts(row).items() if name not in common}
    return {"keeps": ", ".join(kept) or "nothing for certain", "breaks": ", ".join(row.breaks)} | own


def _parts(parts: Mapping[str, str], *, indent: int, columns: int) -> Iterator[str]:
    for label, text in parts.items():
        if text:
            yield hanging(label, text, indent=indent, label_width=8, columns=columns)
