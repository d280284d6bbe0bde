"""Hunts for what breaks elections, votes and the matching of logs (R1 to R16)."""

from __future__ import annotations

from rts.harness.system import Configuration
from rts.schedule import (
    MILLISECOND,
    SECOND,
    AnyStep,
    Crash,
    Duplicate,
    Heal,
    Lag,
    Loss,
    Partition,
    Rejoin,
    TransferLeadership,
    Write,
)
from rts.systems.raft_hunts.profile import FIVE, THREE, by_name, hunted

WRITES = {"write": 1}

SHORT_NS = (0, MILLISECOND, 10 * MILLISECOND, 100 * MILLISECOND)
"""Pauses within one heartbeat."""
LONG_NS = (0, 10 * MILLISECOND, 100 * MILLISECOND, 700 * MILLISECOND)
"""The longest outlasts an election."""
ELECTION_NS = (400 * MILLISECOND, 0, 200 * MILLISECOND)
"""The likeliest lets patience run out."""
TRANSFER_NS = (700 * MILLISECOND, 0, 100 * MILLISECOND)
"""The likeliest lets a transfer of leadership be given up."""

TOGETHER = {"election_ns": ((300 * MILLISECOND, 340 * MILLISECOND),)}
"""Followers lose patience almost together."""
RARE_BEATS = {"heartbeat_ns": (250 * MILLISECOND,)}
"""Much can happen between two heartbeats."""
SHORT_PATIENCE = {"settle_ns": (2 * SECOND,)}
"""Stores that never recover are given up soon."""

FOR_LONG_NS = 5 * SECOND

# --- openings -----------------------------------------------------------------------------------------------


def _write(session: str = "s0", after_ns: int = 0) -> Write:
    return Write(session=session, key="k0", after_ns=after_ns)


def _told_late(delay_ns: int) -> tuple[AnyStep, ...]:
    """`n2` is told by the first leader to stand, and hears of it so late that another may have been told."""
    return (Lag(source="n0", target="n2", delay_ns=delay_ns), TransferLeadership(node="n2"))


ALONE: tuple[AnyStep, ...] = (Partition(group=("n0", "s0", "s1")), _write(), _write("s1"))
"""The first leader appends what nobody else has."""

BEHIND: tuple[AnyStep, ...] = (Loss(source="n0", target="n2"), _write())
"""`n2` lacks what the others have."""

TOLD_TWICE: tuple[AnyStep, ...] = (
    Loss(source="n0", target="n2"),
    Duplicate(source="n0", target="n1", percent=50, delay_ns=20 * MILLISECOND),
    _write(),
    _write("s1"),
)
"""Only `n1` has what the leader writes, and hears some of it again."""

FIGURE_8: tuple[AnyStep, ...] = (
    *BEHIND,
    Partition(group=("n0", "s0"), after_ns=10 * MILLISECOND),
    _write(),
    Lag(source="n1", target="n2", delay_ns=100 * MILLISECOND),
    Crash(node="n1", after_ns=650 * MILLISECOND),
    Rejoin(node="n0"),
    Lag(source="n2", target="n0", delay_ns=100 * MILLISECOND),
)
"""Up to step (c) of the figure: `n0` has an entry of term 1, `n1` one of term 2 in its place and is down,
`n2` has neither. `n0` is elected again, and sends what it has one by one."""

FIGURE_8_CUT_OFF: tuple[AnyStep, ...] = (
    *FIGURE_8,
    Partition(group=("n0",), direction="out-of", after_ns=1_400 * MILLISECOND),
)
"""The same, and what `n0` sends is lost from about the time on that `n2` has the entry of term 1."""


