"""A client session of a Raft cluster: one operation at a time, sent until it is answered. Sans-IO, like a
core.

A command keeps its number however often it is sent and to whomever, and is done once (thesis, §6.3). What was
sent and not answered may be done yet, even where every node that was asked refused: a copy of the message may
reach one that leads by then. So a write ends as `ok`, as `fail` where a compare-and-set found another value,
or as `info`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rts.client.requests import Done, Outcome, Request
from rts.core.effects import CancelTimer, Effect, Note, Send, SetTimer
from rts.core.events import Event, Received, TimerFired
from rts.core.raft.messages import Answered, Query, ReadMode, Refused, Submit, Submitted, Unknown
from rts.core.raft.settings import Settings

TIMEOUT = "timeout"
ATTEMPT = "attempt"

MODES: dict[str, ReadMode] = {
    "leader": "leader",
    "lease": "lease",
    "read-index": "read-index",
    "follower": "local",
    "replica": "local",
}
"""Read mode of a schedule → how the node that is asked answers.

`leader` and `lease` ask the leader, `read-index` any node, `follower` the one node that the session stays
with, `replica` the node that the request names."""


class RaftSession:
    """One session of one client. `name` is its address, `nodes` those that it may ask, `leader` a first
    guess."""

    def __init__(self, name: str, nodes: Sequence[str], *, leader: str, settings: Settings) -> None:
        self.name = name
        self.nodes = tuple(nodes)
        self.settings = settings
        self.leader = leader
        self.pinned: str | None = None
        self.number = 0
        self.request: Request | None = None
        self.target = ""
        self.hops = 0
        self.turn = 0
        self.effects: list[Effect | Done] = []

    # --- events ---------------------------------------------------------------------------------------------

    def begin(self, request: Request, now: int) -> list[Effect | Done]:
        """Start an operation; the one before it must have ended."""
        self.effects = [SetTimer(TIMEOUT, self.settings.timeout_ns)]
        self.number += 1
        self.request = request
        self.hops = 0
        self.target = self.first_target(request)
        self.ask()
        return self.effects

    def give_up(self, now: int) -> list[Effect | Done]:
        """The caller no longer waits."""
        self.effects = []
        self.finish(Outcome(status="info", error="cancelled"))
        return self.effects

    def step(self, event: Event, now: int, wall: int) -> list[Effect | Done]:
        """Take in a message or a time-out."""
        self.effects = []
        if self.request is None:
            return self.effects
        if type(event) is Received:
            self.on_message(event.sender, event.message)
        elif type(event) is TimerFired and event.name == TIMEOUT:
            self.finish(Outcome(status="info", error="timed out"))
        elif type(event) is TimerFired:
            self.on_silence()
        return self.effects

    # --- whom to ask ----------------------------------------------------------------------------------------

    def first_target(self, request: Request) -> str:
        """The node that an operation is sent to first."""
        drawn = self.nodes[request.replica % len(self.nodes)]
        if request.operation != "read" or request.mode in ("leader", "lease"):
            return self.leader
        if request.mode == "follower":
            if self.pinned is None:
                self.pinned = drawn
            return self.pinned
        return drawn

    def may_ask_others(self) -> bool:
        """Whether another node may answer in the target's place."""
        request = self.request
        return request is not None and not (
            request.operation == "read" and request.mode in ("follower", "replica")
        )

    def ask(self) -> None:
        """Send the operation to the target, and wait for an answer for a while."""
        request = self.request
        assert request is not None
        if request.operation == "read":
            message: Submit | Query = Query(self.number, request.keys[0], MODES[request.mode])
        else:
            message = Submit(self.name, self.number, self.number, command_of(request))
        self.effects.append(Send(self.target, message))
        self.effects.append(SetTimer(ATTEMPT, self.settings.attempt_ns))

    def on_silence(self) -> None:
        """Nobody answered in time, or it is time to ask again: each node in its turn, whatever the others
        believed of the leader."""
        self.hops = 0
        if self.may_ask_others():
            self.turn += 1
            self.target = self.nodes[self.turn % len(self.nodes)]
        self.ask()

    # --- answers --------------------------------------------------------------------------------------------

    def on_message(self, sender: str, message: Any) -> None:
        """An answer; one to an earlier operation says nothing."""
        if message.request != self.number:
            return
        match message:
            case Submitted():
                self.on_submitted(sender, message)
            case Answered():
                self.on_answered(sender, message)
            case Refused():
                self.on_refused(sender, message)
            case Unknown():
                self.effects.append(Note("asked again after a change of leader"))
                self.pause()

    def on_submitted(self, sender: str, message: Submitted) -> None:
        """A command was done."""
        self.leader = sender
        if message.result:
            self.finish(Outcome(status="ok", position=message.position, node=sender, leads=True))
        else:
            self.finish(Outcome(status="fail", error="another value than expected", node=sender))

    def on_answered(self, sender: str, message: Answered) -> None:
        """A read is answered."""
        if message.leads:
            self.leader = sender
        request = self.request
        assert request is not None
        value, version = message.result
        self.finish(
            Outcome(
                status="ok",
                items=((request.keys[0], value, version),),
                position=message.position,
                node=sender,
                leads=message.leads,
            )
        )

    def on_refused(self, sender: str, message: Refused) -> None:
        """Ask the leader that the refusal names, else another node, or the same again, in a moment."""
        known = message.leader
        if self.may_ask_others() and known in self.nodes and known != sender and self.hops < len(self.nodes):
            self.hops += 1
            self.leader = self.target = known
            self.ask()
        else:
            self.pause()

    def pause(self) -> None:
        """Ask again in a moment: an election takes a while."""
        self.effects.append(SetTimer(ATTEMPT, self.settings.heartbeat_ns))

    def finish(self, outcome: Outcome) -> None:
        """End the operation."""
        self.request = None
        self.effects.append(CancelTimer(TIMEOUT))
        self.effects.append(CancelTimer(ATTEMPT))
        self.effects.append(Done(outcome))


def command_of(request: Request) -> tuple[Any, ...]:
    """A request as a command of `rts.core.keyvalue.KeyValue`."""
    key = request.keys[0]
    match request.operation:
        case "cas":
            return ("cas", key, request.expected, request.value)
        case "delete":
            return ("delete", key)
        case _:
            return ("write", key, request.value)
