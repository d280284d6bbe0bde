"""What a driver tells a core."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import msgspec

from rts.core.effects import Effect


class Received(msgspec.Struct, frozen=True, gc=False):
    """`message` arrived from the address `sender`."""

    sender: str
    message: Any


class Started(msgspec.Struct, frozen=True, gc=False):
    """The node runs: the first event of each life."""


class Persisted(msgspec.Struct, frozen=True, gc=False):
    """All persists up to `number` are durable."""

    number: int


class PersistFailed(msgspec.Struct, frozen=True, gc=False):
    """Persist `number` failed, and with it every later one; nothing is known of what is on the disk."""

    number: int
    reason: str


class TimerFired(msgspec.Struct, frozen=True, gc=False):
    """The timer `name` ran out."""

    name: str


Event: TypeAlias = Received | Started | Persisted | PersistFailed | TimerFired


class Core(Protocol):
    """A protocol's state machine: no input or output, no clock, no randomness of its own."""

    def step(self, event: Event, now: int, wall: int) -> list[Effect]:
        """Take in one event and say what to do.

        `now` is the node's monotonic clock and `wall` its wall clock, in nanoseconds. Raises
        `rts.errors.InvariantBroken` where the state contradicts itself: the driver then stops the node.
        """
