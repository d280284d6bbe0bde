"""The nodes of one's own store: what `serve` is given, and the machine that it lives on."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

import trio

from rts.own.calls import Caller, Request
from rts.own.clock import Inbox, PumpClock
from rts.own.messages import Envelope, copied, traced
from rts.sim.network import SimNetwork
from rts.sim.trace import Trace


class Node(Caller):
    """One life of one node, as `Store.serve` sees it.

    `name` is its name, `peers` the names of the others. `storage` is a dictionary that survives crashes: what
    it holds when the node dies, however deep, is what the next life finds; only a lost disk empties it. It is
    never torn, so what is assigned between two `await`s survives whole or not at all. `requests` is what
    arrives, for `async for`, or one by one with `await node.requests.receive()`. `random` yields the same
    numbers in each run of a schedule.
    """

    def __init__(self, machine: Machine, storage: dict[Any, Any]) -> None:
        super().__init__(
            machine.clock,
            machine.nodes,
            machine.numbers.__next__,
            lambda to, sent: machine.send(self, to, sent),
        )
        self.name = machine.name
        self.peers = tuple(name for name in machine.nodes if name != machine.name)
        self.storage = storage
        self.requests: Inbox[Request] = Inbox(machine.clock)
        self._machine = machine
        self._random: random.Random | None = None

    @property
    def random(self) -> random.Random:
        """A generator of this life's own."""
        if self._random is None:
            seed = f"{self._machine.network.jitter} {self.name} {self._machine.incarnation}"
            self._random = random.Random(seed)
        return self._random

    def send(self, to: str, message: Any) -> None:
        """Send `message` to node `to` and forget it."""
        self._check(to)
        self._transmit(to, Envelope("send", 0, copied(message)))

    def note(self, state: str) -> None:
        """A state worth counting was reached: it is shown in the coverage of a hunt, and guides it."""
        self._machine.note(self, state)

    def receive(self, source: str, envelope: Envelope) -> None:
        """A message arrived."""
        kind, number, message = envelope
        if kind == "reply":
            self.replied(number, message)
            return

        def answer(reply: Any) -> None:
            if kind == "call":
                self._transmit(source, Envelope("reply", number, copied(reply)))

        self.requests.put(Request(source, message, answer))


class Machine:
    """One machine (`rts.sim.network.Endpoint`, `rts.sim.faults.AnyMachine`): the lives of a node, one after
    another.

    `begin(node)` starts the task of a life and returns the scope that ends it.

    A paused machine is one that nothing reaches and nothing leaves until it is resumed, which is how a
    machine that stands still looks from outside; its own timers go on.
    """

    def __init__(
        self,
        name: str,
        nodes: Sequence[str],
        clock: PumpClock,
        network: SimNetwork,
        trace: Trace,
        begin: Callable[[Node], trio.CancelScope],
    ) -> None:
        self.name = name
        self.nodes = tuple(nodes)
        self.clock = clock
        self.network = network
        self.trace = trace
        self.begin = begin
        self.numbers = itertools.count(1)
        self.incarnation = 0
        self.up = False
        self.paused = False
        self.node: Node | None = None
        self._scope: trio.CancelScope | None = None
        self._storage: dict[Any, Any] = {}
        self._pause_step: int | None = None
        self._held: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self._fuse: int | None = None
        self._fuse_step = 0
        self._fuse_loses = False

    # --- life and death -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin a life with what is stored."""
        self._turn(up=True)
        self.trace.events.append((self.network.pump.now, "start", self.name))
        self.node = Node(self, self._storage)
        self._scope = self.begin(self.node)
        self.clock.woke = True

    def crash(self, *, lose_disk: bool = False, tear: bool = False) -> int:
        """End this life at once: its tasks are cancelled, and what they do from now on has no effect.

        Nothing that was stored is lost or torn, unless the disk is.
        """
        node, scope = self.node, self._scope
        if node is None or scope is None:
            return 0
        self._turn(up=False)
        self.trace.events.append((self.network.pump.now, "crash", self.name, lose_disk))
        # A copy: what the cancelled tasks still write as they unwind reaches no disk.
        self._storage = {} if lose_disk else copy.deepcopy(node.storage)
        self.node = self._scope = None
        node.requests.clear()
        scope.cancel()
        self.clock.woke = True
        return 0

    def retire(self) -> None:
        """The run is over: what tasks do as they unwind is no part of it."""
        self.node = None

    def _turn(self, *, up: bool) -> None:
        self.up, self.paused = up, False
        self.incarnation += 1
        self._held = []
        self._fuse = None

    def arm(self, effects: int, step: int, *, lose_disk: bool = False, tear: bool = False) -> None:
        """Die instead of sending, after so many messages sent."""
        if self.up:
            self._fuse, self._fuse_step, self._fuse_loses = effects, step, lose_disk

    def pause(self, step: int) -> None:
        """Stand still, as seen from outside."""
        self.paused, self._pause_step = True, step

    def resume(self) -> None:
        """Go on: what was to leave or to arrive does so now, one nanosecond after another."""
        self.paused = False
        held, self._held = self._held, []
        for act, arguments in held:
            self.network.pump.at(self.network.pump.now, act, *arguments)

    def disarm(self) -> None:
        """Do not die after all."""
        self._fuse = None

    # --- what leaves and what arrives -----------------------------------------------------------------------

    def send(self, node: Node, to: str, envelope: Envelope) -> None:
        """A life sends; what an ended one sends goes nowhere."""
        if node is not self.node or self._holds(self.send, node, to, envelope):
            return
        if self._fuse is not None:
            if self._fuse == 0:
                self.trace.hold(self._fuse_step)
                self.crash(lose_disk=self._fuse_loses)
                return
            self._fuse -= 1
        self.network.send(self.name, to, envelope)

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """See `rts.sim.network.Endpoint`."""
        node = self.node
        if incarnation != self.incarnation or node is None:
            return
        if self._holds(self.deliver, source, message, incarnation):
            return
        kind, number, content = message
        self.trace.events.append((self.network.pump.now, "deliver", source, self.name, kind, traced(content)))
        # A duplicate is another copy: the first one is the receiver's to change.
        node.receive(source, Envelope(kind, number, copied(content)))

    def _holds(self, act: Callable[..., None], *arguments: Any) -> bool:
        if self.paused:
            if self._pause_step is not None:
                self.trace.hold(self._pause_step)
            self._held.append((act, arguments))
        return self.paused

    def note(self, node: Node, state: str) -> None:
        """A life reached a state worth counting."""
        if node is self.node:
            self.trace.reach(state)
            self.trace.events.append((self.network.pump.now, "note", self.name, state))
