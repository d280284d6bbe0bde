"""The telemetry store as a system that can be hunted: its read modes, its durability rows, and what each
claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration
from rts.schedule import MILLISECOND, SECOND
from rts.systems.built_in import BuiltIn
from rts.telemetry.simulation import Simulation

NODES = ("n0", "n1", "n2", "n3")

SESSION_GUARANTEES = ("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads")
INVARIANTS = (
    "log-matching",
    "state-machine-safety",
    "leader-completeness",
    "one-leader-per-epoch",
    "monotonic-counters",
    "self-check",
    "liveness",
)
ALWAYS = (
    "monotonic-writes",
    "writes-follow-reads",
    "no-lost-acknowledged-writes",
    "convergence",
    "unique-positions",
    "no-aborted-reads",
    "no-thin-air-reads",
    *INVARIANTS,
)
"""What every read mode keeps within the fault budget: it is about writes and replicas, not about where reads
go."""

ABOUT_READS = (
    "read-your-writes",
    "monotonic-reads",
    "consistent-prefix",
    "bounded-staleness",
    "linearizable",
)

OPERATIONS = {"write": 5, "read": 8, "delete": 1, "cas": 1}
FAULTS = {
    "lag": 6,
    "loss": 2,
    "duplicate": 2,
    "reorder": 2,
    "partition": 3,
    "heal": 2,
    "crash": 3,
    "restart": 3,
    "pause": 1,
    "resume": 2,
    "slow-disk": 1,
    "full-disk": 1,
    "corrupt-disk": 1,
    "skew-clock": 1,
    "promote": 3,
    "rejoin": 2,
}
LAGGING = {**dict.fromkeys(FAULTS, 1), "lag": 10}
"""Every kind of fault, and replicas that are behind more often than not."""
MOSTLY_READS = {"write": 6, "read": 10, "delete": 1, "cas": 1}
CLAIMED = Budget(crashed=3, disks_lost=1, promotions=("best", "any"), forced=False)
"""Any number of crashes that leave one node running, one disk lost in all, any promotion that the candidate
does not refuse."""

SETTINGS: dict[str, tuple[Any, ...]] = {
    "policy": ("sync", "sync", "quorum"),
    "compact_after": (0, 0, 2),
    "confirm": ("batch", "each"),
}


def _profile(settings: Mapping[str, tuple[Any, ...]], *, budget: Budget = CLAIMED, **named: Any) -> Profile:
    return Profile(
        nodes=named.pop("nodes", NODES),
        operations=named.pop("operations", OPERATIONS),
        faults=named.pop("faults", FAULTS),
        budget=budget,
        settings={**SETTINGS, **settings},
        **named,
    )


def _mode(
    name: str,
    keeps: tuple[str, ...],
    description: str,
    settings: Mapping[str, tuple[Any, ...]],
    *,
    rarely: tuple[str, ...] = (),
    **named: Any,
) -> Configuration:
    return Configuration(
        name=name,
        mode=name,
        table="read modes",
        holds=(*keeps, *ALWAYS),
        breaks=tuple(guarantee for guarantee in ABOUT_READS if guarantee not in (*keeps, *rarely)),
        profile=_profile(settings, **named),
        staleness="1s",
        description=description,
    )


def _row(
    name: str, policy: str, budget: Budget, *, loses: bool, description: str, **named: Any
) -> Configuration:
    lost = ("no-lost-acknowledged-writes",)
    return Configuration(
        name=name,
        mode="leader",
        table="durability",
        holds=() if loses else ALWAYS,
        breaks=lost if loses else (),
        profile=_profile(
            {"policy": (policy,)},
            budget=budget,
            operations={"write": 6, "read": 2, "delete": 1, "cas": 1},
            faults=named.pop("faults", {**FAULTS, "promote": 10, "lag": 10}),
            **named,
        ),
        staleness="1s",
        description=description,
    )


def _alone(guarantee: str, keeps: tuple[str, ...], breaks: tuple[str, ...]) -> Configuration:
    return Configuration(
        name=f"{guarantee} alone",
        mode="session-consistent",
        table="one by one",
        holds=(*keeps, *ALWAYS),
        breaks=breaks,
        profile=_profile(
            {"needs": ((guarantee,),), "fallback": ("leader", "wait", "forward")},
            faults=LAGGING,
            operations=MOSTLY_READS,
        ),
        description=f"reads ask for {guarantee} and nothing else",
    )


CONFIGURATIONS = (
    _mode("leader", ABOUT_READS, "the leader, once its members confirm that it still leads", {}),
    _mode("any-follower", (), "whatever a follower has", {}),
    _mode(
        "session-consistent",
        ("read-your-writes", "monotonic-reads", "consistent-prefix"),
        "a follower that has reached the session's token, else the leader",
        {"fallback": ("leader", "wait", "forward"), "tokens": ("client", "server", "user")},
    ),
    _mode(
        "pinned",
        (),
        "the session's own follower, until it is silent",
        {},
        rarely=("consistent-prefix",),
        faults={**LAGGING, "crash": 6, "pause": 4, "partition": 4, "restart": 1, "rejoin": 1},
        operations=MOSTLY_READS,
    ),
    _mode("leader-window", (), "the leader for 200 ms after a session's write, then any follower", {}),
    _mode(
        "bounded-staleness",
        ("bounded-staleness",),
        "a replica that shows it is at most 1 s behind",
        {"none_fresh": ("error", "leader")},
        rarely=("consistent-prefix",),
        faults=LAGGING,
        lags_ns=(50 * MILLISECOND, 200 * MILLISECOND, 500 * MILLISECOND, 5 * SECOND),
        operations=MOSTLY_READS,
    ),
    _mode("best-effort-fresh", (), "any follower, the leader if the follower is known to be behind", {}),
    _alone("read-your-writes", ("read-your-writes",), ("monotonic-reads",)),
    _alone("monotonic-reads", ("monotonic-reads", "consistent-prefix"), ("read-your-writes",)),
    _row(
        "sync, best promoted",
        "sync",
        CLAIMED,
        loses=False,
        description="n1 is synchronous; the best is promoted",
    ),
    _row(
        "2 of 3, best promoted", "quorum", CLAIMED, loses=False, description="two of n0, n1, n2 acknowledge"
    ),
    _row(
        "sync, any forced",
        "sync",
        Budget(crashed=3, disks_lost=1, promotions=("any",), forced=True),
        loses=True,
        description="a follower that was not synchronous is promoted by force",
    ),
    _row(
        "2 of 3, any forced",
        "quorum",
        Budget(crashed=3, disks_lost=1, promotions=("any",), forced=True),
        loses=True,
        description="a follower that may lack acknowledged writes is promoted by force",
    ),
    _row(
        "none, best forced",
        "none",
        Budget(crashed=3, disks_lost=1, promotions=("best",), forced=True),
        loses=True,
        description="a write waits for nobody; the best follower is promoted",
    ),
    _row(
        "sync, two disks lost",
        "sync",
        Budget(crashed=3, disks_lost=2, promotions=("best",), forced=False),
        loses=True,
        description="one disk more than the budget: the leader's and its only follower's",
        nodes=NODES[:2],
        disk_loss_percent=75,
        fault_share=0.5,
        faults={**FAULTS, "crash": 20},
    ),
)


system = BuiltIn("telemetry", CONFIGURATIONS, Simulation)
