"""The synchronous follower acknowledges what it has not persisted yet.

A crash takes the unsynced entry, and with the leader's disk gone too nobody has the write that was
acknowledged. Seen in ZooKeeper (ZOOKEEPER-4646). Breaks `no-lost-acknowledged-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.effects import Send
from rts.core.single_leader.messages import Appended
from rts.core.single_leader.replica import Replica


class AckBeforeSyncPersist(Replica):
    """Its acknowledgements overtake its disk."""

    def acknowledge(self, sender: str, epoch: int, index: int) -> None:
        """Wrong: the answer does not wait for the disk."""
        self.effects.append(Send(sender, Appended(epoch, index, self.own.disk), before_persist=True))


BUG = Bug(
    name="ack-before-sync-persist",
    breaks="no-lost-acknowledged-writes",
    description="a synchronous follower acknowledges before it has persisted",
    seen_in="ZOOKEEPER-4646",
    replica=AckBeforeSyncPersist,
)
