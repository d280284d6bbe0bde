"""A node votes for whoever asks first, however short the candidate's log.

A majority elects a leader that lacks what is committed. It is the restriction of Raft, §5.4.1, left out.
Breaks `leader-completeness`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore
from rts.ids import Lsn


class NoUpToDateCheck(RaftCore):
    """Does not compare logs."""

    def is_up_to_date(self, last: Lsn) -> bool:
        """Wrong: a log that lacks entries of this one may lack committed ones."""
        return True


BUG = Bug(
    name="no-up-to-date-check",
    breaks="leader-completeness",
    description="votes for a candidate with an older log",
    seen_in="Raft, §5.4.1",
    replica=NoUpToDateCheck,
)
