"""A leader counts itself before its own disk has the entry.

What it acknowledges is durable on one node fewer than a majority. Seen in etcd (#14370). Breaks
`no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore
from rts.ids import Member


class CountSelfBeforeFsync(RaftCore):
    """Believes its disk before it answers."""

    def durable_up_to(self, voter: Member) -> int:
        """Wrong: what is in memory is lost by a crash."""
        return self.log.last_index if voter == self.own else super().durable_up_to(voter)


BUG = Bug(
    name="count-self-before-fsync",
    breaks="no-lost-acknowledged-writes",
    description="the leader counts itself before its own disk has the entry",
    seen_in="etcd #14370",
    replica=CountSelfBeforeFsync,
)
