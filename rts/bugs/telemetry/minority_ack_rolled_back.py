"""A leader acknowledges, and shows, what is on its own disk alone.

A session sees its own write, and no longer sees it after a promotion. Seen in MongoDB 3.6.4 (Jepsen). Breaks
`read-your-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.replica import Replica


class MinorityAckRolledBack(Replica):
    """A quorum of one."""

    def acknowledged(self) -> int:
        """Wrong: the policy says how many disks a write must be on."""
        return self.persisted


BUG = Bug(
    name="minority-ack-rolled-back",
    breaks="read-your-writes",
    description="a session's write is acknowledged by a minority and rolled back",
    seen_in="Jepsen, MongoDB 3.6.4",
    replica=MinorityAckRolledBack,
)
