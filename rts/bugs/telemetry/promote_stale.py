"""A follower that is not the most up to date is promoted, without force.

It leads without writes that others acknowledged, and makes them drop those. Seen in Elasticsearch before it
kept a set of in-sync copies. Breaks `no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.replica import Replica


class PromoteStale(Replica):
    """Leads when it is told to."""

    def may_lead(self) -> bool:
        """Wrong: writes waited for the members, and this node may be none."""
        return True


BUG = Bug(
    name="promote-stale",
    breaks="no-lost-acknowledged-writes",
    description="a follower that is not the most up to date is promoted",
    seen_in="Elasticsearch, before in-sync copies",
    replica=PromoteStale,
)
