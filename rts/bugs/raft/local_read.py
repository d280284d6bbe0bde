"""A leader answers reads from what it has, without asking whether it still leads.

Another may have been elected and have acknowledged newer writes. Seen in etcd (#741). Breaks `linearizable`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import Query, ReadIndex
from rts.core.raft.node import RaftCore


class LocalRead(RaftCore):
    """Asks nobody."""

    def read_as_leader(self, asker: str, message: Query | ReadIndex) -> None:
        """Wrong: this node may have been deposed."""
        if isinstance(message, Query):
            self.answer(asker, message)
        else:
            super().read_as_leader(asker, message)


BUG = Bug(
    name="local-read",
    breaks="linearizable",
    description="a leader answers a read without asking its quorum",
    seen_in="etcd #741",
    replica=LocalRead,
)
