"""ReadRouter: where reads go, by their mode."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rts.client.modes import ROUTES
from rts.client.session import ClientSession, Request
from rts.ids import Lsn
from rts.telemetry.nodes import Follower, Leader


class Answer(NamedTuple):
    """A value, who served it, whether that node led, how far its state went, and the position of the write it
    came from."""

    value: Any
    node: str
    from_leader: bool
    position: Lsn
    version: Lsn | None


class ReadRouter:
    """Routes reads to the leader or to followers, and keeps what sessions need for that.

    `users` maps a session to its user; with `tokens="user"` sessions of one user share a token. `seed` draws
    followers where a mode leaves the choice open. A subclass, or a test, may override `select_follower`.
    """

    def __init__(
        self,
        leader: Leader,
        followers: Sequence[Follower],
        *,
        users: dict[str, str] | None = None,
        seed: int = 0,
    ) -> None:
        self.leader = leader
        self.followers = tuple(follower.node_id for follower in followers)
        self.network = leader.network
        self.users = dict(users or {})
        self._random = random.Random(seed)

    async def read(
        self, key: str, mode: str, *, session: str | None = None, needs: Iterable[str] = ()
    ) -> Answer:
        """Read one key. `needs` names the session guarantees asked for, where not all of them are.

        Raises `NotFresh` where no replica is within the bound of `bounded-staleness`, `Refused` where nobody
        serves the read.
        """
        request = Request(operation="read", keys=(key,), mode=_known(mode), needs=tuple(needs))
        return (await self._read(request, session))[0]

    async def read_many(
        self, keys: Sequence[str], mode: str, *, session: str | None = None
    ) -> dict[str, Answer]:
        """Read several keys, all at one position of one replica."""
        request = Request(operation="read", keys=tuple(keys), mode=_known(mode))
        return dict(zip(keys, await self._read(request, session), strict=True))

    async def scan(self, prefix: str, mode: str, *, session: str | None = None) -> dict[str, Any]:
        """All present keys that start with `prefix`, and their values, at one position of one replica."""
        request = Request(operation="read", keys=(prefix,), prefix=prefix, mode=_known(mode))
        outcome = await self.network.call(session, request, prepare=self._prepare)
        return {key: value for key, value, _ in outcome.items if value is not None}

    async def write(self, key: str, value: bytes | str, *, session: str, needs: Iterable[str] = ()) -> Lsn:
        """Write through the router, which advances the session's token."""
        request = Request(operation="write", keys=(key,), value=value, needs=tuple(needs))
        outcome = await self.network.call(session, request, prepare=self._prepare)
        assert outcome.position is not None
        return outcome.position

    def record_session_write(self, session: str, lsn: Lsn) -> None:
        """The session wrote at `lsn` by another way than this router."""
        cluster = self.network.build()
        cluster.tokens.users.update(self.users)
        cluster.tokens.wrote(session, lsn)
        client = cluster.clients.get(session)
        if client is not None:
            client.session.wrote_at = client.pump.now

    def repoint(self, leader: Leader) -> None:
        """Another node leads. (The operator's word reaches a router by itself; this is for those who know
        sooner.)"""
        self.leader = leader
        cluster = self.network.build()
        epoch = cluster.nodes[leader.node_id].core.epoch
        for client in cluster.clients.values():
            if epoch > client.session.epoch:
                client.session.repoint(epoch, leader.node_id)

    def select_follower(self, key: str, followers: Sequence[str]) -> str:
        """The follower to ask, where the mode leaves it open: a random one."""
        return self._random.choice(list(followers))

    async def _read(self, request: Request, session: str | None) -> list[Answer]:
        outcome = await self.network.call(session, request, prepare=self._prepare)
        assert outcome.node is not None
        assert outcome.position is not None
        return [
            Answer(value, outcome.node, outcome.leads, outcome.position, version)
            for _, value, version in outcome.items
        ]

    def _prepare(self, session: ClientSession) -> None:
        session.tokens.users.update(self.users)
        session.select = lambda request, followers: self.select_follower(
            request.keys[0], [name for name in followers if name in self.followers] or followers
        )


def _known(mode: str) -> str:
    if mode not in ROUTES:
        raise ValueError(f"no read mode {mode!r}; there are: {', '.join(ROUTES)}")
    return mode
