"""What the search of one chunk of schedules came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rts.harness.summary import HarnessError
from rts.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFailure:
    """The first schedule of a chunk that violates a guarantee, and how many schedules and seconds it took."""

    guarantee: str
    schedule: Schedule
    after_schedules: int
    after_s: float


@dataclass(slots=True, kw_only=True)
class ChunkResult:
    """What a chunk came to: counts that add up over chunks, the first failures, errors, and a digest.

    `could_have_been_stale` counts the schedules in which a replica was behind at a read, `stale_schedules`
    for each guarantee those of them in which it had something to judge.
    `stopped` and `interrupted` say that it is not the whole chunk: it was told to end, or there was a Ctrl-C.
    """

    chunk: int
    schedules: int = 0
    simulated_ns: int = 0
    elapsed_s: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    faults_drawn: Counter[str] = field(default_factory=Counter)
    faults_held: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    could_have_been_stale: int = 0
    judged: Counter[str] = field(default_factory=Counter)
    judged_schedules: Counter[str] = field(default_factory=Counter)
    stale_schedules: Counter[str] = field(default_factory=Counter)
    violated_schedules: Counter[str] = field(default_factory=Counter)
    held_schedules: Counter[str] = field(default_factory=Counter)
    first_failures: dict[str, FirstFailure] = field(default_factory=dict)
    errors: list[HarnessError] = field(default_factory=list)
    digest: str = ""
    stopped: bool = False
    interrupted: bool = False

    @property
    def operations(self) -> int:
        """How many operations clients began."""
        return sum(self.statuses.values())
