"""A leader that finds out where logs agree with appends that carry no entries, as LogCabin does.

It is as safe as one that sends entries at once. Bugs that need a follower to accept an append while its log
still has a tail that the leader never had stand on it: the store's own leader always sends the first entry
that differs along, which removes that tail.
"""

from __future__ import annotations

from rts.core.raft.node import RaftCore
from rts.core.raft.progress import Progress


class EmptyProbes(RaftCore):
    """Sends a follower no entries before one of its answers matched."""

    def send_entries(self, progress: Progress) -> None:
        """See `Leading`."""
        if progress.state != "probe" or self.needs_snapshot(progress):
            super().send_entries(progress)
        elif not progress.under_way:
            progress.sent(progress.next - 1)
            self.send_append(progress.node, progress.next - 1)
