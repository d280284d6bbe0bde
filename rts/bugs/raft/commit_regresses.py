"""A follower's commit index follows the leader's word, down as well as up.

A late message takes it back below what is applied. Seen in PySyncObj (#166). Breaks `monotonic-counters`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class CommitRegresses(RaftCore):
    """Believes the last message that came."""

    def learn_committed(self, index: int) -> None:
        """Wrong: what is committed stays so."""
        self.committed = index
        self.apply_committed()


BUG = Bug(
    name="commit-regresses",
    breaks="monotonic-counters",
    description="the commit index goes back",
    seen_in="PySyncObj #166",
    replica=CommitRegresses,
)
