"""A leader begins a change of members before it has committed an entry of its own term.

An earlier leader's change may still be on its way: the majorities of the two changes need not meet. The bug
of Raft's own single-server changes, found by Ongaro in 2015. Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class ChangeBeforeCommit(RaftCore):
    """Does not wait for its no-op."""

    def may_change_members(self) -> bool:
        """Wrong: another leader's change may be committed yet."""
        return True


BUG = Bug(
    name="change-before-commit",
    breaks="election-safety",
    description="a change of members begins before an entry of the term is committed",
    seen_in="Ongaro's erratum, 2015",
    replica=ChangeBeforeCommit,
)
