"""What a core asks its driver to do. A core itself does nothing: it is given an event and returns these, in
order.

The driver's duty (rts.runtime.driver): effects are carried out in order; a `Send` or `Reply` waits for every
earlier `Persist` of the node to be durable unless it is marked `before_persist`; events keep flowing
meanwhile, and the core hears `Persisted` or `PersistFailed`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec


class Send(msgspec.Struct, frozen=True, gc=False):
    """Send `message` to the node `to`."""

    to: str
    message: Any
    before_persist: bool = False


class Reply(msgspec.Struct, frozen=True, gc=False):
    """Answer the client at address `to`."""

    to: str
    message: Any
    before_persist: bool = False


class Persist(msgspec.Struct, frozen=True, gc=False):
    """Append `record` to the node's durable storage; `number` counts a node's persists from 1."""

    number: int
    record: Any


class SetTimer(msgspec.Struct, frozen=True, gc=False):
    """Deliver `TimerFired(name)` in `after_ns` nanoseconds of the node's clock, instead of an earlier request
    of that name."""

    name: str
    after_ns: int


class CancelTimer(msgspec.Struct, frozen=True, gc=False):
    """Forget the timer `name`."""

    name: str


class Note(msgspec.Struct, frozen=True, gc=False):
    """Something worth counting happened (`tail truncated`, `promotion refused`, …): for coverage, traces and
    alerts."""

    what: str
    detail: Any = None


Effect: TypeAlias = Send | Reply | Persist | SetTimer | CancelTimer | Note
