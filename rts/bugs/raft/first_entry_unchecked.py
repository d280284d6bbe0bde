"""A follower does not compare the first entry of a message with its own.

It keeps an entry that conflicts, and appends behind it what belongs behind another. Seen in willemt/raft.
Breaks `log-matching`.
"""

from __future__ import annotations

import msgspec

from rts.bugs import Bug
from rts.core.raft.log import Entry
from rts.core.raft.messages import AppendEntries
from rts.core.raft.node import RaftCore


class FirstEntryUnchecked(RaftCore):
    """Looks for conflicts from the second entry on."""

    def unknown_entries(self, message: AppendEntries) -> tuple[Entry, ...]:
        """Wrong: that there is an entry at the first index does not make it the leader's."""
        entries = message.entries
        if entries and self.log.lsn_at(entries[0].lsn.index) is not None:
            message = msgspec.structs.replace(message, entries=entries[1:])
        return super().unknown_entries(message)


BUG = Bug(
    name="first-entry-unchecked",
    breaks="log-matching",
    description="no conflict check at the first entry",
    seen_in="willemt/raft",
    replica=FirstEntryUnchecked,
)
