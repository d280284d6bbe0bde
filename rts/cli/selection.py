"""Which rows a hunt has: every configuration of the systems asked for, or those that the filters leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import click

import checker
from rts.cli.parameters import chosen
from rts.harness.system import Configuration, System


class Selected(NamedTuple):
    """A row: a system by the name that loads it, one of its configurations, and a seeded bug or none."""

    system: str
    configuration: str
    bug: str | None


def select(
    systems: Mapping[str, System],
    *,
    modes: tuple[str, ...] = (),
    guarantees: tuple[str, ...] = (),
    bug: str | None = None,
) -> list[Selected]:
    """The rows to hunt. A word that no system knows is a usage error that lists the known ones.

    A guarantee selects the configurations that claim something about it; where none does, all. A bug
    is hunted in the configuration that it belongs to.
    """
    all_rows = [(name, row) for name, system in systems.items() for row in system.configurations]
    known_modes = tuple(dict.fromkeys(row.mode for _, row in all_rows))
    modes = chosen(modes, known_modes, option="--mode", what="mode")
    guarantees = chosen(guarantees, known_guarantees(systems), option="--guarantee", what="guarantee")
    if bug is not None:
        if modes:
            raise click.UsageError("--bug: a seeded bug is hunted in its own mode; leave --mode out")
        return [_with_bug(systems, bug)]
    rows = [(name, row) for name, row in all_rows if not modes or row.mode in modes]
    claiming = [(name, row) for name, row in rows if _claims(row) & set(guarantees)]
    return [Selected(name, row.name, None) for name, row in claiming or rows]


def known_guarantees(systems: Mapping[str, System]) -> tuple[str, ...]:
    """The checker's guarantees, then what else the systems make claims about."""
    rows = [row for system in systems.values() for row in system.configurations]
    claimed = (name for row in rows for name in (*row.holds, *row.breaks))
    return tuple(dict.fromkeys((*checker.GUARANTEES, *claimed)))


def _claims(row: Configuration) -> set[str]:
    return {*row.holds, *row.breaks}


def _with_bug(systems: Mapping[str, System], bug: str) -> Selected:
    for name, system in systems.items():
        if bug in system.bugs:
            seeded = system.bugs[bug]  # by its name, or by what else the system calls it
            return Selected(name, seeded.configuration.name, seeded.name)
    known = tuple(known for system in systems.values() for known in system.bugs)
    chosen((bug,), known, option="--bug", what="seeded bug")
    raise AssertionError(f"{bug} is known and in no system")  # `chosen` has refused all others