def _elections() -> tuple[Configuration, ...]:
    return (
        hunted(
            "vote-forgotten",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 1, "restart": 1},
            keys=1,
            sessions=1,
            delays_ns=(600 * MILLISECOND, 0, 100 * MILLISECOND),
            steps=4,
            fault_share=0.7,
            scripts=(
                (
                    Lag(source="n1", target="*", delay_ns=400 * MILLISECOND),
                    Lag(source="n1", target="n2", delay_ns=FOR_LONG_NS),
                    TransferLeadership(node="n1"),
                ),
            ),
        ),
        hunted(
            "term-reset",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 1, "restart": 1},
            settings=TOGETHER,
            keys=1,
            sessions=1,
            delays_ns=(0, 10 * MILLISECOND, 100 * MILLISECOND),
            steps=5,
            fault_share=0.7,
            scripts=(
                (
                    TransferLeadership(node="n1"),
                    Partition(group=("n2",), after_ns=20 * MILLISECOND),
                    Crash(node="n0"),
                    Crash(node="n1"),
                ),
            ),
        ),
        hunted(
            "voter-counted-twice",
            "leader",
            nodes=FIVE,
            operations=WRITES,
            faults={"crash": 2, "partition": 1},
            settings=TOGETHER,
            keys=1,
            sessions=1,
            delays_ns=ELECTION_NS,
            steps=3,
            fault_share=0.5,
            scripts=((Duplicate(source="*", target="*"),),),
        ),
        hunted(
            "stale-term-accepted",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 2, "restart": 2},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            lags_ns=(400 * MILLISECOND, 500 * MILLISECOND, 600 * MILLISECOND),
            steps=6,
            fault_share=0.5,
            scripts=((Lag(source="*", target="n1", delay_ns=500 * MILLISECOND), Crash(node="n0")),),
        ),
        hunted(
            "step-down-clears-vote",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 3, "heal": 2},
            keys=1,
            sessions=1,
            delays_ns=TRANSFER_NS,
            steps=4,
            fault_share=0.7,
            scripts=(
                (
                    *_told_late(1_500 * MILLISECOND),
                    Loss(source="n1", target="n2"),
                    TransferLeadership(node="n1"),
                ),
            ),
        ),
        hunted(
            "leader-grants-vote",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"transfer-leadership": 1},
            settings=RARE_BEATS,
            keys=1,
            sessions=1,
            delays_ns=TRANSFER_NS[:2],
            steps=4,
            fault_share=0.8,
            scripts=((*_told_late(800 * MILLISECOND), Loss(source="n1", target="n2", percent=50)),),
        ),
    )


def _logs() -> tuple[Configuration, ...]:
    return (
        hunted(
            "no-up-to-date-check",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"lag": 2, "crash": 2},
            keys=1,
            sessions=1,
            delays_ns=LONG_NS,
            steps=6,
        ),
        hunted(
            "commit-old-term",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 4, "restart": 1},
            settings={"batch": (1,), "window": (1,)},
            keys=1,
            sessions=1,
            delays_ns=(750 * MILLISECOND, 100 * MILLISECOND, 0),
            steps=4,
            fault_share=0.6,
            scripts=(FIGURE_8, FIGURE_8_CUT_OFF),
        ),
        hunted(
            "stale-append-truncates",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 1, "duplicate": 1},
            settings=RARE_BEATS,
            keys=1,
            sessions=2,
            delays_ns=(100 * MILLISECOND, 0, 10 * MILLISECOND),
            lags_ns=(20 * MILLISECOND, 50 * MILLISECOND),
            steps=3,
            fault_share=0.6,
            scripts=(TOLD_TWICE,),
        ),
        hunted(
            "commit-beyond-match",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 3, "heal": 1},
            settings=SHORT_PATIENCE,
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            steps=6,
            fault_share=0.4,
        ),
        hunted(
            "commit-regresses",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"duplicate": 1, "reorder": 1},
            keys=1,
            sessions=2,
            delays_ns=SHORT_NS,
            lags_ns=(5 * MILLISECOND, 20 * MILLISECOND),
            steps=8,
        ),
        hunted(
            "match-regresses",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"duplicate": 1, "reorder": 1},
            keys=1,
            sessions=2,
            delays_ns=SHORT_NS,
            lags_ns=(5 * MILLISECOND, 20 * MILLISECOND),
            steps=8,
        ),
        hunted(
            "nack-advances",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 2, "heal": 1, "crash": 2},
            settings=SHORT_PATIENCE,
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            steps=5,
            fault_share=0.6,
            scripts=(ALONE,),
        ),
        hunted(
            "ack-whole-log",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 3, "lag": 1, "crash": 3},
            settings=SHORT_PATIENCE,
            keys=1,
            sessions=3,
            delays_ns=(0, 10 * MILLISECOND, 200 * MILLISECOND, 700 * MILLISECOND),
            lags_ns=(FOR_LONG_NS,),
            steps=4,
            fault_share=0.5,
            scripts=((*ALONE, Heal(after_ns=700 * MILLISECOND)),),
        ),
        hunted(
            "first-entry-unchecked",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"partition": 3, "heal": 1},
            settings=SHORT_PATIENCE,
            keys=1,
            sessions=2,
            delays_ns=LONG_NS,
            steps=6,
            fault_share=0.4,
        ),
        hunted(
            "snapshot-overwrites-term",
            "leader",
            nodes=THREE,
            operations=WRITES,
            faults={"crash": 3, "restart": 1, "rejoin": 1},
            settings={**TOGETHER, **RARE_BEATS, "compact_after": (1,)},
            keys=1,
            sessions=1,
            delays_ns=(300 * MILLISECOND, 0, 100 * MILLISECOND),
            steps=4,
            fault_share=0.6,
            scripts=((*BEHIND, Crash(node="n0", after_ns=300 * MILLISECOND)),),
        ),
    )


HUNTS = by_name((*_elections(), *_logs()))
