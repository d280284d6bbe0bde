"""One schedule, run on a simulated cluster of one's own store, from the first step to the last read.

The steps; then the faults end; then, within the time that the store is given to settle, a write must succeed;
then every node is read.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import trio
from trio.lowlevel import Task, reschedule

from rts.errors import ScheduleError
from rts.own.client import Client, Order
from rts.own.clock import Inbox, PumpClock, Rounds
from rts.own.node import Machine, Node
from rts.own.recorder import Recorder
from rts.own.session import Phase, Session, raised
from rts.runs import Breach, FaultCount, Run
from rts.runtime.scheduling import deterministic
from rts.schedule import (
    MILLISECOND,
    SECOND,
    CompareAndSet,
    Delete,
    Duplicate,
    Lag,
    OperationStep,
    Read,
    Reorder,
    Schedule,
    Write,
    keys_of,
    plain,
    sessions_of,
)
from rts.sim.faults import BasicFaults
from rts.sim.network import SimNetwork
from rts.sim.pump import Pump
from rts.sim.trace import Trace

if TYPE_CHECKING:
    from rts.own.store import Store

LIVENESS = "liveness"
SELF_CHECK = "self-check"
START_NS = MILLISECOND
RETRY_S = 0.1


class Simulation:
    """Runs one schedule of a store, once. Raises `ScheduleError` for steps that the store does not
    support."""

    def __init__(self, store: Store, schedule: Schedule) -> None:
        self.store = store
        self.schedule = schedule
        self.pump = Pump()
        self.trace = Trace()
        self.clock = PumpClock(self.pump, self._end, self._stuck)
        self.network = SimNetwork(self.pump, self.trace, jitter=schedule.jitter)
        self.recorder = Recorder(self.pump, self.trace)
        self.breaches: dict[tuple[str, str], Breach] = {}
        self.sessions: dict[str, Session] = {}
        self.busy = 0
        self.steps_left = len(schedule.steps)
        self.machines: dict[str, Machine] = {}
        for name in schedule.nodes:
            machine = Machine(name, schedule.nodes, self.clock, self.network, self.trace, self._begin_life)
            self.machines[name] = machine
            self.network.join(name, machine, node=True)
        self.faults = BasicFaults(self.network, self.machines, self.trace)
        self._check_steps()

    def _check_steps(self) -> None:
        for number, step in enumerate(self.schedule.steps):
            kind = plain(step)["step"]
            if kind not in self.store.supported_steps:
                raise ScheduleError(f"steps[{number}]: {self.store.name} has no steps of the kind {kind!r}")
            node = getattr(step, "node", None)
            if node is not None and node not in self.machines:
                raise ScheduleError(f"steps[{number}].node: there is no node {node!r}")

    # --- the run --------------------------------------------------------------------------------------------

    def run(self) -> Run:
        """Run it all."""
        instruments = [Rounds(self.pump, self.trace, self._store_never_ends)]
        try:
            with deterministic(self.schedule.jitter):
                trio.run(self._main, clock=self.clock, instruments=instruments)
        except BaseExceptionGroup as group:
            if group.subgroup(KeyboardInterrupt) is not None:
                raise KeyboardInterrupt from None
            raise
        if self.clock.error is not None:
            raise self.clock.error
        states = dict(sorted(self.trace.states.items()))
        return Run(
            schedule=self.schedule,
            bug=None,
            operations=self.recorder.operations,
            one_log=self.store.one_log,
            real_time_writes=self.store.real_time_writes,
            events=self.trace.events,
            simulated_ns=self.pump.now,
            breaches=tuple(self.breaches.values()),
            watched={SELF_CHECK: len(self.trace.events), LIVENESS: 1},
            faults={kind: FaultCount(*count) for kind, count in self.trace.faults().items()},
            states=states,
            scores={
                "faults that took hold": float(len(self.trace.took_hold)),
                "rare states": float(len(states)),
            },
        )

    async def _main(self) -> None:
        async with trio.open_nursery() as nursery:
            self.nursery = nursery
            self.quiet = trio.Event()
            # One after another, a nanosecond apart: what they do at the same time later has an order.
            for machine in self.machines.values():
                self.pump.at(self.pump.now, machine.start)
            # All of them now: a fault on every link is one on theirs too.
            for place, name in enumerate(sessions_of(self.schedule)):
                self._add_session(name, place)
            self._play_steps()
            await trio.sleep_until(START_NS / 2 / SECOND)
            await self._until_quiet()
            self._end_faults()
            await self._write_once_more()
            await trio.sleep_until(self.deadline_s)
            await self._read_every_node()
            self._end()

    def _end(self) -> None:
        """End the run as it stands."""
        self.clock.over = True
        for machine in self.machines.values():
            machine.retire()
        self.nursery.cancel_scope.cancel()

    def _store_never_ends(self, reason: str) -> None:
        self._broke("", f"the store would run for ever: {reason}")
        self._end()

    def _stuck(self) -> None:
        """Every task waits for what will not happen, cancelled or not: wake them, whatever they shield."""
        self._store_never_ends("a task that shields itself from cancellation waits for what will not happen")
        for task in _innermost(self.nursery):
            reschedule(task)

    def _broke(self, where: str, what: str) -> None:
        """The store's own code went wrong; the first time at each place is kept."""
        node = where if where in self.machines else None
        self.breaches.setdefault((SELF_CHECK, where), Breach(SELF_CHECK, what, self.pump.now, node))

    # --- nodes ----------------------------------------------------------------------------------------------

    def _begin_life(self, node: Node) -> trio.CancelScope:
        scope = trio.CancelScope()
        # Its own copy of the store: what `serve` keeps on `self` is this life's memory.
        self.nursery.start_soon(self._live, copy.copy(self.store), node, scope)
        return scope

    async def _live(self, store: Store, node: Node, scope: trio.CancelScope) -> None:
        what = "returned: a node's life should go on until it is cancelled"
        with scope:
            try:
                await store.serve(node)
            except Exception as error:
                what = raised(error)
        machine = self.machines[node.name]
        if machine.node is node:
            self._broke(node.name, f"serve of {node.name} {what}")
            machine.crash()

    # --- steps ----------------------------------------------------------------------------------------------

    def _play_steps(self) -> None:
        at = START_NS
        for number, step in enumerate(self.schedule.steps):
            at += step.after_ns
            if isinstance(step, OperationStep):
                self.busy += 1
                self.pump.at(at, self._submit, number, step)
            else:
                self.trace.draw(number, plain(step)["step"])
                self.pump.at(at, self._fault, number, step)

    def _fault(self, number: int, step: Any) -> None:
        self.faults.apply(number, step)
        self._step_done()

    def _submit(self, number: int, step: OperationStep) -> None:
        session = self.sessions[step.session]
        match step:
            case Write():
                order = Order("write", step.key, number + 1, session.place)
            case Delete():
                order = Order("delete", step.key, None, session.place)
            case CompareAndSet():
                order = Order("cas", step.key, number + 1, session.place)
            case Read():
                order = Order("read", step.key, None, step.replica)
        session.orders.put(order)
        self._step_done()

    def _add_session(self, name: str, place: int, phase: Phase = "main") -> Session:
        client = Client(name, self.schedule.nodes, self.clock, self.network, self.trace)
        session = Session(
            copy.copy(self.store),
            client,
            place,
            Inbox(self.clock),
            self.recorder,
            self.trace,
            mode=self.schedule.mode,
            phase=phase,
            done=self._operation_done,
            broke=self._broke,
        )
        self.sessions[name] = session
        self.network.join(name, client, node=False)
        self.nursery.start_soon(session.run)
        return session

    def _step_done(self) -> None:
        self.steps_left -= 1
        self._look_whether_quiet()

    def _operation_done(self) -> None:
        self.busy -= 1
        self._look_whether_quiet()

    def _look_whether_quiet(self) -> None:
        if self.steps_left <= 0 and self.busy == 0:
            self.quiet.set()
            self.clock.woke = True

    async def _until_quiet(self) -> None:
        """Until all steps were played and all operations have ended."""
        if self.steps_left > 0 or self.busy:
            await self.quiet.wait()
        self.quiet = trio.Event()

    # --- after the faults -----------------------------------------------------------------------------------

    def _end_faults(self) -> None:
        """Heal everything. What is under way stays so: the store is given time from the last late arrival
        on."""
        for machine in self.machines.values():
            machine.disarm()
        self.faults.end()
        self.trace.events.append((self.pump.now, "healed"))
        self.deadline_s = (self.pump.now + self._latest_ns()) / SECOND + self.store.settle_s

    def _latest_ns(self) -> int:
        """How late a message can be at most that was sent before."""
        steps = self.schedule.steps
        return sum(
            max((step.delay_ns for step in steps if isinstance(step, kind)), default=0)
            for kind in (Lag, Duplicate, Reorder)
        )

    async def _write_once_more(self) -> None:
        """A write on a key of its own must succeed within the bound: the cluster is alive."""
        session = self._add_session(LIVENESS, 0)
        value = len(self.schedule.steps)
        draw = 0
        while trio.current_time() < self.deadline_s:
            value += 1
            self.busy = 1
            session.orders.put(Order("write", LIVENESS, value, draw))
            await self._until_quiet()
            if session.last_succeeded:
                return
            draw += 1
            await trio.sleep(RETRY_S)
            self._restart_what_stopped()
        bound = f"{self.store.settle_s:g} s"
        explanation = f"no write succeeded within {bound} after all faults had ended"
        self.breaches[LIVENESS, ""] = Breach(LIVENESS, explanation, self.pump.now)

    def _restart_what_stopped(self) -> None:
        """A supervisor starts nodes again whose `serve` ended."""
        for machine in self.machines.values():
            if not machine.up:
                machine.start()

    async def _read_every_node(self) -> None:
        keys = keys_of(self.schedule)
        if not self.store.reads_at_nodes or not keys:
            return
        self.busy = len(keys) * len(self.machines)
        for place, name in enumerate(self.machines):
            session = self._add_session(f"final-{name}", place, "final")
            for key in keys:
                self.pump.at(self.pump.now, session.orders.put, Order("read", key, node=name))
        await self._until_quiet()


def _innermost(nursery: trio.Nursery) -> Iterator[Task]:
    """The tasks below a nursery that wait for something else than tasks of their own."""
    for task in nursery.child_tasks:
        inner = [below for nested in task.child_nurseries for below in _innermost(nested)]
        yield from inner or [task]
