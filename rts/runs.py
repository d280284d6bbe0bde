"""What a simulated run leaves behind: the history that clients saw, what the run went through, and its
digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from checker import Operation
from rts.schedule import Schedule

BEHIND_AT_A_READ = "a replica was behind at a read"
"""The state in which an answer can be stale: without it, a guarantee about reads was not put to the test."""


class FaultCount(NamedTuple):
    """How many faults of a kind a schedule asked for, and how many took hold (a lag delayed a message, …)."""

    drawn: int
    took_hold: int


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant seen broken inside the run, or a promise of progress that was not kept.

    `guarantee` is its name in verdict tables (`log-matching`, `state-machine-safety`, `liveness`, …),
    `explanation` one or more sentences, `at_ns` the virtual time, `node` where it was seen.
    """

    guarantee: str
    explanation: str
    at_ns: int
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One schedule, run.

    `watched` says, for each invariant and for liveness, how often it was checked. `states` counts rare states
    that the run reached, `BEHIND_AT_A_READ` among them where the system can tell; `scores` are features that
    guide a search (higher is closer to trouble). `events` is the trace: tuples of virtual time in
    nanoseconds, kind, then what the kind carries.
    """

    schedule: Schedule
    bug: str | None
    operations: list[Operation]
    one_log: bool
    real_time_writes: bool
    events: list[tuple[Any, ...]]
    simulated_ns: int
    breaches: tuple[Breach, ...] = ()
    watched: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[str, FaultCount] = field(default_factory=dict)
    states: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """`sha256:…` over every event of the run and every operation recorded."""
        encoded = msgspec.msgpack.encode((self.events, self.operations))
        return "sha256:" + hashlib.sha256(encoded).hexdigest()
