"""Where each seeded bug of the telemetry store is hunted.

A bug has a configuration of its own: a read mode, settings, and weights of the operations and faults that the
rule it breaks is there for, on as few nodes as have all the parts. It claims what the mode claims, within the
same fault budget, so the same hunt without the bug has to come back clean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration
from rts.schedule import MILLISECOND, SECOND
from rts.systems.seeded import Seeded, hunted_in
from rts.systems.telemetry import CONFIGURATIONS

TWO, THREE, FOUR = ("n0", "n1"), ("n0", "n1", "n2"), ("n0", "n1", "n2", "n3")

SYNCHRONOUS: Mapping[str, tuple[Any, ...]] = {"policy": ("sync",)}
QUORUM: Mapping[str, tuple[Any, ...]] = {"policy": ("quorum",)}

DURABILITY = {"write": 4, "read": 1}
MIXED = {"write": 4, "read": 4}

FAILOVER = {"promote": 4, "crash": 2, "restart": 1, "rejoin": 1}


def _configuration(
    name: str,
    mode: str,
    *,
    nodes: tuple[str, ...],
    operations: Mapping[str, int],
    faults: Mapping[str, int],
    settings: Mapping[str, tuple[Any, ...]],
    steps: int = 12,
    fault_share: float = 0.4,
    crashed: int | None = None,
    promotions: tuple[str, ...] = ("best", "any"),
    **named: Any,
) -> Configuration:
    claims = next(row for row in CONFIGURATIONS if row.name == mode)
    if crashed is None:
        crashed = len(nodes) - 1
    budget = Budget(crashed=crashed, disks_lost=1, promotions=promotions, forced=False)
    profile = Profile(
        nodes=nodes,
        operations=operations,
        faults=faults,
        budget=budget,
        settings=settings,
        steps=steps,
        fault_share=fault_share,
        **named,
    )
    return hunted_in(name, claims, profile)


def _hunts() -> tuple[Configuration, ...]:
    impatient = {"wait_timeout_ns": (200 * MILLISECOND,), "heartbeat_ns": (100 * MILLISECOND,)}
    return (
        _configuration(
            "ack-before-sync-persist",
            "leader",
            nodes=TWO,
            operations={"write": 1},
            faults={"full-disk": 4, "crash": 6},
            settings=SYNCHRONOUS,
            keys=1,
            delays_ns=(0, 10 * MILLISECOND),
            sessions=2,
            steps=12,
        ),
        _configuration(
            "sync-timeout-acks",
            "leader",
            nodes=TWO,
            operations=DURABILITY,
            faults={"lag": 2, "partition": 2, **FAILOVER},
            settings={**SYNCHRONOUS, **impatient},
            keys=1,
        ),
        _configuration(
            "visible-before-replicated",
            "leader",
            nodes=TWO,
            operations=MIXED,
            faults={"promote": 4, "reorder": 3},
            settings=SYNCHRONOUS,
            keys=1,
            delays_ns=(0, MILLISECOND, 2 * MILLISECOND),
            sessions=2,
            steps=12,
            lags_ns=(50 * MILLISECOND, 500 * MILLISECOND),
            fault_share=0.3,
            crashed=0,
        ),
        _configuration(
            "promote-stale",
            "leader",
            nodes=THREE,
            operations={"write": 1},
            faults={"lag": 3, "promote": 2},
            settings=SYNCHRONOUS,
            keys=1,
            lags_ns=(50 * MILLISECOND, 500 * MILLISECOND),
            delays_ns=(0, MILLISECOND, 2 * MILLISECOND, 10 * MILLISECOND),
            steps=8,
            promotions=("any",),
            sessions=2,
        ),
        _configuration(
            "no-fencing",
            "leader",
            nodes=THREE,
            operations={"write": 3, "read": 1},
            faults={"lag": 3, "promote": 2},
            settings=QUORUM,
            keys=1,
            delays_ns=(0, MILLISECOND, 2 * MILLISECOND),
            sessions=2,
            lags_ns=(50 * MILLISECOND, 500 * MILLISECOND),
            steps=10,
            fault_share=0.4,
            crashed=0,
        ),
        _configuration(
            "keep-divergent-tail",
            "leader",
            nodes=THREE,
            operations={"write": 1},
            faults={"promote": 1},
            settings=QUORUM,
            delays_ns=(0, 10 * MILLISECOND),
            steps=6,
            sessions=3,
            fault_share=0.2,
            promotions=("best",),
        ),
        _configuration(
            "truncate-to-own-mark",
            "leader",
            nodes=THREE,
            operations={"write": 1},
            faults={"crash": 1},
            settings=SYNCHRONOUS,
            keys=1,
            delays_ns=(0, 10 * MILLISECOND),
            steps=8,
        ),
        _configuration(
            "accept-gaps",
            "leader",
            nodes=THREE,
            operations=DURABILITY,
            faults={"lag": 2, "loss": 3, "reorder": 3},
            settings=SYNCHRONOUS,
        ),
        _configuration(
            "accept-old-epoch",
            "leader",
            nodes=THREE,
            operations={"write": 3, "read": 1},
            faults={"lag": 3, "promote": 2},
            settings={**QUORUM, "compact_after": (1, 2), "settle_ns": (2 * SECOND,)},
            keys=1,
            delays_ns=(0, MILLISECOND, 2 * MILLISECOND),
            sessions=2,
            lags_ns=(50 * MILLISECOND, 500 * MILLISECOND),
            steps=10,
            fault_share=0.4,
            crashed=0,
        ),
        _configuration(
            "promotion-offset",
            "leader",
            nodes=THREE,
            operations=DURABILITY,
            faults=FAILOVER,
            settings={**SYNCHRONOUS, "settle_ns": (5 * SECOND,)},
        ),
        _configuration(
            "token-not-updated",
            "session-consistent",
            nodes=THREE,
            operations=MIXED,
            faults={"lag": 1},
            settings=SYNCHRONOUS,
            keys=1,
        ),
        _configuration(
            "token-not-sent",
            "session-consistent",
            nodes=THREE,
            operations=MIXED,
            faults={"lag": 1},
            settings=SYNCHRONOUS,
            keys=1,
        ),
        _configuration(
            "token-lost-at-failover",
            "session-consistent",
            nodes=TWO,
            operations={"write": 2, "read": 5},
            faults={"promote": 2, "lag": 1},
            settings=SYNCHRONOUS,
            keys=1,
            delays_ns=(0, MILLISECOND, 2 * MILLISECOND, 5 * MILLISECOND),
            sessions=2,
            steps=12,
            lags_ns=(5 * SECOND,),
            fault_share=0.2,
        ),
        _configuration(
            "minority-ack-rolled-back",
            "session-consistent",
            nodes=THREE,
            operations=MIXED,
            faults={"lag": 2, "partition": 2, "promote": 4},
            settings=QUORUM,
            keys=1,
        ),
        _configuration(
            "stale-cached-position",
            "session-consistent",
            nodes=THREE,
            operations=MIXED,
            faults={"lag": 2, "promote": 4},
            settings=SYNCHRONOUS,
            keys=1,
        ),
        _configuration(
            "duplicate-applied",
            "leader",
            nodes=TWO,
            operations=DURABILITY,
            faults={"duplicate": 4, "lag": 1},
            settings=SYNCHRONOUS,
        ),
        _configuration(
            "delete-dropped",
            "leader",
            nodes=TWO,
            operations={"write": 2, "delete": 2},
            faults={"crash": 2, "restart": 1},
            settings={**SYNCHRONOUS, "compact_after": (1, 2)},
            keys=2,
            delays_ns=(0, 10 * MILLISECOND),
            steps=12,
            sessions=1,
            fault_share=0.25,
        ),
        _configuration(
            "commit-order-differs",
            "session-consistent",
            nodes=THREE,
            operations=MIXED,
            faults={"crash": 4, "loss": 2, "restart": 3},
            settings=SYNCHRONOUS,
            delays_ns=(0, 10 * MILLISECOND, 100 * MILLISECOND),
            sessions=2,
            steps=16,
        ),
    )


HUNTS = {configuration.name: configuration for configuration in _hunts()}


SEEDED = Seeded("telemetry", HUNTS)
