"""The replicated state: a state machine, and a table of client sessions so that each command is done once.

The table is a part of the state: it is changed by the log alone and is in every snapshot (thesis, §6.3).
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import msgspec

from rts.core.raft.log import Apply
from rts.ids import Lsn


class StateMachine(Protocol):
    """What is replicated. It must be deterministic: the same commands in the same order, the same state."""

    def apply(self, position: Lsn, command: Any) -> Any:
        """Do a committed command, once and in the order of the log; what it returns goes to the client."""

    def query(self, query: Any) -> Any:
        """Answer a read, changing nothing."""

    def snapshot(self) -> bytes:
        """The whole state."""

    def restore(self, data: bytes) -> None:
        """Take the state that `snapshot` gave in place of this one; no bytes are the first state."""


class Result(NamedTuple):
    """What a command gave, and where in the log it was done."""

    position: Lsn
    value: Any


class Session:
    """One client's: results by request, of those that the client may still ask for again."""

    __slots__ = ("answered", "results")

    def __init__(self, answered: int = 0, results: dict[int, Result] | None = None) -> None:
        self.answered = answered
        self.results = results or {}

    def forget_below(self, request: int) -> None:
        """The client has the answers to all requests below this one."""
        if request <= self.answered:
            return
        results = self.results
        if request - self.answered <= len(results):
            for number in range(self.answered, request):
                results.pop(number, None)
        else:
            self.results = {number: result for number, result in results.items() if number >= request}
        self.answered = request


_Saved = tuple[dict[str, tuple[int, dict[int, Result]]], bytes]
_DECODER = msgspec.msgpack.Decoder(_Saved)


class Replicated:
    """A state machine behind its session table."""

    def __init__(self, machine: StateMachine) -> None:
        self.machine = machine
        self.sessions: dict[str, Session] = {}

    def done(self, client: str, request: int) -> Result | None:
        """What the request gave, if it was done and its answer may still be asked for."""
        session = self.sessions.get(client)
        return session.results.get(request) if session is not None else None

    def is_answered(self, client: str, request: int) -> bool:
        """Whether the client has said that it has the answer: what asks again is a late duplicate."""
        session = self.sessions.get(client)
        return session is not None and request < session.answered

    def apply(self, position: Lsn, entry: Apply) -> Result | None:
        """Do a command, unless it was done before; `None` where its answer was given long ago."""
        session = self.sessions.get(entry.client)
        if session is None:
            session = self.sessions[entry.client] = Session()
        if entry.request < session.answered:
            return None
        session.forget_below(entry.answered)
        known = session.results.get(entry.request)
        if known is None:
            known = Result(position, self.machine.apply(position, entry.command))
            session.results[entry.request] = known
        return known

    def snapshot(self) -> bytes:
        """Sessions and state as bytes; equal states give equal bytes."""
        sessions = {
            name: (session.answered, dict(sorted(session.results.items())))
            for name, session in sorted(self.sessions.items())
        }
        return msgspec.msgpack.encode((sessions, self.machine.snapshot()))

    def restore(self, data: bytes) -> None:
        """Take a snapshot's sessions and state in place of these."""
        sessions, state = _DECODER.decode(data) if data else ({}, b"")
        self.sessions = {name: Session(answered, results) for name, (answered, results) in sessions.items()}
        self.machine.restore(state)
