"""A node forgets at a restart whom it has voted for.

It votes again in the same term, and another candidate has a majority too. Seen in akka-raft (#56), which has
plain elections. Breaks `election-safety`.
"""

from __future__ import annotations

from typing import Any

from rts.bugs import Bug
from rts.bugs.raft.plain_elections import PlainElections


class VoteForgotten(PlainElections):
    """Remembers its term alone."""

    def __init__(self, *args: Any, **named: Any) -> None:
        """Wrong: the vote is on the disk as well, and binds."""
        super().__init__(*args, **named)
        self.vote = None


BUG = Bug(
    name="vote-forgotten",
    breaks="election-safety",
    description="votedFor is lost at a restart",
    seen_in="akka-raft #56",
    replica=VoteForgotten,
)
