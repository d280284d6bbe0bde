"""The disk's word for an append that was overwritten since counts for what is there now.

The same index, another entry: it is taken for durable before it is. Seen in etcd. Breaks
`no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class AppendAckAba(RaftCore):
    """Remembers persists by their index alone."""

    def forget_durable(self, after: int) -> None:
        """Wrong: a persist that is still under way is of the entry that was there."""
        self.persisted = min(self.persisted, after)


BUG = Bug(
    name="append-ack-aba",
    breaks="no-lost-acknowledged-writes",
    description="the persist of an overwritten entry counts for the one in its place",
    seen_in="etcd",
    replica=AppendAckAba,
)
