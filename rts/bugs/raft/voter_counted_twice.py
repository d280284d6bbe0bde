"""A candidate counts replies and not voters: one that arrives twice counts twice.

With four voters or more the network can make a majority of two. Seen in akka-raft (#45),
which has plain elections. Breaks `election-safety`.
"""

from __future__ import annotations

from typing import Any

from rts.bugs import Bug
from rts.bugs.raft.plain_elections import PlainElections
from rts.core.raft.messages import Voted
from rts.core.raft.quorum import majority
from rts.ids import Member


class VoterCountedTwice(PlainElections):
    """Does not look who replies."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.repeated = 0

    def campaign(self, *, transfer: bool = False) -> None:
        """See `Election`."""
        self.repeated = 0
        super().campaign(transfer=transfer)

    def on_voted(self, sender: str, message: Voted) -> None:
        """Wrong: a voter that was counted before has no second vote."""
        if message.granted and message.term == self.term and message.voter in self.votes:
            self.repeated += 1
        super().on_voted(sender, message)

    def is_majority(self, votes: set[Member]) -> bool:
        """See `Election`."""
        repeated = self.repeated if self.role == "candidate" else 0
        return len(votes & set(self.voters)) + repeated >= majority(len(self.voters))


BUG = Bug(
    name="voter-counted-twice",
    breaks="election-safety",
    description="one voter's two replies count as two votes",
    seen_in="akka-raft #45",
    replica=VoterCountedTwice,
)
