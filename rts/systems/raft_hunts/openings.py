"""Openings that set the stage for bugs that lie deep: the decisive steps after them are drawn."""

from __future__ import annotations

from rts.schedule import (
    MILLISECOND,
    SECOND,
    AnyStep,
    ChangeMembers,
    Crash,
    Heal,
    Lag,
    Partition,
    Rejoin,
    SkewClock,
    SlowDisk,
    TransferLeadership,
    Write,
)

LEFT_BEHIND: tuple[AnyStep, ...] = (Partition(group=("n0", "s0")),)
"""The first leader is cut off, and a client with it."""

CLOCK_SET_BACK: tuple[AnyStep, ...] = (
    SkewClock(node="n0", jump_ns=-SECOND),
    *LEFT_BEHIND,
    Write(session="s1", key="k0"),
)
"""The same, the leader's wall clock has gone back, and the others are written to."""

SLOW_FOLLOWER: tuple[AnyStep, ...] = (
    SlowDisk(node="n1", delay_ns=400 * MILLISECOND),
    Write(session="s0", key="k0"),
)
"""If `n1` leads next, it has what was written, and takes long to write its own first entry."""

MINORITY_OF_THE_OLD: tuple[AnyStep, ...] = (Partition(group=("n1", "n2")),)
"""Two of three voters are cut off from the leader and from two learners."""

CHANGES_OF_TWO_LEADERS: tuple[AnyStep, ...] = (
    SlowDisk(node="n2", delay_ns=120 * MILLISECOND),
    Partition(group=("n0",)),
    ChangeMembers(action="remove", node="n3"),
    ChangeMembers(action="remove", node="n0"),
    Crash(node="n2", after_ns=800 * MILLISECOND),
    Rejoin(node="n2"),
    Partition(group=("n0", "n2")),
)
"""A change stays with the first leader; the next leader is asked for another one before the slow disk of a
third lets it commit an entry. Then the two are apart, and one voter of the four is with each."""

VOTER_WIPED: tuple[AnyStep, ...] = (
    Partition(group=("n0",)),
    Crash(node="n2", lose_disk=True, after_ns=700 * MILLISECOND),
)
"""One that elected the second leader loses its disk."""

LEADER_LEAVES: tuple[AnyStep, ...] = (
    Crash(node="n1"),
    Partition(group=("n2", "n3"), direction="out-of"),
    ChangeMembers(action="remove", node="n0"),
    Partition(group=("n2", "n3"), after_ns=5 * MILLISECOND),
)
"""Two of the others know of the leader's removal, and it does not know that they do."""

LATE_ACKNOWLEDGEMENTS: tuple[AnyStep, ...] = (
    Lag(source="n1", target="n0", delay_ns=SECOND),
    Partition(group=("n0", "n1", "s0", "s1", "s2")),
    Write(session="s0", key="k0"),
    Write(session="s1", key="k0"),
    Write(session="s2", key="k0"),
    Heal(after_ns=600 * MILLISECOND),
)
"""What the first leader wrote is overwritten, and a follower's word for it is still on its way."""

LEADS_AGAIN: tuple[AnyStep, ...] = (*LATE_ACKNOWLEDGEMENTS, TransferLeadership(node="n0"))
"""The same, and the first leader leads again before that word arrives."""
