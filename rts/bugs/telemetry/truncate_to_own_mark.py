"""A restarting node truncates its log to what it itself knows to be acknowledged.

Its mark lags behind the leader's: what it drops may be acknowledged, and if it leads next, lost. Seen in
Kafka (KIP-101, scenario 1). Breaks `no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.replica import Replica


class TruncateToOwnMark(Replica):
    """Takes its high-water mark for the truth."""

    def on_start(self) -> None:
        """Wrong: only a leader's log says which entries have to go."""
        self.log.truncate(self.committed)
        self.membership = self.log.members()
        self.persisted = self.log.last_index
        super().on_start()


BUG = Bug(
    name="truncate-to-own-mark",
    breaks="no-lost-acknowledged-writes",
    description="a restarting node truncates its log to its own high-water mark",
    seen_in="Kafka, KIP-101, scenario 1",
    replica=TruncateToOwnMark,
)
