"""The read modes: where a read goes, and where next when it was refused or not answered.

A route lives as long as one read. `next()` gives the replica to ask and the request to send, or `None` when
nobody is left.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from rts.client.requests import Request
from rts.client.state import SessionState
from rts.client.tokens import FOR_READS
from rts.core.effects import Note
from rts.core.single_leader.messages import ReadRequest
from rts.schedule import SECOND

Step = tuple[str, ReadRequest]

KNOWLEDGE_NS = SECOND
"""How long a client trusts what it heard of a replica's position (best-effort-fresh)."""


class Route(ABC):
    """The base of all modes: one replica, asked once. `retries`: whether silence makes the read try
    elsewhere."""

    retries: ClassVar[bool] = True
    exhausted: ClassVar[str] = "no replica serves the read"

    def __init__(self, session: SessionState, request: Request) -> None:
        self.session = session
        self.request = request

    @abstractmethod
    def next(self) -> Step | None:
        """Whom to ask now, and what."""

    def on_refusal(self, node: str, reason: str) -> None:  # noqa: B027  # a hook that most modes leave alone
        """A replica refused."""

    def on_silence(self, node: str) -> None:  # noqa: B027  # the same
        """A replica did not answer in time."""

    def read(self, **named: object) -> ReadRequest:
        """The request of this read, under the session's next number."""
        number = self.session.number + 1
        return ReadRequest(number, self.request.keys, self.request.prefix, **named)  # type: ignore[arg-type]  # its fields

    def select_follower(self) -> str:
        """The follower that the request's draw points at."""
        followers = self.session.followers
        if self.session.select is not None:
            return self.session.select(self.request, followers)
        return followers[self.request.replica % len(followers)]


class ReplicaRoute(Route):
    """`replica`: the replica that the request's draw points at, leader or not. For looking at every node at
    the end of a run."""

    def next(self) -> Step | None:
        """That one."""
        nodes = self.session.nodes
        return nodes[self.request.replica % len(nodes)], self.read()


class LeaderRoute(Route):
    """`leader`: the leader, once its members confirm that it still leads. Linearizable."""

    exhausted = "no node leads"

    def next(self) -> Step | None:
        """The leader that the session knows of: refusals teach it another."""
        return self.session.leader, self.read(consistency="leader")


class AnyFollowerRoute(Route):
    """`any-follower`: whatever a follower has. Deliberately naive: no token, no second try."""

    retries = False

    def __init__(self, session: SessionState, request: Request) -> None:
        super().__init__(session, request)
        self.asked = False

    def next(self) -> Step | None:
        """The follower drawn, once."""
        if self.asked:
            return None
        self.asked = True
        return self.select_follower(), self.read()


class SessionRoute(Route):
    """`session-consistent`: a follower that has reached the session's token; else as the fallback says."""

    def __init__(self, session: SessionState, request: Request) -> None:
        super().__init__(session, request)
        self.needs = request.needs or session.settings.needs or FOR_READS
        self.at_leader = False

    def next(self) -> Step | None:
        """A follower first, the leader after a refusal or silence."""
        session = self.session
        token = session.required(self.needs)
        if self.at_leader:
            return session.leader, self.read(at_least=token, behind="wait")
        behind = {"leader": "refuse", "wait": "wait", "forward": "forward"}[session.settings.fallback]
        follower = self.select_follower()
        if self.trusts(follower):
            token = None
        return follower, self.read(at_least=token, behind=behind)

    def trusts(self, follower: str) -> bool:
        """Whether the token may stay at home because of what is known of a follower: never, what is known may
        be old."""
        return False

    def on_refusal(self, node: str, reason: str) -> None:
        """The follower is behind the token."""
        self.go_to_leader()

    def on_silence(self, node: str) -> None:
        """The follower does not answer, or waits too long."""
        self.go_to_leader()

    def go_to_leader(self) -> None:
        """Fall back."""
        self.at_leader = True
        self.session.effects.append(Note("fallback to the leader"))


