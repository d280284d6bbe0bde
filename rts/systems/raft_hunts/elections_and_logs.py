"""Hunts for what breaks elections, votes and the matching of logs (R1 to R16)."""

from __future__ import annotations

from rts.harness.system import Configuration
from rts.systems.raft_hunts.profile import by_name


def _hunts() -> tuple[Configuration, ...]:
    return ()


HUNTS = by_name(_hunts())
