"""A message of an old term counts as one of the current term.

A vote that was given for an earlier term makes a second leader in this one. Seen in akka-raft, which has
plain elections (raft-46 in Scott et al., *Minimizing faulty executions*, NSDI 2016). Breaks
`election-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.bugs.raft.plain_elections import PlainElections


class StaleTermAccepted(PlainElections):
    """Does not look at the terms of messages."""

    def is_old(self, term: int) -> bool:
        """Wrong: what was said in an earlier term is void."""
        return False


BUG = Bug(
    name="stale-term-accepted",
    breaks="election-safety",
    description="a message of an old term is accepted",
    seen_in="raft-46 (Scott et al., NSDI 2016)",
    replica=StaleTermAccepted,
)
