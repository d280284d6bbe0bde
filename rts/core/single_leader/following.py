"""A follower's duty: hold the same log as the leader, and show only what is acknowledged."""

from __future__ import annotations

from rts.core.single_leader.base import ReplicaBase
from rts.core.single_leader.log import EMPTY, Entry, Snapshot, newest_forced
from rts.core.single_leader.messages import (
    Append,
    Appended,
    AppendRejected,
    Confirm,
    Confirmed,
    Fenced,
    InstallSnapshot,
)
from rts.errors import InvariantBroken
from rts.ids import Lsn


class Following(ReplicaBase):
    """Replication, as seen by the one who is sent to."""

    handlers = ReplicaBase.handlers | {
        Append: "on_append",
        InstallSnapshot: "on_install_snapshot",
        Confirm: "on_confirm",
        Fenced: "on_fenced",
    }

    def on_append(self, sender: str, message: Append) -> None:
        """Take in entries that follow on what this log has, and say so; else say how far it may be right."""
        if not self.accepts(message):
            self.fence(sender)
            return
        self.observe(message.epoch, sender)
        if not self.matches(message.previous):
            self.send(sender, AppendRejected(message.epoch, self.hint(message.previous), self.own.disk))
            return
        if self.is_apart(message):
            self.yield_to_force(sender, message)
            return
        entries = self.unknown_entries(message.entries)
        reaches = message.previous.index + len(message.entries)
        if entries:
            after = entries[0].lsn.index - 1
            if after < self.committed:
                self.yield_to_force(sender, message)
                return
            if after < self.log.last_index:
                after, entries = self.resolve_conflict(after, entries)
            self.append(after, entries)
        self.learn_committed(min(message.committed, reaches))
        if message.entries or message.asks:
            self.acknowledge(sender, message.epoch, reaches)

    def accepts(self, message: Append | InstallSnapshot) -> bool:
        """Whether the log may come from this leader: not from a deposed one."""
        return not self.is_old(message.epoch)

    def matches(self, previous: Lsn) -> bool:
        """Whether this log has the entry that new ones follow on. What is below the snapshot is acknowledged,
        hence the same."""
        return previous.index < self.log.base or self.log.lsn_at(previous.index) == previous

    def hint(self, previous: Lsn) -> int:
        """An index at which the logs may agree: the end of this one, or below its first entry of an epoch
        that differs."""
        own = self.log.lsn_at(previous.index)
        if previous.index <= self.log.base:
            return 0
        if own is None:
            return self.log.last_index
        return max(self.log.first_index_of(own.epoch) - 1, self.log.base)

    def unknown_entries(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """The entries from the first on that this log does not have: a duplicate brings none."""
        log = self.log
        for count, entry in enumerate(entries):
            if entry.lsn.index >= log.base and log.lsn_at(entry.lsn.index) != entry.lsn:
                return entries[count:]
        return ()

    def resolve_conflict(self, after: int, entries: tuple[Entry, ...]) -> tuple[int, tuple[Entry, ...]]:
        """Where to put entries that this log has others in place of: the leader is right, the tail from there
        on goes."""
        self.note("tail truncated", self.log.last_index - after)
        return after, entries

    def is_apart(self, message: Append) -> bool:
        """Whether an epoch was forced that this node does not know, from below what it knows to be
        acknowledged on.

        Where the message does not show from where on, it may be so.
        """
        if message.forced <= self.newest_forced:
            return False
        starts = (entry.lsn.index for entry in message.entries if entry.lsn.epoch == message.forced)
        return next(starts, 0) <= self.committed

    def yield_to_force(self, sender: str, message: Append) -> None:
        """The leader may have others in place of acknowledged entries: only a forced epoch explains that.
        Start from nothing.

        Raises `InvariantBroken` where the leader's whole log shows none.
        """
        if newest_forced(message.entries) > self.newest_forced:
            self.note("acknowledged tail dropped by force", self.committed)
            self.reset(EMPTY)
        elif message.previous.index == 0:
            raise InvariantBroken(f"{self.node} is to drop acknowledged entries, and no epoch was forced")
        self.send(sender, AppendRejected(message.epoch, 0, self.own.disk))

    def reset(self, snapshot: Snapshot) -> None:
        """Forget the log and take this state."""
        self.install(snapshot, keeps=False)
        self.values = dict(snapshot.values)
        self.requests = dict(snapshot.requests)
        self.applied = self.committed = snapshot.lsn.index

    def acknowledge(self, sender: str, epoch: int, index: int) -> None:
        """Say that the log is durable up to `index`: the answer waits until it is."""
        self.send(sender, Appended(epoch, index, self.own.disk))

    def on_install_snapshot(self, sender: str, message: InstallSnapshot) -> None:
        """Take over a state whose log the leader no longer has."""
        if not self.accepts(message):
            self.fence(sender)
            return
        self.observe(message.epoch, sender)
        snapshot = message.snapshot
        if snapshot.forced > self.newest_forced:
            self.reset(EMPTY)
        if snapshot.lsn.index > self.committed:
            self.restore(snapshot)
            self.note("catch-up by snapshot")
        self.learn_committed(min(message.committed, snapshot.lsn.index))
        self.acknowledge(sender, message.epoch, snapshot.lsn.index)

    def restore(self, snapshot: Snapshot) -> None:
        """The snapshot's state takes the place of this one; entries after it stay if they follow on it."""
        self.install(snapshot, keeps=self.log.lsn_at(snapshot.lsn.index) == snapshot.lsn)
        self.values = dict(snapshot.values)
        self.requests = dict(snapshot.requests)
        self.applied = self.committed = snapshot.lsn.index
        self.on_applied()

    def on_confirm(self, sender: str, message: Confirm) -> None:
        """A leader asks whether it still leads."""
        if self.is_old(message.epoch):
            self.fence(sender)
            return
        self.observe(message.epoch, sender)
        self.send(sender, Confirmed(message.epoch, message.round, self.own.disk))
