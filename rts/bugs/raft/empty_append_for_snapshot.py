"""A leader sends an empty append where the follower needs a snapshot.

The follower rejects it for ever and never catches up. Seen in willemt/raft. Breaks `liveness`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore
from rts.core.raft.progress import Progress


class EmptyAppendForSnapshot(RaftCore):
    """Forgets that it has compacted its log."""

    def send_entries(self, progress: Progress) -> None:
        """Wrong: what was compacted away does not come with an empty append."""
        if self.needs_snapshot(progress):
            self.send_append(progress.node, self.log.base.index)
        else:
            super().send_entries(progress)


BUG = Bug(
    name="empty-append-for-snapshot",
    breaks="liveness",
    description="an empty append is sent where the follower needs a snapshot",
    seen_in="willemt/raft",
    replica=EmptyAppendForSnapshot,
)
