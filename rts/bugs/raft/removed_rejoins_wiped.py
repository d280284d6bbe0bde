"""A node that lost its disk comes back as the one that it was, and votes.

It has forgotten its vote and what it acknowledged. Seen in RethinkDB 2.2.3. Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.log import Recovered
from rts.core.raft.machine import StateMachine
from rts.core.raft.node import RaftCore
from rts.core.raft.settings import Chance, Settings
from rts.ids import Member


class RemovedRejoinsWiped(RaftCore):
    """Believes that a blank disk is its old one."""

    def __init__(
        self, own: Member, settings: Settings, recovered: Recovered, machine: StateMachine, chance: Chance
    ) -> None:
        """Wrong: the members know this node by another disk."""
        super().__init__(Member(own.node, 1), settings, recovered, machine, chance)

    def may_vote(self) -> bool:
        """Wrong: the lost disk may have promised something else."""
        return True


BUG = Bug(
    name="removed-rejoins-wiped",
    breaks="election-safety",
    description="a node whose disk was lost comes back under its old name and votes",
    seen_in="RethinkDB 2.2.3",
    replica=RemovedRejoinsWiped,
)
