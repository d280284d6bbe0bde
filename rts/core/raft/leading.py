"""A leader's duty: put commands into one order, replicate them, and commit what a majority has (Raft, §5.3,
§5.4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from rts.core.raft.election import ELECTION
from rts.core.raft.following import Following
from rts.core.raft.log import Apply, Command, Entry, Noop
from rts.core.raft.machine import Result
from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    AppendRejected,
    InstallSnapshot,
    Reason,
    Refused,
    SnapshotReceived,
    Submit,
    Submitted,
    Unknown,
)
from rts.core.raft.progress import Progress
from rts.core.raft.quorum import reached
from rts.core.raft.roles import Role
from rts.ids import Lsn, Member

HEARTBEAT = "heartbeat"


class Waiting(NamedTuple):
    """A client that waits for the entry that its request became."""

    client: str
    request: int


class Leading(Following):
    """Commands, and replication as seen by the one who sends.

    `contact` is when the last round that a majority answered was sent; `confirmed` is that round's number.
    """

    handlers = Following.handlers | {
        Submit: "on_submit",
        Appended: "on_appended",
        AppendRejected: "on_append_rejected",
        SnapshotReceived: "on_snapshot_received",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.progress: dict[str, Progress] = {}
        self.waiting: dict[int, Waiting] = {}
        self.round = 0
        self.confirmed = 0
        self.contact = 0
        self._sent_at: dict[int, int] = {}

    # --- the beginning and the end of a term ----------------------------------------------------------------

    def lead(self) -> None:
        """Lead the current term: its first entry is a no-op, which commits all before it (thesis, §6.4)."""
        self.leader = self.node
        self.round = self.confirmed = 0
        self.contact = self.now
        self._sent_at = {}
        next_index = self.log.last_index + 1
        self.progress = {
            member.node: Progress(member.node, member, next_index)
            for member in self.configuration.members
            if member.node != self.node
        }
        self.note("leads", self.term)
        self.append_command(Noop())
        self.begin_round()
        self.set_timer(HEARTBEAT, self.settings.heartbeat_ns)

    def on_role_left(self, role: Role) -> None:
        """Nothing more is promised to the commands that wait; their fate is the next leader's."""
        if role == "leader":
            self.note("leader stepped down", self.term)
            self.leader = None
            self.cancel_timer(HEARTBEAT)
            for waiting in self.waiting.values():
                self.reply(waiting.client, Unknown(waiting.request, self.term))
            self.waiting = {}
            self.progress = {}
            self.put_off_election()
            self.set_timer(ELECTION, self.deadline - self.now)

    def has_recent_leader(self) -> bool:
        """As for a follower; a leader knows of one as long as a majority answers it."""
        if self.role == "leader":
            return self.now - self.contact < self.settings.election_ns[0]
        return super().has_recent_leader()

    # --- commands -------------------------------------------------------------------------------------------

    def on_submit(self, client: str, message: Submit) -> None:
        """Append a client's command, unless it was done."""
        done = self.state.done(message.client, message.request)
        if done is not None:
            self.answer_command(client, message.request, done)
            return
        if self.state.is_answered(message.client, message.request):
            return
        reason = self.reason_to_refuse()
        if reason is not None:
            self.refuse(client, message.request, reason)
            return
        index = self.append_command(Apply(message.client, message.request, message.answered, message.command))
        self.waiting[index] = Waiting(client, message.request)
        self.replicate()

    def reason_to_refuse(self) -> Reason | None:
        """Why this node takes no command now, if it does not."""
        if self.role != "leader":
            return "not-leader"
        return "busy" if self.log.last_index - self.committed >= self.settings.pending else None

    def refuse(self, client: str, request: int, reason: Reason) -> None:
        """Tell a client that its request was not taken, and whom to ask."""
        self.reply(client, Refused(request, reason, self.term, self.leader))

    def answer_command(self, client: str, request: int, result: Result) -> None:
        """Tell a client what its command gave."""
        self.reply(client, Submitted(request, result.position, result.value))

    def append_command(self, command: Command) -> int:
        """Put a command at the end of the log; its index. It is this node's own word that waits for its disk,
        not the sending."""
        index = self.log.last_index + 1
        self.append(index - 1, (Entry(Lsn(self.term, index), command),))
        return index

    def on_applied(self, entry: Entry, result: Result | None) -> None:
        """Answer whoever waits for this entry."""
        waiting = self.waiting.pop(entry.lsn.index, None)
        if waiting is not None and result is not None:
            self.answer_command(waiting.client, waiting.request, result)

    # --- sending --------------------------------------------------------------------------------------------

    def replicate(self) -> None:
        """Send every follower what its flow control lets through."""
        for progress in self.progress.values():
            self.send_entries(progress)

    def send_entries(self, progress: Progress) -> None:
        """Send one follower the entries that it lacks, as many as may be under way, or a snapshot."""
        settings = self.settings
        while progress.next <= self.log.last_index and progress.may_send(settings.window):
            if self.needs_snapshot(progress):
                progress.send_snapshot(self.log.snapshot)
                self.note("snapshot sent", progress.node)
                self.send_chunk(progress)
                return
            first = progress.next
            entries = self.log.between(first - 1, min(self.log.last_index, first - 1 + settings.batch))
            progress.sent(entries[-1].lsn.index)
            self.send_append(progress.node, first - 1, entries)

    def needs_snapshot(self, progress: Progress) -> bool:
        """Whether what the follower lacks was compacted away."""
        return progress.next <= self.log.base.index

    def send_append(self, node: str, previous: int, entries: Iterable[Entry] = ()) -> None:
        """Send the entries after index `previous`. They need not be durable here first: this node does not
        count itself before they are (thesis, §10.2.1)."""
        lsn = self.log.lsn_at(previous)
        assert lsn is not None
        message = AppendEntries(self.term, lsn, tuple(entries), self.committed, self.round)
        self.send(node, message, before_persist=True)

    def send_chunk(self, progress: Progress) -> None:
        """Send the next piece of the follower's snapshot."""
        snapshot, offset = progress.snapshot, progress.offset
        assert snapshot is not None
        end = offset + self.settings.chunk_bytes
        done = end >= len(snapshot.data)
        data = snapshot.data[offset:end]
        self.send(
            progress.node,
            InstallSnapshot(self.term, snapshot.lsn, snapshot.configuration, offset, data, done, self.round),
            before_persist=True,
        )

    # --- rounds of contact ----------------------------------------------------------------------------------

    def on_heartbeat(self) -> None:
        """Step down without a majority (thesis, §6.2), else keep in touch with everyone."""
        if self.now - self.contact > self.settings.election_ns[1]:
            self.become("quorum lost")
            return
        self.begin_round()
        self.set_timer(HEARTBEAT, self.settings.heartbeat_ns)

    def begin_round(self) -> None:
        """Speak to every follower: entries if it lacks any, else a heartbeat. Who answers knows of no higher
        term."""
        self.round += 1
        self._sent_at[self.round] = self.now
        for progress in self.progress.values():
            progress.try_again()
            if progress.state == "snapshot":
                self.send_chunk(progress)
                continue
            before = len(self.effects)
            self.send_entries(progress)
            if len(self.effects) == before:
                self.send_append(progress.node, max(progress.next - 1, self.log.base.index))
        self.conclude_rounds()

    def conclude_rounds(self) -> None:
        """See which round a majority has answered, this node without being asked."""
        marks = [self.round if voter == self.own else self.answered_round(voter) for voter in self.voters]
        confirmed = reached(marks)
        if confirmed > self.confirmed:
            self.confirmed = confirmed
            self.contact = self._sent_at[confirmed]
            self._sent_at = {n: at for n, at in self._sent_at.items() if n > confirmed}
            self.on_confirmed()

    def answered_round(self, voter: Member) -> int:
        """The last round that a voter answered."""
        progress = self.progress.get(voter.node)
        return progress.round if progress is not None and progress.member == voter else 0

    def on_confirmed(self) -> None:
        """A majority has answered another round: this node led when it was sent."""

    # --- answers --------------------------------------------------------------------------------------------

    def heard(self, term: int, node: str, member: Member, round: int) -> Progress | None:
        """A follower answered; what is known of it, if the answer is to this term's leader."""
        self.observe(term)
        progress = self.progress.get(node)
        if self.role != "leader" or self.is_old(term) or progress is None:
            return None
        progress.heard(member, round)
        return progress

    def on_appended(self, sender: str, message: Appended) -> None:
        """A follower's log equals this one up to an index."""
        progress = self.heard(message.term, sender, message.follower, message.round)
        if progress is None:
            return
        if progress.match(message.matched):
            self.advance_commit()
        if self.role == "leader":
            self.send_entries(progress)
            self.conclude_rounds()

    def on_append_rejected(self, sender: str, message: AppendRejected) -> None:
        """A follower lacks what should come before, or is in a higher term."""
        progress = self.heard(message.term, sender, message.follower, message.round)
        if progress is None:
            return
        if self.is_news(progress, message):
            before = progress.next
            progress.probe(self.next_after(message))
            # else the follower contradicts what it acknowledged: asking again at once would go on for ever
            if progress.next < before:
                self.send_entries(progress)
        self.conclude_rounds()
        self.on_other_answer(sender)

    def is_news(self, progress: Progress, message: AppendRejected) -> bool:
        """Whether a rejection speaks of what was sent last, not of what was answered since."""
        if progress.state == "replicate":
            return message.previous > progress.matched
        return progress.state == "probe" and message.previous == progress.next - 1

    def next_after(self, message: AppendRejected) -> int:
        """The index to go on from: after the last entry of the follower's term there, else at its first
        (Raft, §5.3)."""
        conflict = message.conflict
        if conflict.epoch:
            last = self.log.last_index_of(conflict.epoch)
            if last is not None and last < message.previous:
                return last + 1
        return max(1, conflict.index)

    def on_snapshot_received(self, sender: str, message: SnapshotReceived) -> None:
        """A follower has some of its snapshot, and wants the next piece."""
        progress = self.heard(message.term, sender, message.follower, message.round)
        if progress is None:
            return
        snapshot = progress.snapshot
        if snapshot is not None and snapshot.lsn.index == message.last and progress.offset != message.offset:
            progress.offset = message.offset
            self.send_chunk(progress)
        self.conclude_rounds()
        self.on_other_answer(sender)

    def on_other_answer(self, sender: str) -> None:
        """A follower answered, and its log does not reach as far as this one yet."""

    # --- commitment -----------------------------------------------------------------------------------------

    def on_persisted(self, number: int) -> None:
        """More of the own log is durable, and perhaps the own vote."""
        if self.role == "candidate" and number >= self.own_vote:
            self.on_own_vote()
        elif self.role == "leader":
            self.advance_commit()

    def advance_commit(self) -> None:
        """Commit what a majority of the voters has on disk, if it is of the current term (Raft, §5.4.2)."""
        index = reached(self.durable_up_to(voter) for voter in self.voters)
        if index > self.committed and self.may_commit(index):
            self.learn_committed(index)
            self.on_committed()

    def durable_up_to(self, voter: Member) -> int:
        """How far a voter's log is known to equal this one durably. This node counts only where it is a
        voter."""
        if voter == self.own:
            return self.persisted
        progress = self.progress.get(voter.node)
        return progress.matched if progress is not None and progress.member == voter else 0

    def may_commit(self, index: int) -> bool:
        """Never by counting an entry of an earlier term: it could be overwritten yet (Raft, figure 8)."""
        lsn = self.log.lsn_at(index)
        return lsn is not None and lsn.epoch == self.term

    def on_committed(self) -> None:
        """More is committed."""
