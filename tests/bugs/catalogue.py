"""The smallest schedule known for each seeded bug, kept beside this file as one would write it by hand."""

from __future__ import annotations

from pathlib import Path

from rts.bugs import NUMBERS, names
from rts.schedule import Schedule, loads

FOLDER = Path(__file__).parent / "smallest"
BUGS = [(system, name) for system in NUMBERS for name in names(system)]
"""Each bug with its system."""


def smallest(name: str) -> Schedule:
    """The smallest schedule that is known to show the bug."""
    return loads((FOLDER / f"{name}.json").read_bytes())
