"""The driver: carries out what a core asks for, in order, over ports that may be simulated or real.

Its duties, in this order, for every event:
1. hand the event to the core with the node's clocks;
2. carry out the effects one by one. A persist goes to the disk at once. A message waits in line behind every
persist that was asked for
   before it and is not durable yet, unless it is marked `before_persist`;
3. when the disk says that a persist is durable, release the messages that waited for it, then tell the core.

Nothing here blocks: ports are non-blocking, and waiting happens at their far side.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Protocol

from rts.core.effects import CancelTimer, Note, Persist, Reply, Send, SetTimer
from rts.core.events import Event, Persisted


class Machine(Protocol):
    """The ports of one node."""

    def monotonic_ns(self) -> int:
        """The node's monotonic clock."""

    def wall_ns(self) -> int:
        """The node's wall clock."""

    def send(self, to: str, message: Any) -> None:
        """Give a message to the network."""

    def persist(self, number: int, record: Any) -> None:
        """Give a record to the disk, which answers through `Node.persisted` or by `PersistFailed`."""

    def set_timer(self, name: str, after_ns: int) -> None:
        """Wake the node later."""

    def cancel_timer(self, name: str) -> None:
        """Do not."""

    def note(self, what: str, detail: Any) -> None:
        """Take note of something that the core found worth counting."""

    def carry_out(self, effect: Any) -> None:
        """An effect that only this kind of core has (a client's result)."""

    def blow(self) -> None:
        """The fuse has burnt down: the node dies here."""


class AnyCore(Protocol):
    """A core, or a client session: both take events and return effects."""

    def step(self, event: Event, now: int, wall: int) -> list[Any]:
        """See `rts.core.events.Core`."""


class Node:
    """One core and its machine.

    `fuse`: how many effects the node still carries out before it dies; `None`: it lives.
    """

    __slots__ = ("core", "durable", "fuse", "held", "issued", "machine")

    def __init__(self, core: AnyCore, machine: Machine) -> None:
        self.core = core
        self.machine = machine
        self.issued = 0
        self.durable = 0
        self.held: deque[tuple[int, str, Any]] = deque()
        self.fuse: int | None = None

    def handle(self, event: Event) -> None:
        """Take in one event. Raises what the core raises: the machine then stops the node."""
        machine = self.machine
        effects = self.core.step(event, machine.monotonic_ns(), machine.wall_ns())
        if effects:
            self.carry_out(effects)

    def carry_out(self, effects: list[Any]) -> None:
        """Do what the core asked for, in order."""
        machine = self.machine
        send = machine.send
        for effect in effects:
            if self.fuse is not None and self.burns_down():
                return
            kind = type(effect)
            if kind is Send or kind is Reply:
                if self.issued > self.durable and not effect.before_persist:
                    self.held.append((self.issued, effect.to, effect.message))
                else:
                    send(effect.to, effect.message)
            elif kind is Persist:
                self.issued = effect.number
                machine.persist(effect.number, effect.record)
            elif kind is SetTimer:
                machine.set_timer(effect.name, effect.after_ns)
            elif kind is CancelTimer:
                machine.cancel_timer(effect.name)
            elif kind is Note:
                machine.note(effect.what, effect.detail)
            else:
                machine.carry_out(effect)

    def persisted(self, number: int) -> None:
        """The disk has made all persists up to `number` durable."""
        self.durable = number
        held = self.held
        while held and held[0][0] <= number:
            if self.fuse is not None and self.burns_down():
                return
            _, to, message = held.popleft()
            self.machine.send(to, message)
        self.handle(Persisted(number))

    def burns_down(self) -> bool:
        """Whether the node dies before the next effect."""
        if self.fuse is None:
            return False
        if self.fuse == 0:
            self.machine.blow()
            return True
        self.fuse -= 1
        return False
