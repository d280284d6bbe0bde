"""A leader's duty: put writes into one order, replicate them, and acknowledge what the policy says is
safe."""

from __future__ import annotations

from typing import Any

from rts.core.single_leader.base import ReplicaBase
from rts.core.single_leader.log import ChangeMembers, Command, Entry, Put, StartEpoch
from rts.core.single_leader.messages import (
    Append,
    Appended,
    AppendRejected,
    InstallSnapshot,
    Refusal,
    Unknown,
    WriteDone,
    WriteRequest,
)
from rts.errors import InvariantBroken
from rts.ids import Lsn, Member

HEARTBEAT = "heartbeat"


class Progress:
    """What a leader knows of one follower: its log equals the leader's up to `matched`; `next` is sent
    next."""

    __slots__ = ("matched", "member", "next")

    def __init__(self, node: str, next_index: int) -> None:
        self.member = Member(node, 0)
        self.next = next_index
        self.matched = 0

    def on_disk(self, disk: int) -> None:
        """The follower answers from this disk: of another one nothing is known."""
        if disk != self.member.disk:
            self.member = Member(self.member.node, disk)
            self.matched = 0


class Waiting:
    """A write that was appended and not yet acknowledged."""

    __slots__ = ("client", "deadline", "request")

    def __init__(self, client: str, request: int, deadline: int) -> None:
        self.client = client
        self.request = request
        self.deadline = deadline


