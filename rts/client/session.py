"""A client session: one operation at a time, routed by its read mode, with time-outs and session tokens.
Sans-IO, like a core.

What the client hears decides what it records: an answer is `ok`, a refusal `fail`, silence `info`. A write is
sent again only after it was refused, which is certain; a read may always be sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rts.client.modes import ROUTES, Route, SessionRoute
from rts.client.requests import Done, Outcome, Request
from rts.client.state import SessionState
from rts.client.tokens import FOR_WRITES, Tokens
from rts.core.effects import CancelTimer, Effect, Note, Send, SetTimer
from rts.core.events import Event, Received, TimerFired
from rts.core.single_leader.messages import (
    ReadDone,
    Refusal,
    Repoint,
    Unknown,
    WriteDone,
    WriteRequest,
)
from rts.core.single_leader.settings import Settings
from rts.ids import Lsn

TIMEOUT = "timeout"
ATTEMPT = "attempt"


class ClientSession(SessionState):
    """One session of one client."""

    def __init__(
        self, name: str, nodes: Sequence[str], *, leader: str, epoch: int, settings: Settings, tokens: Tokens
    ) -> None:
        super().__init__(name, nodes, leader=leader, epoch=epoch, settings=settings, tokens=tokens)
        self.first_number = 0
        self.request: Request | None = None
        self.route: Route | None = None
        self.attempts = 0
        self.target = ""

    # --- events ---------------------------------------------------------------------------------------------

    def begin(self, request: Request, now: int) -> list[Effect | Done]:
        """Start an operation; the one before it must have ended."""
        self.now = now
        self.effects = []
        self.request = request
        self.attempts = 0
        self.first_number = self.number + 1
        self.effects.append(SetTimer(TIMEOUT, self.settings.timeout_ns))
        if request.operation == "read":
            self.route = self.route_for(request)
            self.try_read()
        else:
            self.route = None
            self.try_write()
        return self.effects

    def give_up(self, now: int) -> list[Effect | Done]:
        """The caller no longer waits."""
        self.now = now
        self.effects = []
        self.finish(Outcome(status="info", error="cancelled"))
        return self.effects

    def route_for(self, request: Request) -> Route:
        """Where a read goes: by the guarantees that it names, else by its mode."""
        return (SessionRoute if request.needs else ROUTES[request.mode])(self, request)

    def step(self, event: Event, now: int, wall: int) -> list[Effect | Done]:
        """Take in a message or a time-out."""
        self.now = now
        self.effects = []
        if type(event) is Received:
            self.on_message(event.sender, event.message)
        elif type(event) is TimerFired and self.request is not None:
            if event.name == TIMEOUT:
                self.finish(Outcome(status="info", error="timed out"))
            elif event.name == ATTEMPT and self.route is not None:
                self.route.on_silence(self.target)
                self.try_read()
        return self.effects

    def on_message(self, sender: str, message: Any) -> None:
        """An answer, or the operator's word that another node leads."""
        kind = type(message)
        if kind is Repoint:
            if message.epoch > self.epoch:
                self.repoint(message.epoch, message.leader)
            return
        if self.request is None or message.request < self.first_number:
            return  # an answer to an operation that was given up
        if kind is ReadDone:
            self.learn_position(sender, message.position)
            self.on_read_done(sender, message)
        elif kind is WriteDone:
            self.on_write_done(sender, message)
        elif kind is Refusal:
            self.learn_position(sender, message.position)
            if message.request == self.number:
                self.on_refusal(sender, message)
        elif kind is Unknown:
            self.finish(Outcome(status="info", error="the leader was deposed or gave up", node=sender))

    # --- attempts -------------------------------------------------------------------------------------------

    def try_write(self) -> None:
        """Send the write to the leader that the client knows of."""
        request = self.request
        assert request is not None
        needed = tuple(name for name in request.needs if name in FOR_WRITES)
        self.number += 1
        self.attempts += 1
        message = WriteRequest(
            self.epoch,
            self.number,
            request.operation,  # type: ignore[arg-type]  # a read never comes here
            request.keys[0],
            request.value,
            request.expected,
            self.tokens.required(self.name, needed),
        )
        self.target = self.leader
        self.effects.append(Send(self.leader, message))

    def try_read(self) -> None:
        """Send the read where its route points next."""
        route = self.route
        assert route is not None
        self.attempts += 1
        step = route.next() if self.attempts <= 2 * len(self.nodes) else None
        if step is None:
            self.finish(Outcome(status="fail", error=route.exhausted))
            return
        target, read = step
        self.number += 1
        self.target = target
        self.effects.append(Send(target, read))
        if route.retries:
            self.effects.append(SetTimer(ATTEMPT, self.settings.attempt_ns))

    def on_refusal(self, sender: str, message: Refusal) -> None:
        """Certainly not done: learn why, and try elsewhere."""
        if message.reason == "not-leader":
            self.look_for_leader(sender, message)
        if self.route is not None:
            self.route.on_refusal(sender, message.reason)
            self.try_read()
        elif message.reason == "compare-failed":
            self.finish(Outcome(status="fail", error="another value than expected", node=sender))
        elif self.attempts <= len(self.nodes):
            self.try_write()
        else:
            self.finish(Outcome(status="fail", error="no node leads", node=sender))

    def look_for_leader(self, sender: str, message: Refusal) -> None:
        """Follow a refusal's hint, or ask the next node."""
        if message.epoch > self.epoch:
            self.repoint(message.epoch, message.leader or self.after(sender))
        elif message.leader is not None and message.epoch == self.epoch:
            self.leader = message.leader
        elif sender == self.leader:
            self.leader = self.after(sender)

    def after(self, node: str) -> str:
        """The node after `node` in the list."""
        return self.nodes[(self.nodes.index(node) + 1) % len(self.nodes)]

    # --- answers --------------------------------------------------------------------------------------------

    def on_read_done(self, sender: str, message: ReadDone) -> None:
        """A read is answered."""
        items = tuple((item.key, item.value, item.version) for item in message.items)
        self.advance_read_token(message.position)
        self.finish(
            Outcome(status="ok", items=items, position=message.position, node=sender, leads=message.leads)
        )

    def on_write_done(self, sender: str, message: WriteDone) -> None:
        """A write is acknowledged."""
        self.advance_write_token(message.position)
        if self.request is not None and self.request.operation == "cas":
            self.advance_read_token(message.position)  # it read what it expected
        self.wrote_at = self.now
        self.newest = max(self.newest, message.position)
        self.finish(Outcome(status="ok", position=message.position, node=sender, leads=True))

    def advance_write_token(self, position: Lsn) -> None:
        """The session wrote at `position`."""
        self.tokens.wrote(self.name, position)

    def advance_read_token(self, position: Lsn) -> None:
        """The session saw the state as of `position`."""
        self.tokens.saw(self.name, position)

    def learn_position(self, node: str, position: Lsn) -> None:
        """Remember how far a replica was, and when."""
        self.positions[node] = (position, self.now)
        self.newest = max(self.newest, position)

    def repoint(self, epoch: int, leader: str) -> None:
        """Another node leads now: what was known of positions is of the old epoch; tokens stay good."""
        self.epoch = epoch
        self.leader = leader
        self.forget_positions()
        if self.required(FOR_WRITES) is not None:
            self.effects.append(Note("token carried across promotion"))

    def forget_positions(self) -> None:
        """What was known of replicas' positions counts no more."""
        self.positions = {}

    def finish(self, outcome: Outcome) -> None:
        """End the operation."""
        self.request = None
        self.route = None
        self.effects.append(CancelTimer(TIMEOUT))
        self.effects.append(CancelTimer(ATTEMPT))
        self.effects.append(Done(outcome))
