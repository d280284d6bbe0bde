"""A leader's idea of a follower's log follows the last answer, down as well as up.

A late answer takes back what is known to be equal. Seen in raftos (#25). Breaks `monotonic-counters`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import Appended
from rts.core.raft.node import RaftCore


class MatchRegresses(RaftCore):
    """Believes the last answer that came."""

    def on_appended(self, sender: str, message: Appended) -> None:
        """Wrong: a log that matched up to an index does so for the whole term."""
        progress = self.progress.get(sender)
        if progress is not None and message.term == self.term:
            progress.matched = min(progress.matched, message.matched)
        super().on_appended(sender, message)


BUG = Bug(
    name="match-regresses",
    breaks="monotonic-counters",
    description="matchIndex goes back",
    seen_in="raftos #25",
    replica=MatchRegresses,
)
