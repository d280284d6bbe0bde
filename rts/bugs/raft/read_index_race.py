"""A follower takes the answer to an earlier ReadIndex for the answer to the last one.

An answer that was long on its way, from a leader that was deposed since, lets a read through that must see
more. Seen in etcd (#20418). Breaks `linearizable`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.messages import Query
from rts.core.raft.node import RaftCore


class ReadIndexRace(RaftCore):
    """Gives all its questions one number."""

    def ask_leader(self, leader: str, client: str, message: Query) -> None:
        """Wrong: nothing tells the answers apart."""
        self.asked = 0
        super().ask_leader(leader, client, message)


BUG = Bug(
    name="read-index-race",
    breaks="linearizable",
    description="the answer to an earlier ReadIndex is taken for that to a later one",
    seen_in="etcd #20418",
    replica=ReadIndexRace,
)
