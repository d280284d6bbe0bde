"""Several members may change at once, and a majority is counted over the old and the new ones together.

A majority of the old members alone need not meet it: both elect. Seen in CCF. Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import ChangeMembers, Reason
from rts.core.raft.node import RaftCore


class QuorumOverUnion(RaftCore):
    """Begins a change while another is under way, without a joint majority."""

    def reason_against(self, message: ChangeMembers) -> Reason | None:
        """Wrong: a change that is under way is no reason, as if a majority of the old members were asked
        too."""
        reason = super().reason_against(message)
        return None if reason == "change-under-way" else reason


BUG = Bug(
    name="quorum-over-union",
    breaks="election-safety",
    description="members change several at a time, with one majority over all of them",
    seen_in="CCF",
    replica=QuorumOverUnion,
)
