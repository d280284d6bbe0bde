"""A follower acknowledges its whole log, not what the message spoke of.

What lies beyond may be left from a leader that was deposed, and is counted as the new leader's. It takes a
leader that asks with an earlier entry than the first that differs, so this one probes with empty appends.
Seen in CCF (#6001). Breaks `state-machine-safety`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rts.bugs import Bug
from rts.bugs.raft.empty_probes import EmptyProbes
from rts.core.raft.log import Entry
from rts.core.raft.messages import AppendEntries


class AckWholeLog(EmptyProbes):
    """Takes its whole log for the leader's."""

    def matched_by(self, message: AppendEntries) -> int:
        """Wrong: what follows the message's last entry may be no part of the leader's log."""
        return self.log.last_index

    def send_append(self, node: str, previous: int, entries: Iterable[Entry] = ()) -> None:
        """See `Leading`. A follower may have acknowledged more than there is."""
        super().send_append(node, min(previous, self.log.last_index), entries)

    def committed_here(self, message: AppendEntries) -> int:
        """See `Following`."""
        return min(message.committed, super().matched_by(message))


BUG = Bug(
    name="ack-whole-log",
    breaks="state-machine-safety",
    description="a follower acknowledges its whole log",
    seen_in="CCF #6001",
    replica=AckWholeLog,
)
