"""A simulated client: runs its session's operations one after another, and what it sees is what is
recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from rts.client.requests import Done, Outcome, Request, Session
from rts.core.events import Received, TimerFired
from rts.runtime.driver import Node
from rts.sim.network import SimNetwork
from rts.sim.pump import Pump
from rts.sim.trace import Trace


class SimClient:
    """One client session on the network (`rts.sim.network.Endpoint`, `rts.runtime.driver.Machine`).

    `begun(client, request)` and `ended(client, request, outcome)` are called as operations start and end.
    Clients do not crash; their clocks are true.
    """

    def __init__(
        self,
        session: Session,
        pump: Pump,
        network: SimNetwork,
        trace: Trace,
        begun: Callable[[SimClient, Request], None],
        ended: Callable[[SimClient, Request, Outcome], None],
    ) -> None:
        self.name = session.name
        self.session = session
        self.pump = pump
        self.network = network
        self.trace = trace
        self.begun = begun
        self.ended = ended
        self.incarnation = 0
        self.queue: deque[Callable[[], Request]] = deque()
        self.current: Request | None = None
        self.node = Node(session, self)
        self._timers: dict[str, int] = {}
        self._timer_count = 0

    def submit(self, request: Callable[[], Request]) -> None:
        """Do this after all that was submitted before; `request` is made when its turn has come."""
        self.queue.append(request)
        if self.current is None and len(self.queue) == 1:
            self.pump.at(self.pump.now, self._next)

    def give_up(self, request: Callable[[], Request]) -> None:
        """The caller stopped waiting for what it submitted: if it is under way, its outcome stays unknown."""
        if request in self.queue:
            self.queue.remove(request)
        elif self.current is not None:
            self.node.carry_out(self.session.give_up(self.pump.now))

    def _next(self) -> None:
        if self.current is None and self.queue:
            request = self.queue.popleft()()
            self.current = request
            self.begun(self, request)
            self.node.carry_out(self.session.begin(request, self.pump.now))

    def carry_out(self, effect: Any) -> None:
        """A session's own effect is that an operation is done."""
        assert isinstance(effect, Done)
        request = self.current
        assert request is not None
        self.current = None
        self.ended(self, request, effect.outcome)
        if self.queue:
            self.pump.at(self.pump.now, self._next)

    # --- ports ----------------------------------------------------------------------------------------------

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """See `rts.sim.network.Endpoint`."""
        if incarnation == self.incarnation:
            self.trace.events.append((self.pump.now, "deliver", source, self.name, message))
            self.node.handle(Received(source, message))

    def _fire(self, name: str, count: int) -> None:
        if self._timers.get(name) == count:
            del self._timers[name]
            self.trace.events.append((self.pump.now, "timer", self.name, name))
            self.node.handle(TimerFired(name))

    def monotonic_ns(self) -> int:
        """Virtual time."""
        return self.pump.now

    def wall_ns(self) -> int:
        """Virtual time."""
        return self.pump.now

    def send(self, to: str, message: Any) -> None:
        """Give a message to the network."""
        self.network.send(self.name, to, message)

    def set_timer(self, name: str, after_ns: int) -> None:
        """Wake the session later."""
        self._timer_count += 1
        self._timers[name] = self._timer_count
        self.pump.at(self.pump.now + after_ns, self._fire, name, self._timer_count)

    def cancel_timer(self, name: str) -> None:
        """Forget a timer."""
        self._timers.pop(name, None)

    def note(self, what: str, detail: Any) -> None:
        """Count it, and put it into the trace."""
        self.trace.reach(what)
        self.trace.events.append((self.pump.now, "note", self.name, what, detail))

    def persist(self, number: int, record: Any) -> None:
        """Clients have no disk."""
        raise TypeError("a client has no disk")

    def blow(self) -> None:
        """Clients do not crash."""
        raise TypeError("a client has no fuse")
