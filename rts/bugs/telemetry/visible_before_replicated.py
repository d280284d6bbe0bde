"""A leader shows a write that is not replicated yet.

A promotion rolls back what somebody has already read. Seen in MySQL with
`rpl_semi_sync_source_wait_point=AFTER_COMMIT`. Breaks `linearizable`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.log import Put
from rts.core.single_leader.messages import Item
from rts.core.single_leader.replica import Replica


class VisibleBeforeReplicated(Replica):
    """As a leader it reads its whole log, acknowledged or not."""

    def item(self, key: str) -> Item:
        """Wrong: entries above what is acknowledged may be rolled back."""
        if self.role == "leader":
            for entry in reversed(self.log.after(self.applied)):
                if isinstance(entry.command, Put) and entry.command.key == key:
                    return Item(key, entry.command.value, entry.lsn)
        return super().item(key)


BUG = Bug(
    name="visible-before-replicated",
    breaks="linearizable",
    description="a leader read sees a write that is not replicated yet",
    seen_in="MySQL semi-synchronous replication, AFTER_COMMIT",
    replica=VisibleBeforeReplicated,
)
