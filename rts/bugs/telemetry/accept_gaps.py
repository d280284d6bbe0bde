"""A follower takes in entries whatever they follow on.

An entry that was lost on the way is missing for good, and the leader is told otherwise. Seen in Elasticsearch
(#10708). Breaks `convergence`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.replica import Replica
from rts.ids import Lsn


class AcceptGaps(Replica):
    """Never asks for what is missing."""

    def matches(self, previous: Lsn) -> bool:
        """Wrong: without the entry before them, new ones leave a gap."""
        return True


BUG = Bug(
    name="accept-gaps",
    breaks="convergence",
    description="a follower applies entries with gaps between them",
    seen_in="Elasticsearch #10708",
    replica=AcceptGaps,
)
