"""What a client's session knows and has under way: what the routes of its reads look at, and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rts.client.requests import Done, Request
from rts.client.tokens import Tokens
from rts.core.effects import Effect
from rts.core.single_leader.settings import Settings
from rts.ids import ORIGIN, Lsn


class SessionState:
    """The state of one session.

    `name` is its address, `nodes` the replicas, `leader` the one that leads `epoch` as far as the client
    knows. `positions` says how far each replica was when it was last heard of (position, nanoseconds),
    `newest` the highest of all; `wrote_at` when the last write was acknowledged, `pinned` which replica the
    session stays on, `out_of_pool` until when a replica is not asked. `number` is the last request's;
    `effects` are those of the step under way, at `now`. `select` may be set to choose a follower for a read
    in place of the read's own draw.
    """

    def __init__(
        self, name: str, nodes: Sequence[str], *, leader: str, epoch: int, settings: Settings, tokens: Tokens
    ) -> None:
        self.name = name
        self.nodes = tuple(nodes)
        self.leader = leader
        self.epoch = epoch
        self.settings = settings
        self.tokens = tokens
        self.positions: dict[str, tuple[Lsn, int]] = {}
        self.newest = ORIGIN
        self.wrote_at: int | None = None
        self.pinned: str | None = None
        self.out_of_pool: dict[str, int] = {}
        self.number = 0
        self.now = 0
        self.effects: list[Effect | Done] = []
        self.select: Callable[[Request, tuple[str, ...]], str] | None = None

    @property
    def followers(self) -> tuple[str, ...]:
        """The replicas but the leader."""
        return tuple(node for node in self.nodes if node != self.leader)

    def required(self, needs: tuple[str, ...]) -> Lsn | None:
        """The position that a replica must have reached to serve this session."""
        return self.tokens.required(self.name, needs)
