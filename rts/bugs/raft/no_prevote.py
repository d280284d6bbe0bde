"""A node that hears of no leader stands at once, and nobody minds that there is one.

One that can send and not receive deposes leader after leader. Seen in TigerBeetle. Breaks `liveness`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class NoPrevote(RaftCore):
    """Asks nobody beforehand, and lets everyone stand at any time."""

    def count_pre_votes(self) -> None:
        """Wrong: nobody was asked whether an election could be won."""
        self.become("majority of pre-votes")
        self.campaign()

    def has_recent_leader(self) -> bool:
        """Wrong: a leader that is heard of need not be replaced."""
        return False


BUG = Bug(
    name="no-prevote",
    breaks="liveness",
    description="no pre-vote: a node that hears nothing deposes every leader",
    seen_in="TigerBeetle",
    replica=NoPrevote,
)
