"""Several members may change at once, and a majority is counted over the old and the new ones together.

A change counts as done when it is in the leader's log, so that the next one begins before a majority of the
old members has the first: such a majority need not meet one of all of them, and both elect. Seen in CCF.
Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.log import Configuration
from rts.core.raft.node import RaftCore


class QuorumOverUnion(RaftCore):
    """Changes members without a joint majority."""

    def read_configuration(self) -> None:
        """Wrong: members that are not committed may not be the ones that another leader counts."""
        super().read_configuration()
        self.configured_at = min(self.configured_at, self.committed)

    def configure(self, configuration: Configuration) -> None:
        """See `Membership`."""
        super().configure(configuration)
        self.on_committed()


BUG = Bug(
    name="quorum-over-union",
    breaks="election-safety",
    description="members change several at a time, with one majority over all of them",
    seen_in="CCF",
    replica=QuorumOverUnion,
)
