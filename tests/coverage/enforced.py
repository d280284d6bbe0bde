"""What a hunt must have gone through before its silence means anything; each function names what is missing.

A store that refuses everything breaks no guarantee. What gives it away is in the counts: too few operations
succeed, no follower answers, nothing rare ever happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rts.cli.coverage import READ_BY_FOLLOWER, READ_BY_LEADER
from rts.harness.chunk import ChunkResult
from rts.harness.system import Configuration
from rts.systems.telemetry import FAULTS

RARE_STATES = (
    "two live leaders",
    "tail truncated",
    "catch-up by snapshot",
    "fallback to the leader",
    "token carried across promotion",
    "promotion refused",
    "info write seen later",
)
LEAST_OK = 0.9
LEAST_BY_FOLLOWERS = 0.5


def idle_faults(chunks: Iterable[ChunkResult]) -> list[str]:
    """The kinds of faults that were never drawn, or were drawn and never took hold."""
    drawn: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for chunk in chunks:
        drawn.update(chunk.faults_drawn)
        held.update(chunk.faults_held)
    return [
        f"{kind}: drawn {drawn[kind]} times, took hold {held[kind]} times"
        for kind in FAULTS
        if not held[kind]
    ]


def unreached(chunks: Iterable[ChunkResult]) -> list[str]:
    """The rare states that no run reached."""
    reached = {state for chunk in chunks for state, count in chunk.states.items() if count}
    return [state for state in RARE_STATES if state not in reached]


def too_few_ok(mode: str, chunk: ChunkResult) -> list[str]:
    """Whether too small a share of the operations succeeded, for a hunt without faults."""
    share = chunk.statuses["ok"] / chunk.operations
    return [] if share >= LEAST_OK else [f"{mode}: {share:.0%} of the operations were ok"]


def too_few_by_followers(mode: str, chunk: ChunkResult) -> list[str]:
    """Whether too small a share of the reads was answered by followers, for a hunt without faults."""
    followers, leader = chunk.states[READ_BY_FOLLOWER], chunk.states[READ_BY_LEADER]
    share = followers / (followers + leader) if followers else 0.0
    return [] if share >= LEAST_BY_FOLLOWERS else [f"{mode}: followers served {share:.0%} of the reads"]


def never_stale(configuration: Configuration, chunk: ChunkResult) -> list[str]:
    """The cells that hold although no schedule that they were judged in could have shown a stale answer."""
    return [
        f"{configuration.name}: {guarantee}"
        for guarantee in configuration.holds
        if not chunk.stale_schedules[guarantee]
    ]
