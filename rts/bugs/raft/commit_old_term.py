"""A leader commits an entry of an earlier term because a majority has it.

A leader of a term between the two can overwrite it yet (Raft, figure 8). Seen in PySyncObj (#169). Breaks
`state-machine-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class CommitOldTerm(RaftCore):
    """Counts, whatever the entry's term."""

    def may_commit(self, index: int) -> bool:
        """Wrong: an entry of an earlier term is committed with one of this term alone."""
        return True


BUG = Bug(
    name="commit-old-term",
    breaks="state-machine-safety",
    description="commits an entry of an earlier term by counting",
    seen_in="PySyncObj #169",
    replica=CommitOldTerm,
)
