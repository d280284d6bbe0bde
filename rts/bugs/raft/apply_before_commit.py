"""A follower applies what it is sent, committed or not.

Another leader may put other entries in its place. The rule is Raft's (§5.3). Breaks `state-machine-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import AppendEntries
from rts.core.raft.node import RaftCore


class ApplyBeforeCommit(RaftCore):
    """Cannot wait."""

    def committed_here(self, message: AppendEntries) -> int:
        """Wrong: the leader may not have committed all that it sends."""
        return self.matched_by(message)


BUG = Bug(
    name="apply-before-commit",
    breaks="state-machine-safety",
    description="entries are applied before they are committed",
    seen_in="Raft §5.3",
    replica=ApplyBeforeCommit,
)
