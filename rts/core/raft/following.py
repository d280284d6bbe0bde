"""A follower's duty: hold the same log as the leader, and apply only what is committed (Raft, §5.3, §7)."""

from __future__ import annotations

from typing import Any

from rts.core.raft.election import Election
from rts.core.raft.log import Entry, Snapshot, SnapshotRecord
from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    AppendRejected,
    InstallSnapshot,
    SnapshotReceived,
)
from rts.errors import InvariantBroken
from rts.ids import Lsn


class Following(Election):
    """Replication, as seen by the one who is sent to."""

    handlers = Election.handlers | {
        AppendEntries: "on_append_entries",
        InstallSnapshot: "on_install_snapshot",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.incoming: tuple[int, Lsn, bytearray] | None = None
        self.leader_committed = 0

    def follow(self, leader: str, term: int) -> None:
        """The leader of `term` speaks: there is no other in that term."""
        self.observe(term)
        if self.role != "follower":
            self.become("leader of the term")
        self.leader = leader
        self.heard_at = self.now
        self.put_off_election()

    # --- entries --------------------------------------------------------------------------------------------

    def on_append_entries(self, sender: str, message: AppendEntries) -> None:
        """Take in entries that follow on what this log has, and say so; else say where it may be right."""
        if self.is_old(message.term):
            self.reject(sender, message)
            return
        self.follow(sender, message.term)
        self.leader_committed = max(self.leader_committed, message.committed)
        if not self.matches(message.previous):
            self.reject(sender, message)
            return
        entries = self.unknown_entries(message)
        if entries:
            after = entries[0].lsn.index - 1
            if after < self.committed:
                raise InvariantBroken(
                    f"{self.node} is to drop committed entries above {after}, in term {self.term}"
                )
            self.append(after, entries)
        self.learn_committed(self.committed_here(message))
        self.send(sender, Appended(self.term, self.own, self.matched_by(message), message.round))

    def matches(self, previous: Lsn) -> bool:
        """The consistency check: whether this log has the entry that new ones follow on (Raft, §5.3). What
        was compacted away is committed, hence the same."""
        return previous.index < self.log.base.index or self.log.lsn_at(previous.index) == previous

    def unknown_entries(self, message: AppendEntries) -> tuple[Entry, ...]:
        """The entries from the first on that this log does not have; a late or repeated message brings none,
        and so removes none (Raft, figure 2: AppendEntries, 3)."""
        log = self.log
        for count, entry in enumerate(message.entries):
            if entry.lsn.index > log.base.index and log.lsn_at(entry.lsn.index) != entry.lsn:
                return message.entries[count:]
        return ()

    def matched_by(self, message: AppendEntries) -> int:
        """How far this log is known to equal the leader's: as far as the message spoke of it."""
        return message.previous.index + len(message.entries)

    def committed_here(self, message: AppendEntries) -> int:
        """What the leader has committed, of what this log is known to have (Raft, figure 2: AppendEntries,
        5)."""
        return min(message.committed, self.matched_by(message))

    def reject(self, sender: str, message: AppendEntries) -> None:
        """Say no, and what is here in place of the entry that should be."""
        index = message.previous.index
        own = self.log.lsn_at(index)
        if own is None or index <= self.log.base.index:
            conflict = Lsn(0, min(self.log.last_index + 1, index))
        else:
            conflict = Lsn(own.epoch, self.log.first_index_of(own.epoch))
        round = self.round_answered(message)
        self.send(sender, AppendRejected(self.term, self.own, index, conflict, round))

    def round_answered(self, message: AppendEntries | InstallSnapshot) -> int:
        """The leader's round that an answer confirms: none of an older term's. Its leader may lead this term
        too by now, and counts anew."""
        return 0 if self.is_old(message.term) else message.round

    # --- snapshots ------------------------------------------------------------------------------------------

    def on_install_snapshot(self, sender: str, message: InstallSnapshot) -> None:
        """Collect the pieces of a state whose log the leader no longer has, and take it over."""
        if self.is_old(message.term):
            round = self.round_answered(message)
            self.send(sender, SnapshotReceived(self.term, self.own, message.last.index, 0, round))
            return
        self.follow(sender, message.term)
        if message.last.index > self.committed:
            data = self.collect(message)
            if not message.done or len(data) != message.offset + len(message.data):
                received = SnapshotReceived(self.term, self.own, message.last.index, len(data), message.round)
                self.send(sender, received)
                return
            self.install(Snapshot(message.last, message.configuration, bytes(data)))
        self.incoming = None
        self.send(sender, Appended(self.term, self.own, message.last.index, message.round))

    def collect(self, message: InstallSnapshot) -> bytearray:
        """Put a piece after those before it, if it follows on them: all that is here of this snapshot.
        Another leader's may be other bytes for the same state, and does not go on where this one's ended."""
        if self.incoming is None or self.incoming[:2] != (message.term, message.last):
            self.incoming = (message.term, message.last, bytearray())
        data = self.incoming[2]
        if message.offset == len(data):
            data += message.data
        return data

    def install(self, snapshot: Snapshot) -> None:
        """The snapshot's state takes the place of this one. Entries after it stay if the log has its last
        entry, else all go (Raft, figure 13: 6 and 7)."""
        keeps = self.keeps_after(snapshot)
        if not keeps:
            self.forget_durable(snapshot.lsn.index)
        base = snapshot.lsn if keeps else None
        self.log.start_at(snapshot, base)
        self.read_configuration()
        self.persist(SnapshotRecord(snapshot, base))
        self.state.restore(snapshot.data)
        self.applied = self.committed = snapshot.lsn.index
        self.note("snapshot installed", snapshot.lsn.index)

    def keeps_after(self, snapshot: Snapshot) -> bool:
        """Whether the entries after the snapshot's follow on it: if this log has its last entry."""
        return self.log.lsn_at(snapshot.lsn.index) == snapshot.lsn
