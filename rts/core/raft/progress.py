"""What a leader knows of one follower, and how fast it may send to it.

                     rejected, or silent on a new disk
             ┌──────────────────────────────────────────┐
             ▼                                          │
           probe ───────── an append matched ───────► replicate
          one append        (or a snapshot)          a window of
          at a time                                  appends under way
             │                                          │
             └──── the next entry was compacted away ───┤
                                                        ▼
                                                    snapshot
                                                    a chunk at a time

(After etcd's raft, `tracker/progress.go`, and thesis §10.2.1 for pipelining.)
"""

from __future__ import annotations

from collections import deque
from typing import Literal

from rts.core.raft.log import Snapshot
from rts.ids import Member


class Progress:
    """Of one follower: its log equals the leader's up to `matched`; the entry at `next` is sent next.

    `member` is `None` until the follower has said who it is. `round` is the last round of contact that it
    answered.
    """

    __slots__ = ("matched", "member", "next", "node", "offset", "round", "snapshot", "state", "under_way")

    def __init__(self, node: str, member: Member | None, next_index: int) -> None:
        self.node = node
        self.member = member
        self.matched = 0
        self.next = next_index
        self.round = 0
        self.state: Literal["probe", "replicate", "snapshot"] = "probe"
        self.under_way: deque[int] = deque()
        self.snapshot: Snapshot | None = None
        self.offset = 0

    def heard(self, member: Member, round: int) -> None:
        """The follower answered. Of another disk than before nothing is known."""
        if member != self.member:
            if self.member is not None:
                self.matched = 0
                self.probe(self.next)
            self.member = member
        self.round = max(self.round, round)

    def may_send(self, window: int) -> bool:
        """Whether another append may go out now."""
        if self.state == "probe":
            return not self.under_way
        return self.state == "replicate" and len(self.under_way) < window

    def sent(self, last: int) -> None:
        """An append with entries up to index `last` is under way."""
        self.under_way.append(last)
        if self.state == "replicate":
            self.next = last + 1

    def match(self, index: int) -> bool:
        """The log is known to be equal up to `index`; whether that is news. What was matched stays so."""
        while self.under_way and self.under_way[0] <= index:
            self.under_way.popleft()
        news = index > self.matched
        if news:
            self.matched = index
            self.next = max(self.next, index + 1)
        waits_for_more = self.snapshot is not None and index < self.snapshot.lsn.index
        if self.state != "replicate" and not waits_for_more:
            self.state = "replicate"
            self.next = self.matched + 1
            self.snapshot = None
            self.under_way.clear()
        return news

    def probe(self, next_index: int) -> None:
        """Find out one append at a time where the logs agree, starting at `next_index`."""
        self.state = "probe"
        self.next = max(next_index, self.matched + 1)
        self.snapshot = None
        self.under_way.clear()

    def try_again(self) -> None:
        """What is under way while probing may be lost."""
        if self.state == "probe":
            self.under_way.clear()

    def send_snapshot(self, snapshot: Snapshot) -> None:
        """The follower needs this snapshot, from its first byte on."""
        self.state = "snapshot"
        self.snapshot = snapshot
        self.offset = 0
        self.under_way.clear()
