"""Seeded bugs: stores that break one rule, by which the harness is tested.

Each is a module of its own with a subclass of a store's replica or of its client session that overrides one
rule, and a `BUG` that says what it breaks and where the like was seen. The stores' own code knows nothing of
them: a module is imported when its bug is asked for by name.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rts.bugs import raft, telemetry
from rts.errors import RtsError

NUMBERS: Mapping[str, Mapping[str, str]] = {"telemetry": telemetry.NUMBERS, "raft": raft.NUMBERS}
"""System → number → name of a bug."""


def names(system: str) -> tuple[str, ...]:
    """A system's bugs, in the order of their numbers."""
    return tuple(NUMBERS[system].values())


class BugNotFound(RtsError):
    """There is no seeded bug of that name; the message lists those that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """A store that is wrong in one point.

    `breaks` is the guarantee that must be reported, `seen_in` a real system in which the like happened;
    `replica` or `session` is the class to run in place of the store's own.
    """

    name: str
    breaks: str
    description: str
    seen_in: str
    replica: type[Any] | None = None
    session: type[Any] | None = None

    @property
    def classes(self) -> dict[str, type[Any]]:
        """The classes to run that are not the store's own, by what they are."""
        both = {"replica": self.replica, "session": self.session}
        return {role: kind for role, kind in both.items() if kind is not None}


def canonical(name: str, system: str) -> str:
    """The full name of a system's bug that is given by its name or number (`S1`). Raises `BugNotFound`."""
    found = NUMBERS[system].get(name.upper(), name)
    if found not in names(system):
        raise BugNotFound(f"no seeded bug is called {name!r}; there are: {', '.join(names(system))}")
    return found


def load(name: str, system: str) -> Bug:
    """The bug of that name or number, and no other, is imported. Raises `BugNotFound`."""
    module = importlib.import_module(f"rts.bugs.{system}.{canonical(name, system).replace('-', '_')}")
    bug: Bug = module.BUG
    return bug
