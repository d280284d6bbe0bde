"""What the hunts have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration
from rts.schedule import MILLISECOND
from rts.systems.raft import CONFIGURATIONS
from rts.systems.seeded import hunted_in

ONE, TWO, THREE, FOUR = ("n0",), ("n0", "n1"), ("n0", "n1", "n2"), ("n0", "n1", "n2", "n3")
FIVE = (*FOUR, "n4")

SETTINGS: Mapping[str, tuple[Any, ...]] = {
    "heartbeat_ns": (100 * MILLISECOND,),
    "election_ns": ((300 * MILLISECOND, 600 * MILLISECOND),),
}
"""Few heartbeats to a schedule, and elections that are over soon."""


def hunted(
    name: str,
    mode: str,
    *,
    nodes: tuple[str, ...],
    operations: Mapping[str, int],
    faults: Mapping[str, int],
    settings: Mapping[str, tuple[Any, ...]] | None = None,
    crashed: int | None = None,
    disks_lost: int = 0,
    **named: Any,
) -> Configuration:
    """The configuration for one bug. `mode` is the configuration of the system whose claims it makes; all
    nodes vote unless `settings` say otherwise; the rest goes to the profile."""
    claims = next(row for row in CONFIGURATIONS if row.name == mode)
    profile = Profile(
        nodes=nodes,
        operations=operations,
        faults=faults,
        budget=Budget(
            crashed=len(nodes) if crashed is None else crashed, disks_lost=disks_lost, promotions=()
        ),
        settings={"voters": (nodes,), **SETTINGS, **(settings or {})},
        **named,
    )
    return hunted_in(name, claims, profile)


def by_name(hunts: Iterable[Configuration]) -> dict[str, Configuration]:
    """The hunts, each under its bug's name."""
    return {hunt.name: hunt for hunt in hunts}
