"""A leader counts the acknowledgement of an append that it sent in an earlier term.

What the follower acknowledged was overwritten since: at the same index there is another entry, which it may
not have. Seen in etcd. Breaks `no-lost-acknowledged-writes`.
"""

from __future__ import annotations

import msgspec

from rts.bugs import Bug
from rts.core.raft.messages import Appended
from rts.core.raft.node import RaftCore


class AppendAckAba(RaftCore):
    """Knows entries by their index alone."""

    def on_appended(self, sender: str, message: Appended) -> None:
        """Wrong: in another term it was another entry."""
        if message.term < self.term:
            matched = min(message.matched, self.log.last_index)
            message = msgspec.structs.replace(message, term=self.term, matched=matched, round=0)
        super().on_appended(sender, message)


BUG = Bug(
    name="append-ack-aba",
    breaks="no-lost-acknowledged-writes",
    description="an acknowledgement of an overwritten append is counted",
    seen_in="etcd",
    replica=AppendAckAba,
)
