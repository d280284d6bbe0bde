"""A leader that is removed counts itself towards the majority of the others.

What it commits is on fewer disks than a majority of the new members. Seen in etcd. Breaks
`no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore
from rts.core.raft.quorum import majority


class RemovedLeaderCountsItself(RaftCore):
    """Believes that it still votes."""

    def advance_commit(self) -> None:
        """Wrong: a node that does not vote acknowledges nothing."""
        marks = sorted((self.durable_up_to(voter) for voter in {*self.voters, self.own}), reverse=True)
        index = marks[majority(len(self.voters)) - 1]
        if index > self.committed and self.may_commit(index):
            self.learn_committed(index)
            self.on_committed()


BUG = Bug(
    name="removed-leader-counts-itself",
    breaks="no-lost-acknowledged-writes",
    description="a leader that is removed counts itself towards a majority",
    seen_in="etcd",
    replica=RemovedLeaderCountsItself,
)
