"""ReadRouter: where reads go, by their mode, and what sessions need to be remembered for that."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from rts.client.modes import ROUTES
from rts.client.requests import Outcome, Request
from rts.client.session import ClientSession
from rts.client.tokens import FOR_READS, FOR_WRITES
from rts.ids import Lsn
from rts.schedule import SECOND
from rts.telemetry.nodes import Follower, Leader, Value, cas_request, checked, write_request

MODES = tuple(mode for mode in ROUTES if mode != "replica")
"""The read modes of a router; the one left out is `Follower.read`."""

OF_SESSIONS = ("session-consistent", "pinned", "leader-window")
CHOOSING = ("any-follower", *OF_SESSIONS, "best-effort-fresh")
"""The modes that may ask any follower; `bounded-staleness` draws from its pool."""


class Answer(NamedTuple):
    """A value, who served it, whether that node led, how far its state went, and the position of the write it
    came from.
    """

    value: Any
    node: str
    from_leader: bool
    position: Lsn
    version: Lsn | None


class ReadRouter:
    """Routes reads to the leader or to followers, and keeps what sessions need for that.

    `tokens`: a session's position is kept by this router as the `"client"`, by the `"server"` under the
    session's name (another router finds it there), or under the `"user"` whom `users` names for the session
    (so does another session of that user).

    `fallback` of `session-consistent` where a follower is behind the session: the `"leader"` is asked, the
    follower is to `"wait"`, or to `"forward"` the read. `window_s` is how long `leader-window` reads go to
    the leader after a write. `bounded-staleness` is within `bound_s` seconds, or within `bound_entries` log
    entries where that is not 0; `none_fresh` says whether it is an `"error"` or the `"leader"`'s turn when no
    follower is.

    `seed` draws followers where a mode leaves the choice open; a subclass, or a test, may override
    `select_follower`. Raises `ValueError` for settings that are not among these.
    """

    def __init__(
        self,
        leader: Leader,
        followers: Sequence[Follower],
        *,
        tokens: Literal["client", "server", "user"] = "client",
        users: Mapping[str, str] | None = None,
        fallback: Literal["leader", "wait", "forward"] = "leader",
        window_s: float = 0.2,
        bound_s: float = 1.0,
        bound_entries: int = 0,
        none_fresh: Literal["error", "leader"] = "error",
        seed: int = 0,
    ) -> None:
        self.leader = leader
        self.followers = tuple(follower.node_id for follower in followers)
        self.network = leader.network
        self.users = dict(users or {})
        self._settings = checked(
            tokens=tokens,
            fallback=fallback,
            window_ns=round(window_s * SECOND),
            bound_ns=round(bound_s * SECOND),
            bound_entries=bound_entries,
            none_fresh=none_fresh,
        )
        self._tokens = self.network.tokens(tokens)
        self._random = random.Random(seed)

    # --- reads ----------------------------------------------------------------------------------------------

    async def read(
        self, key: str, mode: str, *, session: str | None = None, needs: Iterable[str] = ()
    ) -> Answer:
        """Read one key. `needs` names session guarantees to keep instead of the mode's (Terry et al. 1994,
        §4).

        An `any-follower` read asks once, and waits as long as its caller does. Raises `NotFresh` where no
        replica is within the bound of `bounded-staleness`, `Refused` where nobody serves the read,
        `ValueError` for a mode or guarantee that is not known and for a session that is not named where it
        takes one.
        """
        request = self._request((key,), mode, session, tuple(needs))
        return (await self._read(request, session))[key]

    async def read_many(
        self, keys: Sequence[str], mode: str, *, session: str | None = None
    ) -> dict[str, Answer]:
        """Read several keys, all at one position of one replica. Raises as `read`."""
        return await self._read(self._request(tuple(keys), mode, session), session)

    async def scan(self, prefix: str, mode: str, *, session: str | None = None) -> dict[str, Answer]:
        """All present keys that start with `prefix`, at one position of one replica. Raises as `read`."""
        answers = await self._read(self._request((), mode, session, prefix=prefix), session)
        return {key: answer for key, answer in answers.items() if answer.value is not None}

    def select_follower(self, key: str, followers: Sequence[str]) -> str:
        """The follower to ask for `key` (of a scan: the prefix), where the mode leaves it open."""
        return self._random.choice(followers)

    # --- writes ---------------------------------------------------------------------------------------------

    async def write(self, key: str, value: Value, *, session: str, needs: Iterable[str] = ()) -> Lsn:
        """Set a key for a session, whose token advances. `needs` and the leader's log: as Terry 1994, §4.
        Raises as `Leader.write`.
        """
        return await self._write(write_request(key, value, _known_needs(needs, FOR_WRITES)), session)

    async def delete(self, key: str, *, session: str) -> Lsn:
        """Delete a key for a session. Raises as `Leader.write`."""
        return await self._write(Request(operation="delete", keys=(key,)), session)

    async def cas(self, key: str, expected: Value | None, value: Value, *, session: str) -> Lsn:
        """Compare and set a key for a session. Raises as `Leader.cas`."""
        return await self._write(cas_request(key, expected, value), session)

    def record_session_write(self, session: str, lsn: Lsn) -> None:
        """The session wrote at `lsn` by another way than this router."""
        _, calls = self.network.build()
        known = calls.session(session)
        known.wrote_at = calls.cluster.pump.now
        self._tokens.users.update(self.users)
        self._tokens.wrote(session, lsn)

    def token(self, session: str) -> Lsn | None:
        """The position that a follower must have reached to serve the session; `None`: any will do."""
        self._tokens.users.update(self.users)
        return self._tokens.required(session, FOR_READS)

    # --- after a promotion ----------------------------------------------------------------------------------

    def repoint(self, leader: Leader, followers: Sequence[Follower] | None = None) -> None:
        """Another node leads, and others follow. (The operator's word reaches sessions by itself; this is for
        who knows sooner.)
        """
        self.leader = leader
        if followers is not None:
            self.followers = tuple(follower.node_id for follower in followers)
        epoch = self.network.node(leader.node_id).core.epoch
        for session in self.network.build()[0].sessions.values():
            if epoch > session.epoch:
                session.repoint(epoch, leader.node_id)

    # --- inside ---------------------------------------------------------------------------------------------

    def _request(
        self,
        keys: tuple[str, ...],
        mode: str,
        session: str | None,
        needs: tuple[str, ...] = (),
        prefix: str | None = None,
    ) -> Request:
        if mode not in MODES:
            raise ValueError(f"there is no read mode {mode!r}; there are: {', '.join(MODES)}")
        if session is None and (needs or mode in OF_SESSIONS):
            raise ValueError(f"{'a guarantee' if needs else mode} is a session's: name it (session=…)")
        return Request(
            operation="read",
            keys=keys,
            mode=mode,
            needs=_known_needs(needs, FOR_READS),
            prefix=prefix,
            replica=self._random.randrange(1 << 16),
        )

    async def _read(self, request: Request, session: str | None) -> dict[str, Answer]:
        prepare = self._preparation(self._choose(request, session))
        outcome: Outcome = await self.network.call(session, request, prepare=prepare)
        assert outcome.node is not None
        assert outcome.position is not None
        return {
            key: Answer(value, outcome.node, outcome.leads, outcome.position, version)
            for key, value, version in outcome.items
        }

    async def _write(self, request: Request, session: str) -> Lsn:
        outcome = await self.network.call(session, request, prepare=self._preparation(None))
        assert outcome.position is not None
        return outcome.position

    def _choose(self, request: Request, session: str | None) -> str | None:
        """The follower that this read is for, if its mode asks one: chosen here, where an error of the hook
        is its caller's.
        """
        if request.mode not in CHOOSING and not request.needs:
            return None
        cluster, calls = self.network.build()
        known = calls.session(session) if session is not None else None
        if request.mode == "pinned" and not request.needs and known is not None and known.pinned is not None:
            return None
        leader = known.leader if known is not None else cluster.operator.leader
        others = [name for name in cluster.names if name != leader]
        offered = [name for name in self.followers if name in others] or others
        if not offered:
            raise ValueError(f"{leader} has no follower to read from")
        chosen = self.select_follower(
            request.prefix if request.prefix is not None else request.keys[0], offered
        )
        if chosen not in cluster.nodes:
            raise ValueError(f"select_follower chose {chosen!r}, which is no node")
        return chosen

    def _preparation(self, follower: str | None) -> Callable[[ClientSession], None]:
        def prepare(session: ClientSession) -> None:
            session.tokens = self._tokens
            session.tokens.users.update(self.users)
            session.settings = msgspec.structs.replace(session.settings, **self._settings)
            session.select = None if follower is None else lambda request, followers: follower

        return prepare


def _known_needs(needs: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    named = tuple(needs)
    for name in named:
        if name not in known:
            raise ValueError(f"{name!r} cannot be asked for here; these can: {', '.join(known)}")
    return named