class Leading(ReplicaBase):
    """Writes, and replication as seen by the one who sends."""

    handlers = ReplicaBase.handlers | {
        WriteRequest: "on_write",
        Appended: "on_appended",
        AppendRejected: "on_append_rejected",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.progress: dict[str, Progress] = {}
        self.waiting: dict[int, Waiting] = {}
        self.barrier = 0
        self.latest: dict[str, Any] = {}
        self.seen: dict[str, int] = {}

    # --- becoming leader ------------------------------------------------------------------------------------

    def start_epoch(self, members: tuple[Member, ...], *, forced: bool) -> None:
        """Lead the epoch that this node has promised itself to; its first entry is a no-op that names the
        members."""
        self.take_the_lead()
        self.append_command(StartEpoch(self.node, members, forced))
        self.barrier = self.log.last_index
        self.replicate()

    def take_the_lead(self) -> None:
        """Be leader of the current epoch.

        Nothing is answered before all that this log held at the start (the barrier) is acknowledged.
        """
        self.role = "leader"
        self.leader = self.node
        self.barrier = self.log.last_index
        self.progress = {peer: Progress(peer, self.log.last_index + 1) for peer in self.peers}
        self.waiting = {}
        self.latest = {key: value for key, (value, _) in self.values.items()}
        self.seen = {client: request for client, (request, _) in self.requests.items()}
        for entry in self.log.after(self.applied):
            if isinstance(entry.command, Put):
                self.latest[entry.command.key] = entry.command.value
                self.seen[entry.command.client] = entry.command.request
        self.note("leads", self.epoch)
        self.set_timer(HEARTBEAT, self.settings.heartbeat_ns)

    def step_down(self) -> None:
        """A higher epoch exists: nothing more is promised to the writes that wait."""
        if self.role == "leader":
            self.note("leader deposed", self.epoch)
            self.cancel_timer(HEARTBEAT)
            for waiting in self.waiting.values():
                self.reply(waiting.client, Unknown(waiting.request, self.epoch))
            self.waiting = {}
        self.role = "follower"
        self.leader = None

    # --- writes ---------------------------------------------------------------------------------------------

    def on_write(self, client: str, message: WriteRequest) -> None:
        """Append a client's write, once."""
        if self.role == "candidate":
            return  # neither refused (it may lead in a moment) nor taken: the client's time-out says so
        if self.role != "leader" or message.epoch != self.epoch or self.lacks(message.at_least):
            self.refuse(client, message.request, "not-leader")
            return
        seen = self.seen.get(client, 0)
        if message.request <= seen:
            self.on_duplicate(client, message.request)
            return
        self.seen[client] = message.request
        if message.operation == "cas" and self.latest.get(message.key) != message.expected:
            self.refuse(client, message.request, "compare-failed")
            return
        value = None if message.operation == "delete" else message.value
        self.latest[message.key] = value
        self.append_command(Put(message.key, value, client, message.request))
        self.waiting[self.log.last_index] = Waiting(
            client, message.request, self.now + self.settings.wait_timeout_ns
        )
        self.replicate()
        self.advance()

    def lacks(self, position: Lsn | None) -> bool:
        """Whether an entry that a client depends on is not in this log."""
        return position is not None and position > self.log.last

    def on_duplicate(self, client: str, request: int) -> None:
        """A request that came before: answered again if it is the client's last and acknowledged, else left
        alone."""
        self.note("duplicate request")
        last = self.requests.get(client)
        if last is not None and last[0] == request:
            self.reply(client, WriteDone(request, self.epoch, last[1]))

    def refuse(self, client: str, request: int, reason: Any) -> None:
        """Tell a client that its request was certainly not done."""
        self.reply(client, Refusal(request, reason, self.epoch, self.leader, self.position))

    def append_command(self, command: Command) -> None:
        """Append to the own log."""
        index = self.log.last_index
        self.append(index, (Entry(self.next_position(), command),))

    def next_position(self) -> Lsn:
        """The position of the next entry."""
        return Lsn(self.epoch, self.log.last_index + 1)

    # --- replication ----------------------------------------------------------------------------------------

    def replicate(self) -> None:
        """Send every follower what it was not sent yet."""
        for peer in self.peers:
            progress = self.progress[peer]
            if progress.next <= self.log.last_index:
                self.send_entries(peer, progress)

    def send_entries(self, peer: str, progress: Progress) -> None:
        """Send what follows on the last entry that the follower should have, or the snapshot it was compacted
        into."""
        previous = self.log.lsn_at(progress.next - 1)
        if previous is None:
            self.send(peer, InstallSnapshot(self.epoch, self.log.snapshot, self.committed))
            progress.next = self.log.base + 1
            previous = self.log.snapshot.lsn
        entries = self.log.after(previous.index)
        self.send(
            peer, Append(self.epoch, previous, entries, self.committed, not entries, self.newest_forced)
        )
        progress.next = self.log.last_index + 1

    def on_appended(self, sender: str, message: Appended) -> None:
        """A follower has more on its disk."""
        if self.role != "leader" or message.epoch != self.epoch:
            return
        progress = self.progress[sender]
        progress.on_disk(message.disk)
        if message.index > progress.matched:
            progress.matched = message.index
            progress.next = max(progress.next, message.index + 1)
            self.consider_member(progress)
            self.advance()

    def on_append_rejected(self, sender: str, message: AppendRejected) -> None:
        """A follower's log does not reach so far, or differs: go back."""
        if self.role != "leader" or message.epoch != self.epoch:
            return
        progress = self.progress[sender]
        progress.on_disk(message.disk)
        progress.matched = min(progress.matched, message.hint)
        if message.hint + 1 < progress.next:
            progress.next = message.hint + 1
            self.send_entries(sender, progress)

    def on_persisted(self) -> None:
        """The leader's own disk counts too."""
        if self.role == "leader":
            self.advance()

    # --- acknowledgement ------------------------------------------------------------------------------------

    def matched(self) -> dict[Member, int]:
        """How far each follower's disk is known to agree."""
        return {progress.member: progress.matched for progress in self.progress.values()}

    def acknowledged(self) -> int:
        """The highest index that the policy calls safe."""
        matched, acknowledged = self.matched(), self.policy.acknowledged
        index = min(
            [acknowledged(members, self.own, self.persisted, matched) for members in self.configurations()]
        )
        if index < self.membership.since and not self.policy.changes_one_at_a_time():
            return 0  # the members are to know that they are, so that one of them can be promoted
        return index

    def advance(self) -> None:
        """Acknowledge what has become safe, and tell everybody at once.

        Entries of earlier epochs become safe only together with one of this epoch (Ongaro & Ousterhout,
        *Raft*, 2014, §5.4.2).
        """
        index = self.acknowledged()
        if index <= self.committed or index < self.barrier:
            return
        self.learn_committed(index)
        for peer in self.peers:
            progress = self.progress[peer]
            if progress.next > self.log.last_index:
                self.send(
                    peer, Append(self.epoch, self.log.last, (), self.committed, forced=self.newest_forced)
                )
        for index in [index for index in self.waiting if index <= self.committed]:
            self.answer_write(index, self.waiting.pop(index))

    def answer_write(self, index: int, waiting: Waiting) -> None:
        """A write is acknowledged."""
        lsn = self.log.lsn_at(index) or Lsn(self.epoch, index)
        self.reply(waiting.client, WriteDone(waiting.request, self.epoch, lsn))

    def on_heartbeat(self) -> None:
        """Show that the leader lives, and send again what was not confirmed since the last time."""
        for peer in self.peers:
            progress = self.progress[peer]
            if progress.matched < self.log.last_index:
                progress.next = progress.matched + 1 if progress.matched else progress.next
                self.send_entries(peer, progress)
            else:
                self.send(
                    peer, Append(self.epoch, self.log.last, (), self.committed, forced=self.newest_forced)
                )
                self.consider_member(progress)
        for index, waiting in list(self.waiting.items()):
            if self.now >= waiting.deadline:
                del self.waiting[index]
                self.on_wait_timeout(index, waiting)
        self.set_timer(HEARTBEAT, self.settings.heartbeat_ns)

    def on_wait_timeout(self, index: int, waiting: Waiting) -> None:
        """A write waited too long: it may still become durable, and nobody can say that it will not."""
        self.note("wait timed out")
        self.reply(waiting.client, Unknown(waiting.request, self.epoch))

    # --- members --------------------------------------------------------------------------------------------

    def consider_member(self, progress: Progress) -> None:
        """Make a caught-up node a member: the first one of an epoch that has none, or one that came back with
        another disk."""
        candidate = progress.member
        if self.policy.changes_one_at_a_time() and self.log.last_index > self.committed:
            return
        if self.policy.wants_another(self.members):
            if progress.matched >= self.barrier:
                self.change_members((*self.members, candidate))
        elif self.policy.replaces_members() and progress.matched == self.log.last_index:
            lost = next(
                (m for m in self.members if m.node == candidate.node and m.disk != candidate.disk), None
            )
            if lost is not None:
                self.change_members(tuple(candidate if member == lost else member for member in self.members))
                self.note("member readmitted", candidate.node)

    def change_members(self, members: tuple[Member, ...]) -> None:
        """From here on these members' word counts."""
        if len(set(members)) != len(members):
            raise InvariantBroken(f"{self.node} counts a member twice: {members}")
        self.append_command(ChangeMembers(members))
        self.replicate()
