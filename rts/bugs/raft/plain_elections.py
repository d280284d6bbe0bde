"""Elections as in the paper's figure 2: no pre-vote, and a vote for whoever asks, leader or no leader.

It is as safe, though a node that is cut off can disturb the others. Bugs that were seen in stores without
these two stand on it: they make the same races rare.
"""

from __future__ import annotations

from rts.core.raft.node import RaftCore


class PlainElections(RaftCore):
    """Stands for election as soon as its patience is at an end."""

    def on_election_timeout(self) -> None:
        """See `Election`."""
        self.become("election time-out")
        self.become("majority of pre-votes")
        self.campaign()

    def has_recent_leader(self) -> bool:
        """See `Election`."""
        return False
