"""One schedule, run on a simulated cluster, from the first step to the last read: what every store's runs
have in common.

The steps; then the faults end; then a write that must succeed; then, once nothing is under way any more,
every node is read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Protocol

from rts.client.requests import Outcome, Request
from rts.ids import ORIGIN, Lsn
from rts.runs import BEHIND_AT_A_READ, Breach, FaultCount, Run
from rts.schedule import (
    MILLISECOND,
    SECOND,
    CompareAndSet,
    Delete,
    OperationStep,
    Read,
    Schedule,
    Write,
    keys_of,
)
from rts.sim.client import SimClient
from rts.sim.faults import Faults
from rts.sim.invariants import Invariants
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.pump import Pump
from rts.sim.recorder import Recorder
from rts.sim.trace import Trace

LIVENESS = "liveness"
SELF_CHECK = "self-check"
POLL_NS = 50 * MILLISECOND
RETRY_NS = 100 * MILLISECOND
LINGER_NS = 20 * MILLISECOND
"""After the last step, so that what it set off can happen."""
FOREVER_NS = 24 * 3600 * SECOND


class Cluster(Protocol):
    """What is run: machines on a network, and clients of the store on them."""

    names: tuple[str, ...]
    pump: Pump
    trace: Trace
    network: SimNetwork
    nodes: dict[str, SimNode]
    clients: dict[str, SimClient]
    faults: Faults

    def start(self) -> None:
        """Switch every machine on."""

    def client(self, name: str, begun: Any, ended: Any) -> SimClient:
        """A new client session at address `name`; see `SimClient` for what is called."""

    def is_settled(self) -> bool:
        """Whether nothing is under way any more that a read could see."""


class WholeRun(ABC):
    """A schedule under way on a cluster. `settle_ns`: how long after the faults all must be well again."""

    start_ns: ClassVar[int] = MILLISECOND
    """When the first step's delay begins."""

    def __init__(
        self,
        schedule: Schedule,
        cluster: Cluster,
        invariants: Invariants,
        *,
        bug: str | None,
        sessions: Sequence[str],
        settle_ns: int,
    ) -> None:
        self.schedule = schedule
        self.bug = bug
        self.nodes = cluster.nodes
        self.whole = cluster
        self.invariants = invariants
        self.settle_ns = settle_ns
        self.pump = cluster.pump
        self.trace = cluster.trace
        self.recorder = Recorder(self.pump, self.trace)
        self.breaches: list[Breach] = []
        self.phase: Literal["main", "final"] = "main"
        self.last_seen: dict[tuple[str, str], object] = {}
        self.newest = ORIGIN
        self.written: dict[str, Lsn] = {}
        self.busy = 0
        self.steps_left = len(schedule.steps)
        for name in sessions:
            cluster.client(name, self.begun, self.ended)

    # --- what a store adds ----------------------------------------------------------------------------------

    def after_fault(self) -> None:  # noqa: B027  # a hook
        """A fault step was done."""

    def before_healing(self) -> None:  # noqa: B027  # a hook
        """All steps are done, and the faults still last."""

    @abstractmethod
    def see_to_a_leader(self) -> None:
        """Do what the operator does after the faults, if anything."""

    def acknowledged(self, position: Lsn) -> None:  # noqa: B027  # a hook
        """A write was acknowledged at `position`."""

    def answered(self, request: Request, outcome: Outcome) -> None:  # noqa: B027  # a hook
        """An operation has ended."""

    def settled_late(self) -> None:  # noqa: B027  # a hook
        """Time is up, and something is still under way."""

    def read_at_the_end(self) -> list[int]:
        """The nodes that are read at the end, as places in the schedule's list."""
        return list(range(len(self.whole.names)))

    @abstractmethod
    def scores(self) -> dict[str, float]:
        """Features that guide a search: how much went wrong, and how far apart the nodes were."""

    # --- the run --------------------------------------------------------------------------------------------

    def run(self) -> Run:
        """Run it all."""
        self.whole.start()
        self.play_steps()
        self.before_healing()
        self.end_faults()
        self.write_once_more()
        self.settle()
        self.read_every_node()
        for node in self.nodes.values():
            for message in node.broken[:1]:
                self.breaches.append(Breach(SELF_CHECK, message, self.pump.now, node.name))
        breaches = (*self.breaches, *self.invariants.breaches.values())
        states = dict(sorted(self.trace.states.items()))
        faults = {kind: FaultCount(*count) for kind, count in self.trace.faults().items()}
        return Run(
            schedule=self.schedule,
            bug=self.bug,
            operations=self.recorder.operations,
            one_log=True,
            real_time_writes=True,
            events=self.trace.events,
            simulated_ns=self.pump.now,
            breaches=breaches,
            watched=self.watched(),
            faults=faults,
            states=states,
            scores=self.scores(),
        )

    def watched(self) -> Mapping[str, int]:
        """How often each invariant, and liveness, was checked."""
        return {**self.invariants.watched(), SELF_CHECK: self.invariants.checks, LIVENESS: 1}

    def play_steps(self) -> None:
        """Let every step happen at its time, and wait for all operations."""
        at = self.start_ns
        for number, step in enumerate(self.schedule.steps):
            at += step.after_ns
            if isinstance(step, OperationStep):
                self.busy += 1
                self.pump.at(at, self._submit, number, step)
            else:
                self.trace.draw(number, type(step).__struct_config__.tag)  # type: ignore[arg-type]  # a str
                self.pump.at(at, self._fault, number, step)
        if self.schedule.steps:
            self.pump.run(FOREVER_NS)
            self.wait(LINGER_NS)

    def _fault(self, number: int, step: object) -> None:
        self.whole.faults.apply(number, step)  # type: ignore[arg-type]  # no operation
        self.after_fault()
        self._step_done()

    def _step_done(self) -> None:
        self.steps_left -= 1
        if self.steps_left == 0 and self.busy == 0:
            self.pump.stopped = True

    def _submit(self, number: int, step: OperationStep) -> None:
        client = self.whole.clients[step.session]
        client.submit(lambda: self._request(number, step))
        self._step_done()

    def _request(self, number: int, step: OperationStep) -> Request:
        match step:
            case Write():
                return Request(operation="write", keys=(step.key,), value=number + 1, needs=step.needs)
            case Delete():
                return Request(operation="delete", keys=(step.key,))
            case CompareAndSet():
                expected = self.last_seen.get((step.session, step.key))
                return Request(operation="cas", keys=(step.key,), expected=expected, value=number + 1)
            case Read():
                mode = step.mode or self.schedule.mode
                return Request(
                    operation="read", keys=(step.key,), mode=mode, replica=step.replica, needs=step.needs
                )

    def begun(self, client: SimClient, request: Request) -> None:
        """A client starts an operation."""
        self.recorder.begin(client.name, request, phase=self.phase)
        if request.operation == "read" and self.phase == "main":
            nodes = self.nodes.values()
            if any(node.up and node.core.applied < self.newest.index for node in nodes):
                self.trace.reach(BEHIND_AT_A_READ)

    def ended(self, client: SimClient, request: Request, outcome: Outcome) -> None:
        """A client's operation returns, or is given up."""
        self.recorder.end(client.name, request, outcome)
        if outcome.status == "ok":
            if request.operation == "read":
                _, value, version = outcome.items[0]
                self.last_seen[client.name, request.keys[0]] = value
                if version is not None and version < self.written.get(request.keys[0], ORIGIN):
                    self.trace.reach("stale read")
            else:
                self.last_seen[client.name, request.keys[0]] = request.value
                if outcome.position is not None:
                    self.written[request.keys[0]] = outcome.position
                    self.newest = max(self.newest, outcome.position)
                    self.acknowledged(outcome.position)
        self.answered(request, outcome)
        self.busy -= 1
        if self.busy == 0 and self.steps_left <= 0:
            self.pump.stopped = True

    # --- after the faults -----------------------------------------------------------------------------------

    def end_faults(self) -> None:
        """Heal everything, and see to it that somebody leads."""
        self.whole.network.reset_connections()
        self.whole.faults.end()
        self.healed_at = self.pump.now
        self.deadline = self.healed_at + self.settle_ns
        self.trace.events.append((self.pump.now, "healed"))
        self.run_for(3 * POLL_NS)
        self.see_to_a_leader()

    def run_for(self, nanoseconds: int) -> None:
        """Let time pass after the faults have ended."""
        self.pump.run(self.pump.now + nanoseconds)
        self.pump.now = max(self.pump.now, self.healed_at)

    def write_once_more(self) -> None:
        """A write on a key of its own must succeed within the bound: the cluster is alive."""
        client = self.whole.client(LIVENESS, self.begun, self.ended)
        value = len(self.schedule.steps)
        while self.pump.now < self.deadline:
            value += 1
            self.do(client, Request(operation="write", keys=(LIVENESS,), value=value))
            if self.recorder.operations[-1].status == "ok":
                return
            self.wait(RETRY_NS)
            self.restart_what_stopped()
            self.see_to_a_leader()
        bound = self.settle_ns / SECOND
        self.breach_liveness(f"no write succeeded within {bound:g} s after all faults had ended")

    def breach_liveness(self, explanation: str) -> None:
        """Progress was promised and not made; the first time is kept."""
        if not any(breach.guarantee == LIVENESS for breach in self.breaches):
            self.breaches.append(Breach(LIVENESS, explanation, self.pump.now))

    def do(self, client: SimClient, request: Request) -> None:
        """One operation, waited for."""
        self.busy = 1
        client.submit(lambda: request)
        self.pump.run(FOREVER_NS)

    def wait(self, nanoseconds: int) -> None:
        """Let exactly so much time pass."""
        self.pump.at(self.pump.now + nanoseconds, self._stop)
        self.pump.run(FOREVER_NS)

    def _stop(self) -> None:
        self.pump.stopped = True

    def settle(self) -> None:
        """Wait until nothing is under way any more, within the bound."""
        while not self.whole.is_settled():
            if self.pump.now >= self.deadline:
                self.settled_late()
                return
            self.wait(POLL_NS)
            self.restart_what_stopped()

    def restart_what_stopped(self) -> None:
        """A supervisor starts nodes again that stopped themselves (over a disk that was full, say)."""
        for node in self.nodes.values():
            if not node.up:
                node.start()

    def read_every_node(self) -> None:
        """Read all keys from every node, one session a node."""
        self.phase = "final"
        keys = keys_of(self.schedule)
        clients = [
            (place, self.whole.client(f"final-{self.whole.names[place]}", self.begun, self.ended))
            for place in self.read_at_the_end()
        ]
        self.busy = len(keys) * len(clients)
        if not self.busy:
            return
        for place, client in clients:
            for key in keys:
                request = Request(operation="read", keys=(key,), mode="replica", replica=place)
                client.submit(lambda request=request: request)  # type: ignore[misc]  # a bound default
        self.pump.run(FOREVER_NS)
