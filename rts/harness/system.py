"""What the harness asks of a system that it hunts: how to run a schedule, and what is claimed of the
result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rts.harness.profile import Profile
from rts.runs import Run
from rts.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One row of a system's table: a way to run it, what it claims to keep and what it is known to break.

    `table` groups rows for display (`read modes`, `durability`). `holds` and `breaks` name guarantees of the
    checker, invariants, or `liveness`; a guarantee in neither is judged and shown, and no verdict on it is
    unexpected. `staleness` is the bound that `bounded-staleness` is judged at (`"1s"`). `profile` says what
    is drawn, within the fault budget that the claims rest on.
    """

    name: str
    mode: str
    table: str
    holds: tuple[str, ...]
    breaks: tuple[str, ...]
    profile: Profile
    staleness: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededBug:
    """A bug that a system can be run with: where to hunt it and what must be reported."""

    name: str
    configuration: Configuration
    guarantee: str
    description: str


class System(Protocol):
    """A store under test."""

    @property
    def name(self) -> str:
        """The name that `--system` takes."""

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """The rows of the system's table."""

    @property
    def bugs(self) -> Mapping[str, SeededBug]:
        """The seeded bugs, by name; most stores have none."""

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        """Run `schedule` in virtual time, with a seeded bug if one is named.

        The same arguments give the same run, byte for byte. Raises `rts.errors.ScheduleError` where the
        schedule's settings do not fit the system.
        """
