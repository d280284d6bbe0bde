"""The guarantees by name: which check judges each, and what implies what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from checker.checks.causal import causal
from checker.checks.durability import convergence, no_lost_acknowledged_writes
from checker.checks.positions import unique_positions
from checker.checks.prefix import consistent_prefix
from checker.checks.reads import no_aborted_reads, no_thin_air_reads
from checker.checks.sessions import monotonic_reads, monotonic_writes, read_your_writes, writes_follow_reads
from checker.checks.tally import Outcome
from checker.linearizability import linearizable
from checker.prepared import Prepared

Check = Callable[[Prepared, int], Outcome]

BOUNDED_STALENESS = "bounded-staleness"


def _on_one_clock(check: Check) -> Check:
    """Return a check that rests on real time, for those histories alone whose sessions have one clock."""

    def judged(prepared: Prepared, limit: int) -> Outcome:
        if prepared.whole.header.extra.get("real_time") is False:
            return Outcome(vacuous="each session has a clock of its own")
        return check(prepared, limit)

    return judged


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "read-your-writes": read_your_writes,
        "monotonic-reads": monotonic_reads,
        "monotonic-writes": monotonic_writes,
        "writes-follow-reads": writes_follow_reads,
        "consistent-prefix": consistent_prefix,
        "causal": causal,
        "linearizable": _on_one_clock(linearizable),
        "no-lost-acknowledged-writes": no_lost_acknowledged_writes,
        "convergence": convergence,
        "unique-positions": unique_positions,
        "no-aborted-reads": no_aborted_reads,
        "no-thin-air-reads": no_thin_air_reads,
    }
)
"""The checks that need nothing but the history, in the order of reports."""

GUARANTEES: tuple[str, ...] = (
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
    "consistent-prefix",
    "causal",
    BOUNDED_STALENESS,
    "linearizable",
    "no-lost-acknowledged-writes",
    "convergence",
    "unique-positions",
    "no-aborted-reads",
    "no-thin-air-reads",
)
"""The names of all guarantees, in the order of reports; `bounded-staleness` is judged for a stated bound."""

ALWAYS_CHECKED = ("unique-positions", "no-aborted-reads", "no-thin-air-reads")
"""What is checked whatever was asked for: a history that breaks these says little about the rest."""

IMPLIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "linearizable": ("read-your-writes", "monotonic-reads"),
        "causal": (
            "read-your-writes",
            "monotonic-reads",
            "monotonic-writes",
            "writes-follow-reads",
            "consistent-prefix",
        ),
    }
)
"""What each guarantee implies where all are judged on inferred evidence."""
