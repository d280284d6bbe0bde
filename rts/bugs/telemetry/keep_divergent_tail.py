"""A rejoining node keeps entries that the new leader never had.

Where its log differs from the leader's it keeps its own entries, and takes in only what lies beyond them.
Seen in Kafka (KIP-101). Breaks `convergence`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.log import Entry
from rts.core.single_leader.replica import Replica


class KeepDivergentTail(Replica):
    """Trusts its own log more than the leader's."""

    def resolve_conflict(self, after: int, entries: tuple[Entry, ...]) -> tuple[int, tuple[Entry, ...]]:
        """Wrong: the leader is right, and the tail has to go."""
        last = self.log.last_index
        return last, tuple(entry for entry in entries if entry.lsn.index > last)


BUG = Bug(
    name="keep-divergent-tail",
    breaks="convergence",
    description="a rejoining node keeps entries that the new leader never had",
    seen_in="Kafka, KIP-101",
    replica=KeepDivergentTail,
)
