"""A follower does not fence: to it a message counts, whatever epoch it is of.

A deposed leader goes on collecting acknowledgements and confirmations from members that have promised
themselves to another. Seen at GitHub in October 2018. Breaks `linearizable`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.replica import Replica


class NoFencing(Replica):
    """Forgets its promises."""

    def is_old(self, epoch: int) -> bool:
        """Wrong: to a follower, too, the leader of a lower epoch was deposed."""
        return self.role != "follower" and super().is_old(epoch)


BUG = Bug(
    name="no-fencing",
    breaks="linearizable",
    description="no fencing: the old leader goes on acknowledging and answering after a promotion",
    seen_in="GitHub, October 2018",
    replica=NoFencing,
)
