"""A node begins at term 0 again when it restarts.

Terms are used a second time, and entries of a term that came later look older than those that they follow:
the comparison of logs picks a leader that lacks what is committed. Seen in PySyncObj (#202). Breaks
`leader-completeness`.
"""

from __future__ import annotations

from typing import Any

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class TermReset(RaftCore):
    """Does not remember its term."""

    def __init__(self, *args: Any, **named: Any) -> None:
        """Wrong: the term is on the disk, and only ever grows."""
        super().__init__(*args, **named)
        self.term = 0


BUG = Bug(
    name="term-reset",
    breaks="leader-completeness",
    description="the term is lost at a restart",
    seen_in="PySyncObj #202",
    replica=TermReset,
)
