"""A follower takes in entries from a leader that was deposed.

Having promised itself to a new epoch, it still helps the old leader to acknowledge writes that the new one
never hears of. Seen in Elasticsearch (#24779). Breaks `convergence`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.messages import Append, InstallSnapshot
from rts.core.single_leader.replica import Replica


class AcceptOldEpoch(Replica):
    """Takes its log from anybody."""

    def accepts(self, message: Append | InstallSnapshot) -> bool:
        """Wrong: the promise to a higher epoch was a promise against this one."""
        return self.role == "follower" or super().accepts(message)


BUG = Bug(
    name="accept-old-epoch",
    breaks="convergence",
    description="a follower accepts entries of an old epoch",
    seen_in="Elasticsearch #24779",
    replica=AcceptOldEpoch,
)
