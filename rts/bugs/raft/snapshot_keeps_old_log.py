"""A follower that installs a snapshot keeps the entries after it, though they do not follow on it.

They are left from a leader that was deposed, and conflict with what the snapshot says was committed. Seen in
RedisLabs' raft (#49). Breaks `log-matching`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.log import Snapshot
from rts.core.raft.node import RaftCore


class SnapshotKeepsOldLog(RaftCore):
    """Takes its own tail for the leader's."""

    def keeps_after(self, snapshot: Snapshot) -> bool:
        """Wrong: whether the log has the snapshot's last entry is not asked."""
        return True


BUG = Bug(
    name="snapshot-keeps-old-log",
    breaks="log-matching",
    description="entries that conflict with an installed snapshot stay in the log",
    seen_in="RedisLabs/raft #49",
    replica=SnapshotKeepsOldLog,
)
