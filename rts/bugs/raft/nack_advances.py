"""A leader takes a rejection for an acknowledgement of what it asked about.

The index that was found not to match is counted as matched, and committed. Seen in CCF (#5325), where one
field served for both. Breaks `state-machine-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import Appended, AppendRejected
from rts.core.raft.node import RaftCore


class NackAdvances(RaftCore):
    """Hears yes for no."""

    def on_append_rejected(self, sender: str, message: AppendRejected) -> None:
        """Wrong: the follower lacks the entry, or has another in its place."""
        matched = Appended(message.term, message.follower, message.previous, message.round)
        self.on_appended(sender, matched)


BUG = Bug(
    name="nack-advances",
    breaks="state-machine-safety",
    description="a rejection advances the commit",
    seen_in="CCF #5325",
    replica=NackAdvances,
)
