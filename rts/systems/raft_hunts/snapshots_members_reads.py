"""Hunts for what breaks snapshots, changes of members, reads and commitment (R17 to R32)."""

from __future__ import annotations

from rts.harness.system import Configuration
from rts.schedule import MILLISECOND, SECOND
from rts.systems.raft_hunts.openings import (
    CHANGES_OF_TWO_LEADERS,
    LATE_ACKNOWLEDGEMENTS,
    LEADER_LEAVES,
    LEFT_BEHIND,
    MINORITY_OF_THE_OLD,
    VOTER_WIPED,
)
from rts.systems.raft_hunts.profile import FIVE, FOUR, ONE, THREE, by_name, hunted

WRITES = {"write": 1}
MIXED = {"write": 1, "read": 1}

LONG_NS = (0, 10 * MILLISECOND, 100 * MILLISECOND, 400 * MILLISECOND)
"""The longest may outlast an election, and not an old leader's patience."""

SLOW_NS = (0, 10 * MILLISECOND, 100 * MILLISECOND, SECOND)
"""The longest outlasts an election for certain."""

PATIENT = {"election_ns": ((300 * MILLISECOND, 900 * MILLISECOND),)}
"""A leader that is cut off steps down a good while after another was elected."""

STALE_NS = (0, 700 * MILLISECOND, 350 * MILLISECOND)
"""In between there are two leaders."""


def _hunts() -> tuple[Configuration, ...]:
    return (
        hunted(
            "snapshot-keeps-old-log",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 3, "heal": 1},
            settings={"compact_after": (1,)},
            keys=1,
            sessions=3,
            delays_ns=LONG_NS,
            steps=6,
            fault_share=0.4,
        ),
        hunted(
            "empty-append-for-snapshot",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 1, "restart": 1, "partition": 1},
            settings={"compact_after": (1, 2)},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            steps=6,
        ),
        hunted(
            "quorum-over-union",
            "leader",
            nodes=FIVE,
            operations=WRITES,
            faults={"partition": 1, "change-members": 4, "transfer-leadership": 2},
            settings={"voters": (THREE,), "learners": (("n3", "n4"),)},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            steps=6,
            fault_share=0.6,
            scripts=(MINORITY_OF_THE_OLD,),
        ),
        hunted(
            "change-before-commit",
            "leader",
            nodes=FOUR,
            operations=WRITES,
            faults={"partition": 1, "change-members": 1, "transfer-leadership": 4, "crash": 1, "restart": 1},
            keys=1,
            sessions=1,
            delays_ns=SLOW_NS,
            steps=4,
            fault_share=0.4,
            scripts=(CHANGES_OF_TWO_LEADERS,),
        ),
        hunted(
            "removed-rejoins-wiped",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 3, "heal": 1, "crash": 1, "restart": 2, "rejoin": 1},
            keys=1,
            sessions=1,
            disks_lost=1,
            disk_loss_percent=60,
            delays_ns=SLOW_NS,
            steps=6,
            fault_share=0.5,
            scripts=(VOTER_WIPED,),
        ),
        hunted(
            "removed-leader-counts-itself",
            "leader",
            nodes=FOUR,
            operations=WRITES,
            faults={"crash": 1, "restart": 3, "partition": 1, "change-members": 1},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            steps=4,
            fault_share=0.4,
            scripts=(LEADER_LEAVES,),
        ),
        hunted(
            "local-read",
            "leader",
            nodes=THREE,
            operations=MIXED,
            faults={"partition": 1},
            settings=PATIENT,
            keys=1,
            sessions=2,
            delays_ns=STALE_NS,
            steps=6,
            fault_share=0.2,
            scripts=(LEFT_BEHIND,),
        ),
        hunted(
            "read-before-noop",
            "leader",
            nodes=THREE,
            operations=MIXED,
            faults={"crash": 2, "slow-disk": 2, "transfer-leadership": 1},
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            lags_ns=(5 * MILLISECOND, 50 * MILLISECOND, 200 * MILLISECOND),
            steps=8,
            fault_share=0.4,
        ),
        hunted(
            "read-index-race",
            "read-index",
            nodes=THREE,
            operations=MIXED,
            faults={"lag": 1},
            keys=1,
            sessions=3,
            delays_ns=LONG_NS,
            lags_ns=(50 * MILLISECOND, 200 * MILLISECOND, 500 * MILLISECOND),
            steps=8,
        ),
        hunted(
            "lease-clock-jump",
            "lease",
            nodes=THREE,
            operations=MIXED,
            faults={"skew-clock": 3, "partition": 1},
            settings=PATIENT,
            keys=1,
            sessions=2,
            delays_ns=STALE_NS,
            lags_ns=(500 * MILLISECOND, 5 * SECOND),
            steps=6,
            fault_share=0.4,
            scripts=(LEFT_BEHIND,),
        ),
        hunted(
            "serve-before-replay",
            "follower",
            nodes=THREE,
            operations=MIXED,
            faults={"crash": 1, "restart": 2},
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            steps=8,
        ),
        hunted(
            "append-ack-aba",
            "leader",
            nodes=FIVE,
            operations=WRITES,
            faults={"partition": 2, "transfer-leadership": 2},
            keys=1,
            sessions=3,
            delays_ns=(0, 100 * MILLISECOND),
            steps=4,
            fault_share=0.6,
            scripts=(LATE_ACKNOWLEDGEMENTS,),
        ),
        hunted(
            "count-self-before-fsync",
            "leader",
            nodes=ONE,
            operations=WRITES,
            faults={"crash": 2, "restart": 1, "slow-disk": 2},
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            lags_ns=(5 * MILLISECOND, 50 * MILLISECOND),
            steps=8,
            fault_share=0.4,
        ),
        hunted(
            "no-prevote",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 1},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            steps=4,
        ),
        hunted(
            "commit-scan-stops",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 1, "restart": 1},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            steps=6,
        ),
        hunted(
            "apply-before-commit",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 3, "restart": 2, "slow-disk": 1, "partition": 1},
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            lags_ns=(50 * MILLISECOND, 500 * MILLISECOND),
            steps=8,
            fault_share=0.5,
        ),
    )


HUNTS = by_name(_hunts())
