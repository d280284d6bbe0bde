"""A late AppendEntries truncates what was matched after it.

The follower puts its entries in the place of all that follows, though it has them already; what it has
acknowledged since is gone. Seen in raftos (#26). Breaks `leader-completeness`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.log import Entry
from rts.core.raft.messages import AppendEntries
from rts.core.raft.node import RaftCore


class StaleAppendTruncates(RaftCore):
    """Takes every message for the newest."""

    def unknown_entries(self, message: AppendEntries) -> tuple[Entry, ...]:
        """Wrong: only an entry that conflicts makes what follows it void (Raft, figure 2)."""
        base = self.log.base.index
        return tuple(entry for entry in message.entries if entry.lsn.index > base)


BUG = Bug(
    name="stale-append-truncates",
    breaks="leader-completeness",
    description="an old AppendEntries truncates a matched log",
    seen_in="raftos #26",
    replica=StaleAppendTruncates,
)
