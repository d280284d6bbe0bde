"""The first position of a promoted leader is off by one.

Its epoch begins at the position of the last entry that it kept; a follower that has that entry takes the new
one to be in its place. Seen in Redis (#7320). Breaks `convergence`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.replica import Replica
from rts.ids import Lsn


class PromotionOffset(Replica):
    """Begins its epoch one position too low."""

    def next_position(self) -> Lsn:
        """Wrong: a new epoch begins after the last entry of the old one, not at it."""
        if self.log.last.epoch < self.epoch:
            return Lsn(self.epoch, self.log.last_index)
        return super().next_position()


BUG = Bug(
    name="promotion-offset",
    breaks="convergence",
    description="the first position of a promoted leader is off by one",
    seen_in="Redis #7320",
    replica=PromotionOffset,
)
