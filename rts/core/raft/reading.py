"""Reads: through a round of contact, by lease, through ReadIndex at a follower, or what a node has (Raft, §8;
thesis, §6.4)."""

from __future__ import annotations

from typing import Any, NamedTuple

from rts.core.raft.leading import Leading
from rts.core.raft.log import Entry, Snapshot
from rts.core.raft.machine import Result
from rts.core.raft.messages import Answered, Query, ReadIndex, ReadIndexed
from rts.core.raft.roles import Role


class Read(NamedTuple):
    """A read at the leader that waits for a round of contact: a client's query, or a follower's question."""

    round: int
    committed: int
    asker: str
    message: Query | ReadIndex


class Forwarded(NamedTuple):
    """A client's query at a follower that waits for the leader's answer; asked at `time_ns`."""

    time_ns: int
    client: str
    query: Query


class Reading(Leading):
    """Answering queries."""

    handlers = Leading.handlers | {
        Query: "on_query",
        ReadIndex: "on_read_index",
        ReadIndexed: "on_read_indexed",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.reads: list[Read] = []
        self.life = self.chance.randrange(0, 1 << 62)
        self.asked = 0
        self.forwarded: dict[tuple[int, int], Forwarded] = {}
        self.behind: list[tuple[int, str, Query]] = []
        self.replayed = False

    # --- queries --------------------------------------------------------------------------------------------

    def on_query(self, client: str, message: Query) -> None:
        """Answer a client's read in the way that it asks for."""
        if message.mode == "local":
            if self.serves_local_reads():
                self.answer(client, message)
            else:
                self.refuse(client, message.request, "replaying")
        elif self.role == "leader":
            if message.mode == "lease" and self.has_lease():
                self.answer(client, message)
            else:
                self.read_as_leader(client, message)
        elif message.mode == "read-index" and self.leader is not None:
            self.ask_leader(self.leader, client, message)
        else:
            self.refuse(client, message.request, "not-leader")

    def answer(self, client: str, message: Query) -> None:
        """Answer from the state machine as it is."""
        result = self.state.machine.query(message.query)
        self.reply(client, Answered(message.request, self.position, result, self.role == "leader"))

    # --- at the leader --------------------------------------------------------------------------------------

    def read_as_leader(self, asker: str, message: Query | ReadIndex) -> None:
        """Answer as of now, once a round that begins from now on is confirmed: this node led after the read
        was asked."""
        waits = bool(self.reads) and self.reads[-1].round > self.confirmed
        self.reads.append(Read(self.round + 1, self.committed, asker, message))
        if not waits:
            self.begin_round()

    def on_confirmed(self) -> None:
        """Answer the reads that waited for this round, or for an earlier one."""
        super().on_confirmed()
        if not self.may_answer_reads():
            return
        ready = [read for read in self.reads if read.round <= self.confirmed]
        self.reads = [read for read in self.reads if read.round > self.confirmed]
        for read in ready:
            self.answer_confirmed(read)
        if self.reads and self.reads[0].round > self.round:
            self.begin_round()

    def may_answer_reads(self) -> bool:
        """Not before an entry of this term is committed: until then this node may not know of all that is
        (thesis, §6.4, step 1)."""
        return self.is_settled_in_term()

    def answer_confirmed(self, read: Read) -> None:
        """This node led when the read was asked: what was committed then is all that it must see."""
        if isinstance(read.message, Query):
            self.answer(read.asker, read.message)
        else:
            index = max(read.committed, self.committed)
            self.tell_committed(read.asker)
            self.send(read.asker, ReadIndexed(read.message.number, index), before_persist=True)

    def tell_committed(self, node: str) -> None:
        """Let a follower know what is committed without waiting for the next heartbeat."""
        progress = self.progress.get(node)
        if progress is not None and progress.state == "replicate" and not self.needs_snapshot(progress):
            self.send_append(node, progress.next - 1)

    def on_committed(self) -> None:
        """The first commit of a term lets the reads through that came before it."""
        super().on_committed()
        if self.reads and self.role == "leader":
            self.on_confirmed()

    def has_lease(self) -> bool:
        """Whether no other leader can have been elected yet: a majority promised a time-out's patience when
        it answered the last round (thesis, §6.4.1). It rests on monotonic clocks and their bounded drift."""
        return self.is_settled_in_term() and self.now < self.contact + self.settings.lease_ns

    def on_role_left(self, role: Role) -> None:
        """A leader that was answers no read: it may have been deposed before the read was asked."""
        super().on_role_left(role)
        if role == "leader":
            self.drop_reads()

    def drop_reads(self) -> None:
        """Refuse the reads that wait."""
        reads, self.reads = self.reads, []
        for read in reads:
            if isinstance(read.message, Query):
                self.refuse(read.asker, read.message.request, "not-leader")
            else:
                self.send(read.asker, ReadIndexed(read.message.number, None))

    def on_read_index(self, sender: str, message: ReadIndex) -> None:
        """A follower asks how far it must have applied."""
        if self.role == "leader":
            self.read_as_leader(sender, message)
        else:
            self.send(sender, ReadIndexed(message.number, None))

    # --- at a follower --------------------------------------------------------------------------------------

    def ask_leader(self, leader: str, client: str, message: Query) -> None:
        """Ask the leader for the index that a read must see. The number is of this life alone: an answer to
        an earlier one says nothing."""
        self.forget_given_up()
        self.asked += 1
        number = (self.life, self.asked)
        self.forwarded[number] = Forwarded(self.now, client, message)
        self.send(leader, ReadIndex(number))

    def forget_given_up(self) -> None:
        """Answers get lost: what was asked so long ago that its client has given up is not kept."""
        given_up = self.now - self.settings.timeout_ns
        while self.forwarded and next(iter(self.forwarded.values())).time_ns <= given_up:
            del self.forwarded[next(iter(self.forwarded))]

    def on_read_indexed(self, sender: str, message: ReadIndexed) -> None:
        """The leader has answered."""
        waiting = self.forwarded.pop(message.number, None)
        if waiting is None:
            return
        _, client, query = waiting
        if message.index is None:
            self.refuse(client, query.request, "not-leader")
        elif self.applied >= message.index:
            self.answer(client, query)
        else:
            self.behind.append((message.index, client, query))

    def on_applied(self, entry: Entry, result: Result | None) -> None:
        """Answer the reads that waited for this entry."""
        super().on_applied(entry, result)
        if self.behind:
            self.answer_those_behind()

    def install(self, snapshot: Snapshot) -> None:
        """See `Following`. A snapshot may reach as far as reads wait for."""
        super().install(snapshot)
        self.answer_those_behind()

    def answer_those_behind(self) -> None:
        """Answer the reads whose index is reached."""
        ready = [item for item in self.behind if item[0] <= self.applied]
        self.behind = [item for item in self.behind if item[0] > self.applied]
        for _, client, query in ready:
            self.answer(client, query)

    def serves_local_reads(self) -> bool:
        """Not before all is applied again that an earlier life may have shown: that is, all that the leader
        of the term had committed, and an entry of its own term among it."""
        if not self.replayed:
            heard = self.role == "leader" or self.leader is not None
            reached = self.role == "leader" or 0 < self.leader_committed <= self.applied
            self.replayed = heard and reached and self.is_settled_in_term()
        return self.replayed
