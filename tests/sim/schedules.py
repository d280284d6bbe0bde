"""Schedules of the telemetry store, run whole: what tests of entire runs share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rts.harness.judge import judge_at
from rts.runs import Run
from rts.schedule import MILLISECOND, AnyStep, Read, Schedule, Write
from rts.telemetry.simulation import Simulation

NODES = ("n0", "n1", "n2", "n3")


def run(*steps: AnyStep, mode: str = "leader", jitter: int = 0, **settings: Any) -> Run:
    """The schedule of these steps, run."""
    return Simulation(
        Schedule(
            system="telemetry",
            configuration=mode,
            mode=mode,
            nodes=NODES,
            settings=settings,
            steps=steps,
            jitter=jitter,
        )
    ).run()


def violated(found: Run) -> Sequence[str]:
    """The guarantees and invariants that a run broke."""
    return judge_at(found, None).violated


def write(after_ms: int = 0, *, session: str = "s0") -> Write:
    return Write(after_ns=after_ms * MILLISECOND, session=session, key="k0")


def read(after_ms: int = 0, *, session: str = "s0", replica: int = 0, mode: str | None = None) -> Read:
    return Read(after_ns=after_ms * MILLISECOND, session=session, key="k0", replica=replica, mode=mode)
