"""Calls: operations of client sessions that a program waits for, and the history that they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import trio

from checker import Header, History
from rts.client.modes import BoundedRoute, LeaderRoute
from rts.client.requests import Done, Outcome, Request
from rts.client.session import ATTEMPT, ClientSession
from rts.core.effects import Effect
from rts.core.events import Event, TimerFired
from rts.core.single_leader.messages import Refusal
from rts.errors import CompareFailed, NotFresh, NotLeader, OutcomeUnknown, Refused
from rts.sim.client import SimClient
from rts.sim.recorder import Recorder
from rts.sim.virtual import Driver
from rts.telemetry.cluster import Cluster

Phase: TypeAlias = Literal["main", "final"]

REASONS: dict[str, type[Refused]] = {
    "another value than expected": CompareFailed,
    BoundedRoute.exhausted: NotFresh,
}


class Caller(ClientSession):
    """A session whose caller decides how long to wait, and, if it knows one node only, means that node."""

    leader_elsewhere: str | None = None
    """Whom the node that was asked took for the leader."""

    def step(self, event: Event, now: int, wall: int) -> list[Effect | Done]:
        """See `ClientSession`; the leader's silence counts as no attempt: it may be far away, and nobody else
        could serve.
        """
        if event == TimerFired(ATTEMPT) and self.target == self.leader:
            self.attempts -= 1
        return super().step(event, now, wall)

    def look_for_leader(self, sender: str, message: Refusal) -> None:
        """See `ClientSession`."""
        self.leader_elsewhere = message.leader
        if len(self.nodes) > 1:
            super().look_for_leader(sender, message)

    def repoint(self, epoch: int, leader: str) -> None:
        """See `ClientSession`."""
        if len(self.nodes) > 1:
            super().repoint(epoch, leader)


class Waiter:
    """One call: who makes it and in which phase, as the history has it, and what came of it."""

    __slots__ = ("event", "name", "outcome", "phase")

    def __init__(self, name: str, phase: Phase) -> None:
        self.name = name
        self.phase: Phase = phase
        self.event = trio.Event()
        self.outcome: Outcome | None = None


class Calls:
    """The calls of one cluster's clients, which are in the place of the nodes that they ask: links to them
    take no time.
    """

    def __init__(self, cluster: Cluster, driver: Driver) -> None:
        self.cluster = cluster
        self._driver = driver
        self._recorder = Recorder(cluster.pump, cluster.trace)
        self._count = 0
        self._under_way: dict[str, Waiter] = {}
        self._idle: dict[tuple[str, ...] | None, list[SimClient]] = {}

    @property
    def history(self) -> History:
        """All operations on one key so far."""
        header = Header(system="telemetry", one_log=True, real_time_writes=True)
        return History.from_operations(list(self._recorder.operations), header=header)

    async def call(
        self,
        session: str | None,
        request: Request,
        *,
        nodes: tuple[str, ...] | None = None,
        prepare: Callable[[ClientSession], None] | None = None,
        phase: Phase = "main",
    ) -> Outcome:
        """One operation by `session`, after those that it waits for already; nameless calls are a session
        each.

        `nodes`: all that it may ask. `prepare` is called with the session when the operation's turn has come.
        A call that is cancelled is recorded as `info`: it may still take effect. Raises `Refused` or
        `OutcomeUnknown`.
        """
        client, name = self._client_for(session, nodes)
        waiter = Waiter(name, phase)

        def submitted() -> Request:
            self._under_way[client.name] = waiter
            if prepare is not None:
                prepare(self.cluster.sessions[client.name])
            return request

        client.submit(submitted)
        try:
            await waiter.event.wait()
        except trio.Cancelled:
            client.give_up(submitted)
            raise
        finally:
            if session is None:
                self._idle.setdefault(nodes, []).append(client)
        assert waiter.outcome is not None
        return answer_of(waiter.outcome, self.cluster.sessions[client.name])

    def session(self, name: str) -> ClientSession:
        """The session of that name; a new one if it is the first that is heard of it. Raises `ValueError`."""
        return self.cluster.sessions[self._client(name, None).name]

    def _client_for(self, session: str | None, nodes: tuple[str, ...] | None) -> tuple[SimClient, str]:
        if session is not None:
            return self._client(session, nodes), session
        self._count += 1
        name = f"(call {self._count})"
        idle = self._idle.get(nodes)
        return idle.pop() if idle else self._client(name, nodes), name

    def _client(self, name: str, nodes: tuple[str, ...] | None) -> SimClient:
        known = self.cluster.clients.get(name)
        if known is not None:
            return known
        if name in self.cluster.network.endpoints:
            raise ValueError(f"{name!r} is a node or the operator: a session needs a name of its own")
        return self.cluster.client(name, self._begun, self._ended, nodes=nodes, local=True)

    def _begun(self, client: SimClient, request: Request) -> None:
        if is_recorded(request):
            waiter = self._under_way[client.name]
            self._recorder.begin(waiter.name, request, phase=waiter.phase)

    def _ended(self, client: SimClient, request: Request, outcome: Outcome) -> None:
        waiter = self._under_way.pop(client.name)
        if is_recorded(request):
            self._recorder.end(waiter.name, request, outcome)
        waiter.outcome = outcome
        waiter.event.set()
        self._driver.woke = True


def is_recorded(request: Request) -> bool:
    """Whether a history has a place for it: reads of several keys at once are transactions, which nothing
    judges yet.
    """
    return request.prefix is None and len(request.keys) == 1


def answer_of(outcome: Outcome, session: ClientSession) -> Outcome:
    """The outcome, if it is an answer. Raises `Refused` or `OutcomeUnknown` if not."""
    if outcome.status == "info":
        raise OutcomeUnknown(outcome.error)
    if outcome.status == "fail":
        error = outcome.error or "refused"
        if error != LeaderRoute.exhausted:
            raise REASONS.get(error, Refused)(error)
        if len(session.nodes) > 1:
            raise NotLeader(error)
        elsewhere = session.leader_elsewhere if isinstance(session, Caller) else None
        raise NotLeader(f"{session.nodes[0]} does not lead", leader=elsewhere)
    return outcome
