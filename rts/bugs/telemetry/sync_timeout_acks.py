"""When the synchronous wait times out, the leader acknowledges all the same.

What the client takes for a synchronous write is then on the leader alone, and gone with it. Seen in MySQL's
semi-synchronous replication, which falls back to asynchronous. Breaks `no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.leading import Waiting
from rts.core.single_leader.replica import Replica


class SyncTimeoutAcks(Replica):
    """Takes silence for consent."""

    def on_wait_timeout(self, index: int, waiting: Waiting) -> None:
        """Wrong: nobody but the leader may have the write."""
        self.answer_write(index, waiting)


BUG = Bug(
    name="sync-timeout-acks",
    breaks="no-lost-acknowledged-writes",
    description="when the synchronous wait times out, the leader acknowledges anyway",
    seen_in="MySQL semi-synchronous replication",
    replica=SyncTimeoutAcks,
)
