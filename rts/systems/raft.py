"""Raft as a system that can be hunted: its read modes, its clusters, and what each claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration
from rts.raft.simulated.simulation import Simulation
from rts.schedule import MILLISECOND
from rts.systems.built_in import BuiltIn

NODES = ("n0", "n1", "n2", "n3")
FIVE = ("n0", "n1", "n2", "n3", "n4")

INVARIANTS = (
    "election-safety",
    "one-vote-per-term",
    "leader-append-only",
    "log-matching",
    "leader-completeness",
    "state-machine-safety",
    "monotonic-counters",
    "answered-was-committed",
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
"""What every read mode keeps: it is about writes and nodes, not about where reads go."""

ABOUT_READS = (
    "read-your-writes",
    "monotonic-reads",
    "consistent-prefix",
    "bounded-staleness",
    "linearizable",
)

OPERATIONS = {"write": 6, "read": 8, "delete": 1, "cas": 1}
FAULTS = {
    "lag": 4,
    "loss": 2,
    "duplicate": 2,
    "reorder": 2,
    "partition": 5,
    "heal": 2,
    "crash": 4,
    "restart": 3,
    "pause": 1,
    "resume": 2,
    "slow-disk": 1,
    "full-disk": 1,
    "skew-clock": 1,
    "change-members": 2,
    "transfer-leadership": 2,
    "rejoin": 2,
}
NO_CHANGES = {kind: weight for kind, weight in FAULTS.items() if kind != "change-members"}

SETTINGS: dict[str, tuple[Any, ...]] = {
    "voters": (("n0", "n1", "n2"),),
    "learners": ((), ("n3",)),
    "heartbeat_ns": (100 * MILLISECOND,),
    "election_ns": ((300 * MILLISECOND, 600 * MILLISECOND),),
    "compact_after": (0, 0, 2),
    "compact_keep": (0, 1),
    "chunk_bytes": (65_536, 24),
    "window": (16, 1),
    "batch": (64, 1),
}
"""Small clusters, with time-outs that let a schedule be short; windows, batches and chunks at both ends."""


def _profile(
    settings: Mapping[str, tuple[Any, ...]],
    *,
    nodes: tuple[str, ...] = NODES,
    disks_lost: int = 0,
    **named: Any,
) -> Profile:
    return Profile(
        nodes=nodes,
        operations=named.pop("operations", OPERATIONS),
        faults=named.pop("faults", FAULTS),
        budget=Budget(crashed=len(nodes), disks_lost=disks_lost, promotions=()),
        settings={**SETTINGS, **settings},
        delays_ns=(0, MILLISECOND, 10 * MILLISECOND, 100 * MILLISECOND, 700 * MILLISECOND),
        **named,
    )


def _mode(name: str, keeps: tuple[str, ...], description: str, **named: Any) -> Configuration:
    return Configuration(
        name=name,
        mode=name,
        table="read modes",
        holds=(*keeps, *ALWAYS),
        breaks=named.pop("breaks", ()),
        profile=_profile({}, **named),
        staleness="1s",
        description=description,
    )


def _cluster(
    name: str,
    description: str,
    settings: Mapping[str, tuple[Any, ...]],
    *,
    holds: tuple[str, ...] = (*ABOUT_READS, *ALWAYS),
    breaks: tuple[str, ...] = (),
    **named: Any,
) -> Configuration:
    return Configuration(
        name=name,
        mode="leader",
        table="clusters",
        holds=holds,
        breaks=breaks,
        profile=_profile(settings, **named),
        staleness="1s",
        description=description,
    )


CONFIGURATIONS = (
    _mode("leader", ABOUT_READS, "the leader, after a round of contact with a majority"),
    _mode("read-index", ABOUT_READS, "any node, once it has applied what the leader had committed"),
    _mode("lease", ABOUT_READS, "the leader alone, while no other can have been elected"),
    _mode(
        "follower",
        ("monotonic-reads", "consistent-prefix"),
        "one node that the session stays with, as far as that node has applied",
        breaks=("read-your-writes", "bounded-staleness", "linearizable"),
        operations={"write": 6, "read": 8, "delete": 1},
        faults={**FAULTS, "lag": 8, "partition": 8},
    ),
    _cluster(
        "five voters",
        "five nodes vote, three are a majority",
        {"voters": (FIVE,), "learners": ((),)},
        nodes=FIVE,
        faults=NO_CHANGES,
    ),
    _cluster(
        "members change",
        "nodes are added and removed while all else goes wrong, too",
        {"voters": (("n0", "n1", "n2"), ("n0", "n1"))},
        nodes=FIVE,
        faults={**FAULTS, "change-members": 14, "transfer-leadership": 4},
    ),
    _cluster(
        "one disk lost",
        "one of three voters comes back with a blank disk, or a corrupt one",
        {},
        disks_lost=1,
        disk_loss_percent=60,
        faults={**NO_CHANGES, "crash": 8, "corrupt-disk": 3},
    ),
    _cluster(
        "two of three disks lost",
        "more than the quorum survives: the last voter is right to wait for ever",
        {"learners": ((),)},
        nodes=NODES[:3],
        holds=tuple(name for name in ALWAYS if name not in ("liveness", "convergence")),
        breaks=("liveness",),
        disks_lost=2,
        disk_loss_percent=90,
        fault_share=0.5,
        faults={"crash": 12, "restart": 3, "partition": 1},
    ),
)


system = BuiltIn("raft", CONFIGURATIONS, Simulation)
