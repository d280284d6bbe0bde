"""What a search draws from: kinds of steps and their weights, sizes, settings, and the fault budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from rts.schedule import OPERATION_STEPS, TAGS, AnyStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a configuration claims to survive; schedules for its claims stay inside.

    `crashed`: nodes that are down (crashed or paused) at one time. `disks_lost`: nodes whose disk was lost or
    corrupted, in all. `promotions`: the candidates that the operator may choose (`"best"`, `"any"`,
    `"member"`: a node of `members`, `"n1"`, …). `forced`: whether it may force them.
    """

    crashed: int = 1
    disks_lost: int = 1
    promotions: tuple[str, ...] = ("best",)
    forced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is drawn for one configuration.

    `operations` and `faults` map a step's tag (`"write"`, `"lag"`, …) to its weight; each schedule switches a
    drawn subset of the faults on (swarm testing: Groce et al., ISSTA 2012). `settings` maps a setting to the
    values it is drawn from; a value listed twice is twice as likely. `delays_ns` are the pauses between
    steps, `disk_loss_percent` of the crashes lose the disk as well (within the budget), `lags_ns` the delays
    of lagging links and slow disks. Half of the schedules begin with the steps of one of the `scripts`, if
    there are any: what is drawn happens after them, so that a search for what lies deep can start near it.
    """

    nodes: tuple[str, ...]
    operations: Mapping[str, int]
    faults: Mapping[str, int]
    budget: Budget
    settings: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    sessions: int = 3
    keys: int = 2
    steps: int = 20
    fault_share: float = 0.3
    delays_ns: tuple[int, ...] = (0, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
    lags_ns: tuple[int, ...] = (5_000_000, 50_000_000, 500_000_000, 5_000_000_000)
    needs: tuple[str, ...] = ()
    disk_loss_percent: int = 25
    scripts: tuple[tuple[AnyStep, ...], ...] = ()

    def __post_init__(self) -> None:
        """Settings are what a schedule's file would give back: a tuple is a list there. Raises `ValueError`
        for a kind of step that does not exist."""
        operations = {TAGS[kind] for kind in OPERATION_STEPS}
        faults = set(TAGS.values()) - operations
        unknown = [*(self.operations.keys() - operations), *(self.faults.keys() - faults)]
        if unknown:
            raise ValueError(f"a profile draws what does not exist: {', '.join(sorted(unknown))}")
        plain = {
            name: tuple(msgspec.json.decode(msgspec.json.encode(values)))
            for name, values in self.settings.items()
        }
        object.__setattr__(self, "settings", plain)
