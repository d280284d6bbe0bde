"""The scan for what can be committed stops at an entry of an earlier term.

What a crashed leader left uncommitted is never passed, and nothing is committed any more. Seen in raftos.
Breaks `liveness`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore
from rts.core.raft.quorum import reached


class CommitScanStops(RaftCore):
    """Goes forward one entry at a time."""

    def advance_commit(self) -> None:
        """Wrong: entries of earlier terms are committed by the first of this term after them."""
        majority_has = reached(self.durable_up_to(voter) for voter in self.voters)
        index = self.committed
        while index < majority_has and self.may_commit(index + 1):
            index += 1
        if index > self.committed:
            self.learn_committed(index)
            self.on_committed()


BUG = Bug(
    name="commit-scan-stops",
    breaks="liveness",
    description="the commit scan stops at an entry of an earlier term",
    seen_in="raftos",
    replica=CommitScanStops,
)
