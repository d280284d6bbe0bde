"""Shared by the tests: schedules of the fake system, written down as they would be in a file."""

from __future__ import annotations

from rts.schedule import MILLISECOND, AnyStep, Lag, Read, Schedule, Write

WRITE = Write(session="s0", key="k0")
READ = Read(session="s0", key="k0")
LAG = Lag(source="n0", target="n1", delay_ns=5 * MILLISECOND)

# The smallest schedule in which a session does not see its own write.
STALE_READ = (LAG, WRITE, READ)


def schedule_of(*steps: AnyStep, configuration: str = "any follower", mode: str = "any-follower") -> Schedule:
    """A schedule of the fake system on three nodes."""
    return Schedule(
        system="fake", configuration=configuration, mode=mode, nodes=("n0", "n1", "n2"), steps=steps
    )
