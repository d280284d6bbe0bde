"""Reads: what this replica has, what a confirmed leader has, and what is fresh enough.

A leader that is asked for a linearizable read first asks the members whether its epoch is still theirs (a
*round*); a round that began after the read arrived shows that nobody else could have acknowledged a write
before the read did arrive. A follower that must know how fresh it is asks the leader for a position; the
leader runs a round and answers with what is acknowledged. The follower is then as fresh as the moment, on its
own clock, at which it asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rts.core.single_leader.messages import (
    AskPosition,
    Confirm,
    Confirmed,
    Item,
    Position,
    ReadDone,
    ReadRequest,
)
from rts.core.single_leader.promotion import Promotion
from rts.ids import Lsn, Member

FRESHNESS = "freshness"
CLOCK_MARGIN = 1000
"""A clock is trusted to be off by less than one part in so many: bounds are kept that much tighter."""


class Round:
    """A question to the members, and what to do when enough of them said yes."""

    __slots__ = ("actions", "by")

    def __init__(self, actions: list[tuple[Callable[[], None], Callable[[], None]]]) -> None:
        self.actions = actions
        self.by: set[Member] = set()


class FreshRead:
    """A read that waits until this replica can show that it is fresh enough."""

    __slots__ = ("client", "deadline", "request", "round")

    def __init__(self, client: str, request: ReadRequest, round: int, deadline: int) -> None:
        self.client = client
        self.request = request
        self.round = round
        self.deadline = deadline


class Reading(Promotion):
    """Reads, by every replica."""

    handlers = Promotion.handlers | {
        ReadRequest: "on_read",
        Confirmed: "on_confirmed",
        AskPosition: "on_ask_position",
        Position: "on_position",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.behind: list[tuple[str, ReadRequest]] = []
        # as a leader
        self.round = 0
        self.rounds: dict[int, Round] = {}
        self.queued: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self.confirmed_reads: list[tuple[Callable[[], None], Callable[[], None]]] = []
        # as a follower
        self.asked = 0
        self.asked_at: dict[int, int] = {}
        self.answers: dict[int, Lsn] = {}
        self.fresh_since: int | None = None
        self.fresh_reads: list[FreshRead] = []

    def on_read(self, sender: str, message: ReadRequest) -> None:
        """A client's read, or one that a follower forwards."""
        client = message.client or sender
        if message.consistency == "leader" or (message.consistency == "fresh" and self.role == "leader"):
            self.read_as_leader(client, message)
        elif message.consistency == "fresh":
            self.read_fresh(client, message)
        else:
            self.read_locally(client, message)

    def answer_read(self, client: str, message: ReadRequest) -> None:
        """Answer from what is visible here."""
        if message.prefix is None:
            keys = message.keys
        else:
            keys = tuple(sorted(key for key in self.values if key.startswith(message.prefix)))
        items = tuple(self.item(key) for key in keys)
        leads = self.role == "leader"
        self.reply(client, ReadDone(message.request, self.epoch, items, self.position, leads))

    def item(self, key: str) -> Item:
        """A key's visible value."""
        value, version = self.values.get(key, (None, None))
        return Item(key, value, version)

    # --- local reads, with or without a session token -------------------------------------------------------

    def read_locally(self, client: str, message: ReadRequest) -> None:
        """Answer if this replica has reached the session's position; else refuse, wait or forward."""
        if message.at_least is None or self.position >= message.at_least:
            self.answer_read(client, message)
        elif message.behind == "wait":
            self.note("read waits for a position")
            self.behind.append((client, message))
        elif message.behind == "forward" and self.leader is not None and self.leader != self.node:
            self.note("read forwarded")
            forwarded = ReadRequest(
                message.request,
                message.keys,
                message.prefix,
                "local",
                message.at_least,
                "wait",
                client=client,
            )
            self.send(self.leader, forwarded)
        else:
            self.refuse(client, message.request, "behind")

    def on_applied(self) -> None:
        """More is visible: answer the reads that waited for it."""
        if self.behind:
            waiting, self.behind = self.behind, []
            for client, message in waiting:
                self.read_locally(client, message)
        if self.confirmed_reads and self.committed >= self.barrier:
            ready, self.confirmed_reads = self.confirmed_reads, []
            for done, _ in ready:
                done()
        if self.answers:
            self.become_fresh()
        self.compact()

    # --- leader reads ---------------------------------------------------------------------------------------

    def read_as_leader(self, client: str, message: ReadRequest) -> None:
        """Answer once the members confirm that this node still leads."""
        if self.role != "leader":
            self.refuse(client, message.request, "not-leader")
            return
        self.when_confirmed(
            lambda: self.answer_read(client, message),
            lambda: self.refuse(client, message.request, "not-leader"),
        )

    def when_confirmed(self, done: Callable[[], None], refused: Callable[[], None]) -> None:
        """Do `done` when a round that starts now or later has succeeded, `refused` when the node is
        deposed."""
        self.queued.append((done, refused))
        if self.settings.confirm == "each" or not self.rounds:
            self.start_round()

    def start_round(self) -> None:
        """Ask the members for all that is queued."""
        self.round += 1
        self.rounds[self.round] = Round(self.queued)
        self.queued = []
        self.ask_members()
        self.conclude_rounds()

    def ask_members(self) -> None:
        """Send the newest question: an answer to it answers the older ones too."""
        others = {member.node for members in self.configurations() for member in members} - {self.node}
        for node in sorted(others):
            self.send(node, Confirm(self.epoch, self.round, self.committed))

    def on_confirmed(self, sender: str, message: Confirmed) -> None:
        """A member says that this epoch is still its own."""
        if self.role == "leader" and message.epoch == self.epoch:
            member = Member(sender, message.disk)
            for number, round in self.rounds.items():
                if number <= message.round:
                    round.by.add(member)
            self.conclude_rounds()

    def conclude_rounds(self) -> None:
        """Do what waited for the rounds that have succeeded, and ask for what was queued meanwhile."""
        for number in list(self.rounds):
            by = self.rounds[number].by
            if all(self.policy.confirmed(members, self.own, by) for members in self.configurations()):
                actions = self.rounds.pop(number).actions
                if self.committed >= self.barrier:
                    for done, _ in actions:
                        done()
                else:
                    self.confirmed_reads.extend(actions)
        if self.queued and not self.rounds:
            self.start_round()

    def step_down(self) -> None:
        """See `Leading`; reads that waited for confirmation are refused."""
        actions = [
            *self.confirmed_reads,
            *(action for round in self.rounds.values() for action in round.actions),
        ]
        actions += self.queued
        self.rounds, self.queued, self.confirmed_reads = {}, [], []
        super().step_down()
        for _, refused in actions:
            refused()

    # --- freshness ------------------------------------------------------------------------------------------

    def on_ask_position(self, sender: str, message: AskPosition) -> None:
        """A follower asks which position is acknowledged by now."""
        if self.role == "leader" and message.epoch == self.epoch:
            self.when_confirmed(lambda: self.send_position(sender, message.round), lambda: None)
        elif self.is_old(message.epoch):
            self.fence(sender)

    def send_position(self, to: str, round: int) -> None:
        """Answer a follower's question."""
        self.send(to, Position(self.epoch, round, self.position))

    def ask_position(self) -> int:
        """Ask the leader; the number of the question."""
        self.asked += 1
        if self.leader is not None and self.leader != self.node:
            self.asked_at[self.asked] = self.now
            self.send(self.leader, AskPosition(self.epoch, self.asked))
        return self.asked

    def on_position(self, sender: str, message: Position) -> None:
        """The leader answers: having reached its position, this replica is as fresh as when it asked."""
        if message.epoch == self.epoch and message.round in self.asked_at:
            self.answers[message.round] = message.committed
            self.become_fresh()

    def become_fresh(self) -> None:
        """Take note of the answers whose position is reached, and answer the reads that waited for that."""
        for round in sorted(self.answers):
            if self.position >= self.answers[round]:
                asked_at = self.asked_at.pop(round, None)
                if asked_at is not None and (self.fresh_since is None or asked_at > self.fresh_since):
                    self.fresh_since = asked_at
        still = []
        for read in self.fresh_reads:
            if self.is_fresh(read):
                self.answer_read(read.client, read.request)
            else:
                still.append(read)
        self.fresh_reads = still
        lowest = min((read.round for read in still), default=self.asked + 1)
        self.answers = {n: lsn for n, lsn in self.answers.items() if n >= lowest or n in self.asked_at}

    def is_fresh(self, read: FreshRead) -> bool:
        """Whether this replica is within the read's bound."""
        if read.request.bound_entries:
            # a position asked for after the read began: that of the read's own question, or of a later one
            known = [lsn for n, lsn in self.answers.items() if n >= read.round]
            return bool(known) and self.applied >= min(known).index - read.request.bound_entries
        bound = read.request.bound_ns - read.request.bound_ns // CLOCK_MARGIN
        return self.fresh_since is not None and self.now - self.fresh_since <= bound

    def read_fresh(self, client: str, message: ReadRequest) -> None:
        """Answer if fresh enough; else ask the leader and wait a little, then refuse: the replica leaves the
        pool."""
        read = FreshRead(client, message, self.asked + 1, self.now + self.settings.attempt_ns // 2)
        if not message.bound_entries and self.is_fresh(read):
            self.answer_read(client, message)
            return
        self.ask_position()
        if not self.fresh_reads:
            self.set_timer(FRESHNESS, self.settings.attempt_ns // 2)
        self.fresh_reads.append(read)

    def give_up_fresh_reads(self) -> None:
        """Refuse the reads that waited long enough."""
        still = []
        for read in self.fresh_reads:
            if self.now >= read.deadline:
                self.note("replica over the bound")
                self.refuse(read.client, read.request.request, "not-fresh")
            else:
                still.append(read)
        self.fresh_reads = still
        if still:
            self.set_timer(FRESHNESS, max(1, still[0].deadline - self.now))
        self.asked_at = {
            n: at for n, at in self.asked_at.items() if self.now - at <= 10 * self.settings.attempt_ns
        }
