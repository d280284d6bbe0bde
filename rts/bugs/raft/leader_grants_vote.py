"""A leader votes for another candidate of the term that it leads.

It has voted for itself in that term. It does not compare logs either, for its own has a no-op of that term
already. Seen in DaosRaft (#70). Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import RequestVote
from rts.core.raft.node import RaftCore


class LeaderGrantsVote(RaftCore):
    """Does not take its own reign for a vote."""

    def grants(self, message: RequestVote) -> bool:
        """Wrong: a leader has voted, for itself, and its log goes before."""
        return super().grants(message) or (self.role == "leader" and message.term == self.term)


BUG = Bug(
    name="leader-grants-vote",
    breaks="election-safety",
    description="a leader votes for another in its own term",
    seen_in="DaosRaft #70",
    replica=LeaderGrantsVote,
)
