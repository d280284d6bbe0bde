"""A node that steps down within a term forgets whom it has voted for in it.

It votes again in that term, and another candidate has a majority too. Seen in eliben's raft (#27), whose
leaders do not begin their terms with a no-op; a no-op in the log of the one that stepped down would keep it
from voting for a candidate without one. Breaks `election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.log import Command, Noop
from rts.core.raft.node import RaftCore
from rts.core.raft.roles import Cause


class StepDownClearsVote(RaftCore):
    """Begins each time as a follower without a vote."""

    def become(self, cause: Cause) -> None:
        """Wrong: a vote is for a whole term; only a higher one frees it."""
        before = self.role
        super().become(cause)
        if self.role == "follower" and before != "follower":
            self.vote = None

    def append_command(self, command: Command) -> int:
        """See `Leading`."""
        return self.log.last_index if isinstance(command, Noop) else super().append_command(command)


BUG = Bug(
    name="step-down-clears-vote",
    breaks="election-safety",
    description="stepping down within a term clears the vote",
    seen_in="eliben/raft #27",
    replica=StepDownClearsVote,
)