class PinnedRoute(Route):
    """`pinned`: the session stays on the replica that it read from first, until that replica is silent."""

    def next(self) -> Step | None:
        """The session's own replica."""
        session = self.session
        if session.pinned is None:
            session.pinned = self.select_follower()
        return session.pinned, self.read()

    def on_silence(self, node: str) -> None:
        """The replica seems dead: the session moves, and nothing that it saw moves with it."""
        session = self.session
        followers = [follower for follower in session.followers if follower != node] or list(session.nodes)
        session.pinned = followers[self.request.replica % len(followers)]
        session.effects.append(Note("pinned session moved"))


class LeaderWindowRoute(Route):
    """`leader-window`: the leader for a stated time after the session's last write, any follower after
    that."""

    def next(self) -> Step | None:
        """By the time since the last write was acknowledged."""
        session = self.session
        recent = session.wrote_at is not None and session.now - session.wrote_at <= session.settings.window_ns
        if recent:
            return session.leader, self.read(consistency="leader")
        return self.select_follower(), self.read()


class BoundedRoute(Route):
    """`bounded-staleness`: a replica that can show it is within the bound; one that can't leaves the pool for
    a while."""

    exhausted = "no replica is within the bound"

    def __init__(self, session: SessionState, request: Request) -> None:
        super().__init__(session, request)
        self.at_leader = False
        self.tried: set[str] = set()

    def next(self) -> Step | None:
        """A replica in the pool that was not tried; none left: the leader or nobody, as configured."""
        session, settings = self.session, self.session.settings
        pool = self.pool()
        if pool:
            follower = pool[self.request.replica % len(pool)]
            self.tried.add(follower)
            return follower, self.read(
                consistency="fresh", bound_ns=settings.bound_ns, bound_entries=settings.bound_entries
            )
        if not self.at_leader:
            session.effects.append(Note("alert: no replica within the bound"))
        self.at_leader = True
        if settings.none_fresh == "leader":
            return session.leader, self.read(consistency="leader")
        return None

    def pool(self) -> list[str]:
        """The followers that are not out for being stale or silent, and were not tried yet."""
        session = self.session
        back = {node for node, until in session.out_of_pool.items() if session.now >= until}
        for node in back:
            del session.out_of_pool[node]
        return [
            node for node in session.followers if node not in session.out_of_pool and node not in self.tried
        ]

    def on_refusal(self, node: str, reason: str) -> None:
        """The replica is over the bound."""
        self.leave_pool(node)

    def on_silence(self, node: str) -> None:
        """The replica's signal is stale."""
        self.leave_pool(node)

    def leave_pool(self, node: str) -> None:
        """Do not ask it again before it had time to catch up."""
        if not self.at_leader:
            self.session.out_of_pool[node] = self.session.now + self.session.settings.heartbeat_ns
            self.session.effects.append(Note("replica left the pool", node))


class BestEffortRoute(Route):
    """`best-effort-fresh`: any follower; the leader if the follower is known to be behind. What is not known
    may be stale."""

    def next(self) -> Step | None:
        """By what the session heard of the follower lately."""
        session = self.session
        follower = self.select_follower()
        known = session.positions.get(follower)
        if known is not None and session.now - known[1] <= KNOWLEDGE_NS and known[0] < session.newest:
            return session.leader, self.read()
        return follower, self.read()


ROUTES: dict[str, Callable[[SessionState, Request], Route]] = {
    "replica": ReplicaRoute,
    "leader": LeaderRoute,
    "any-follower": AnyFollowerRoute,
    "session-consistent": SessionRoute,
    "pinned": PinnedRoute,
    "leader-window": LeaderWindowRoute,
    "bounded-staleness": BoundedRoute,
    "best-effort-fresh": BestEffortRoute,
}
"""Mode name → its route."""
