"""Hunts for what breaks snapshots, changes of members, reads and commitment (R17 to R32)."""

from __future__ import annotations

from rts.harness.system import Configuration
from rts.systems.raft_hunts.profile import by_name


def _hunts() -> tuple[Configuration, ...]:
    return ()


HUNTS = by_name(_hunts())
