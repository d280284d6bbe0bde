"""What the values of options look like on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rts.harness.system import System

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}
_BYTES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")


def duration(ctx: click.Context, param: click.Parameter, value: Any) -> float | None:
    """A callback: `60s`, `500ms`, `5min`, `2h` or bare seconds as a float of seconds."""
    quantity = _quantity(value, _SECONDS)
    if value is not None and quantity is None:
        raise click.BadParameter(f"{value!r} is no duration: write it as 60s, 500ms, 5min or 2h")
    return quantity


def memory(ctx: click.Context, param: click.Parameter, value: Any) -> int | None:
    """A callback: `512MB`, `2GiB` or bare bytes as an int of bytes."""
    quantity = _quantity(value, _BYTES)
    if value is not None and quantity is None:
        raise click.BadParameter(f"{value!r} is no amount of memory: write it as 512MB or 2GiB")
    return None if quantity is None else int(quantity)


def _quantity(value: Any, units: Mapping[str, float]) -> float | None:
    match = None if value is None else _QUANTITY.fullmatch(str(value))
    return None if match is None or match[2] not in units else float(match[1]) * units[match[2]]


def chosen(values: tuple[str, ...], known: tuple[str, ...], *, option: str, what: str) -> tuple[str, ...]:
    """`values`, each once, where all are `known`; otherwise a usage error that names those there are."""
    for value in values:
        if value not in known:
            listed = ", ".join(known) if known else "none"
            raise click.UsageError(f"{option}: there is no {what} {value!r}; there are: {listed}")
    return tuple(dict.fromkeys(values))


DEFAULT_SYSTEM = "telemetry"
"""What is hunted where nothing is named."""


def load_systems(names: tuple[str, ...]) -> dict[str, System]:
    """The systems called `names`, or all that ship with the package, by the name they were asked for with.

    A name that leads to no system is a usage error.
    """
    from rts import systems

    try:
        return {name: systems.load(name) for name in names or systems.names()}
    except systems.SystemNotFound as error:
        raise click.UsageError(str(error)) from error
