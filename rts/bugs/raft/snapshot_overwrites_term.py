"""Loading a snapshot sets the node's term to that of the snapshot's last entry.

The node is back in a term in which it, or others, have voted: it can be elected a second time. Seen in
willemt/raft. Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.log import Snapshot
from rts.core.raft.node import RaftCore


class SnapshotOverwritesTerm(RaftCore):
    """Takes the snapshot's term for its own."""

    def install(self, snapshot: Snapshot) -> None:
        """Wrong: the node's term is at least that of the leader who sends the snapshot."""
        super().install(snapshot)
        self.term = snapshot.lsn.epoch
        self.vote = None
        self.persist_state()


BUG = Bug(
    name="snapshot-overwrites-term",
    breaks="election-safety",
    description="loading a snapshot overwrites the term",
    seen_in="willemt/raft",
    replica=SnapshotOverwritesTerm,
)
