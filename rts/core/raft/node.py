"""A Raft node: all its duties in one state machine.

    follower ──time-out──► pre-candidate ──majority──► candidate ──majority──► leader
        ▲                        │                         │                      │
        └────────────── a higher term, or the leader of this one ─────────────────┘

Each rule is a method of its own: a subclass that overrides one is a node with one bug. The duties build on
one another: election, following, leading, reading, membership.
"""

from __future__ import annotations

import msgspec

from rts.core.raft.election import ELECTION
from rts.core.raft.leading import HEARTBEAT
from rts.core.raft.log import Configuration
from rts.core.raft.membership import Membership
from rts.core.raft.roles import Role
from rts.ids import Lsn


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """A node at one moment. `log` is how many entries it holds, `followers` how far each one's log is known
    to equal this leader's."""

    node: str
    role: Role
    term: int
    leader: str | None
    last: Lsn
    committed: int
    applied: int
    persisted: int
    snapshot: Lsn
    log: int
    configuration: Configuration
    followers: dict[str, int]


class RaftCore(Membership):
    """One node of a Raft cluster (see `rts.core.events.Core` for how it is driven).

    `own` is the node and the number of its disk, which changes when a disk is replaced; `recovered` is what
    the disk holds; `chance` draws election time-outs.
    """

    def on_timer(self, name: str) -> None:
        """Wake the duty that asked for it."""
        if name == ELECTION:
            self.on_election_timer()
        elif name == HEARTBEAT and self.role == "leader":
            self.on_heartbeat()

    def statistics(self) -> Statistics:
        """What an operator wants to know."""
        return Statistics(
            node=self.node,
            role=self.role,
            term=self.term,
            leader=self.leader,
            last=self.log.last,
            committed=self.committed,
            applied=self.applied,
            persisted=self.persisted,
            snapshot=self.log.snapshot.lsn,
            log=len(self.log.entries),
            configuration=self.configuration,
            followers={node: progress.matched for node, progress in sorted(self.progress.items())},
        )
