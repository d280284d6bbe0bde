"""What a client's caller wants, and what came of it: the same for every store."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

from rts.core.events import Event
from rts.ids import Lsn


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller wants. `replica` selects a node where the mode leaves it open; `needs` names guarantees
    (Terry 1994)."""

    operation: Literal["write", "delete", "cas", "read"]
    keys: tuple[str, ...]
    value: Any = None
    expected: Any = None
    mode: str = "leader"
    replica: int = 0
    needs: tuple[str, ...] = ()
    prefix: str | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `items` are (key, value, version); `position` is the write's, or how far the reading
    replica was."""

    status: Literal["ok", "fail", "info"]
    items: tuple[tuple[str, Any, Lsn | None], ...] = ()
    position: Lsn | None = None
    node: str | None = None
    leads: bool = False
    error: str | None = None


class Done(msgspec.Struct, frozen=True):
    """The effect that ends an operation."""

    outcome: Outcome


class Session(Protocol):
    """One session of one client: a state machine like a core, which ends each operation with `Done`."""

    name: str

    def begin(self, request: Request, now: int) -> list[Any]:
        """Start an operation; the one before it must have ended. Its effects."""

    def step(self, event: Event, now: int, wall: int) -> list[Any]:
        """Take in a message or a time-out. Its effects."""

    def give_up(self, now: int) -> list[Any]:
        """The caller no longer waits. Its effects."""
