"""One schedule, run on a simulated cluster of the telemetry store, from the first step to the last read."""

from __future__ import annotations

from typing import Literal

import msgspec

from rts.client.requests import Outcome, Request
from rts.client.session import ClientSession
from rts.core.single_leader.replica import Replica
from rts.core.single_leader.settings import Settings
from rts.errors import ScheduleError
from rts.ids import ORIGIN, Lsn
from rts.runs import BEHIND_AT_A_READ, Breach, FaultCount, Run
from rts.schedule import (
    MILLISECOND,
    SECOND,
    CompareAndSet,
    Delete,
    OperationStep,
    Promote,
    Read,
    Schedule,
    Write,
    keys_of,
    sessions_of,
)
from rts.sim.client import SimClient
from rts.sim.invariants import Invariants
from rts.sim.invariants.leader_completeness import LeaderCompleteness
from rts.sim.invariants.log_matching import LogMatching
from rts.sim.invariants.monotonic import Monotonic
from rts.sim.invariants.one_leader import OneLeader
from rts.sim.invariants.state_machine_safety import StateMachineSafety
from rts.sim.recorder import Recorder
from rts.telemetry.cluster import Cluster

LIVENESS = "liveness"
SELF_CHECK = "self-check"
START_NS = MILLISECOND
POLL_NS = 50 * MILLISECOND
RETRY_NS = 100 * MILLISECOND
LINGER_NS = 20 * MILLISECOND
"""After the last step, so that what it set off can happen."""
FOREVER_NS = 24 * 3600 * SECOND


class Simulation:
    """Runs one schedule: its steps; then the faults end; then a write that must succeed; then every node is
    read."""

    def __init__(
        self,
        schedule: Schedule,
        *,
        bug: str | None = None,
        replica: type[Replica] = Replica,
        session: type[ClientSession] = ClientSession,
    ) -> None:
        try:
            settings = msgspec.convert(schedule.settings, Settings)
        except msgspec.ValidationError as error:
            raise ScheduleError(f"settings: {error}") from None
        self.schedule = schedule
        self.bug = bug
        self.settings = settings
        names = sessions_of(schedule)
        self.completeness = LeaderCompleteness(self.was_forced)
        self.invariants = Invariants(
            (
                LogMatching(),
                StateMachineSafety(),
                self.completeness,
                OneLeader(),
                Monotonic(self.was_forced),
            )
        )
        self.cluster = Cluster(
            schedule.nodes,
            settings,
            jitter=schedule.jitter,
            replica=replica,
            session=session,
            watch=self.invariants.watch,
            users={name: f"user-{place // 2}" for place, name in enumerate(sorted(names))},
        )
        self.pump = self.cluster.pump
        self.trace = self.cluster.trace
        self.recorder = Recorder(self.pump, self.trace)
        self.breaches: list[Breach] = []
        self.phase: Literal["main", "final"] = "main"
        self.last_seen: dict[tuple[str, str], object] = {}
        self.newest = ORIGIN
        self.fewest_copies = len(schedule.nodes)
        self.written: dict[str, Lsn] = {}
        self.busy = 0
        self.steps_left = len(schedule.steps)
        for name in names:
            self.cluster.client(name, self._begun, self._ended)

    def was_forced(self) -> bool:
        """Whether the operator forced a promotion."""
        return self.cluster.operator.forced

    # --- the run --------------------------------------------------------------------------------------------

    def run(self) -> Run:
        """Run it all."""
        self.cluster.start()
        self._play_steps()
        self._end_faults()
        self._write_once_more()
        self._settle()
        self._read_every_node()
        for node in self.cluster.nodes.values():
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
            watched={**self.invariants.watched(), SELF_CHECK: self.invariants.checks, LIVENESS: 1},
            faults=faults,
            states=states,
            scores=self._scores(),
        )

    def _play_steps(self) -> None:
        at = START_NS
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
            self._wait(LINGER_NS)

    def _fault(self, number: int, step: object) -> None:
        self.cluster.faults.apply(number, step)  # type: ignore[arg-type]  # no operation
        self._count_copies()
        self._step_done()

    def _step_done(self) -> None:
        self.steps_left -= 1
        if self.steps_left == 0 and self.busy == 0:
            self.pump.stopped = True

    def _submit(self, number: int, step: OperationStep) -> None:
        client = self.cluster.clients[step.session]
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

    def _begun(self, client: SimClient, request: Request) -> None:
        self.recorder.begin(client.name, request, phase=self.phase)
        if request.operation == "read" and self.phase == "main":
            nodes = self.cluster.nodes.values()
            if any(node.up and node.core.applied < self.newest.index for node in nodes):
                self.trace.reach(BEHIND_AT_A_READ)

    def _ended(self, client: SimClient, request: Request, outcome: Outcome) -> None:
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
                    self.completeness.acknowledged.append(outcome.position)
        self.busy -= 1
        if self.busy == 0 and self.steps_left <= 0:
            self.pump.stopped = True

    def _count_copies(self) -> None:
        """How few disks ever held the newest acknowledged write: the fewer, the closer to a loss."""
        newest = self.newest
        if newest == ORIGIN:
            return
        held = 0
        for node in self.cluster.nodes.values():
            core = node.core
            if core is not None and core.own.disk == node.disk.identity and core.persisted >= newest.index:
                held += core.log.base >= newest.index or core.log.lsn_at(newest.index) == newest
        self.fewest_copies = min(self.fewest_copies, held)

    # --- after the faults -----------------------------------------------------------------------------------

    def _end_faults(self) -> None:
        """Heal everything, and see to it that somebody leads."""
        self.cluster.network.reset_connections()
        self.cluster.faults.end()
        self.healed_at = self.pump.now
        self.deadline = self.healed_at + self.settings.settle_ns
        self.trace.events.append((self.pump.now, "healed"))
        self._run_for(3 * POLL_NS)
        self._appoint()

    def _appoint(self) -> None:
        """If no leader lives, the operator promotes the best that is eligible."""
        operator = self.cluster.operator
        candidates = [node.name for node in operator.by_merit(list(self.cluster.nodes.values()))]
        for name in candidates:
            if self._is_led():
                return
            operator.command(name, forced=self.settings.policy == "none" or operator.forced)
            self._run_for(10 * POLL_NS)
        if not self._is_led():
            # Nobody is eligible. The operator, who sees every disk that is left, forces the newest log.
            self.trace.reach("operator had to force")
            newest = max(self.cluster.nodes.values(), key=lambda node: (node.up, node.core.log.last))
            operator.command(newest.name, forced=True)
            self._run_for(10 * POLL_NS)

    def _is_led(self) -> bool:
        """Whether the newest leader that anybody heard of leads, and does not wait for a disk that is gone
        for good."""
        operator = self.cluster.operator
        leader = self.cluster.leader()
        heard_of = max(node.core.epoch for node in self.cluster.nodes.values())
        if leader is None or leader.core.epoch < max(operator.led, heard_of):
            return False
        waits_for_all = self.settings.policy == "sync"
        return not (waits_for_all and set(leader.core.members) & set(operator.destroyed()))

    def _run_for(self, nanoseconds: int) -> None:
        self.pump.run(self.pump.now + nanoseconds)
        self.pump.now = max(self.pump.now, self.healed_at)

    def _write_once_more(self) -> None:
        """A write on a key of its own must succeed within the bound: the cluster is alive."""
        client = self.cluster.client(LIVENESS, self._begun, self._ended)
        value = len(self.schedule.steps)
        while self.pump.now < self.deadline:
            value += 1
            self._do(client, Request(operation="write", keys=(LIVENESS,), value=value))
            if self.recorder.operations[-1].status == "ok":
                return
            self._wait(RETRY_NS)
            self._restart_what_stopped()
            self._appoint()
        bound = self.settings.settle_ns / SECOND
        explanation = f"no write succeeded within {bound:g} s after all faults had ended"
        self.breaches.append(Breach(LIVENESS, explanation, self.pump.now))

    def _do(self, client: SimClient, request: Request) -> None:
        self.busy = 1
        client.submit(lambda: request)
        self.pump.run(FOREVER_NS)

    def _wait(self, nanoseconds: int) -> None:
        self.pump.at(self.pump.now + nanoseconds, self._stop)
        self.pump.run(FOREVER_NS)

    def _stop(self) -> None:
        self.pump.stopped = True

    def _settle(self) -> None:
        """Wait until nothing is under way any more, within the bound."""
        while not self.cluster.is_settled() and self.pump.now < self.deadline:
            self._wait(POLL_NS)
            self._restart_what_stopped()

    def _restart_what_stopped(self) -> None:
        """A supervisor starts nodes again that stopped themselves (over a disk that was full, say)."""
        for node in self.cluster.nodes.values():
            if not node.up:
                node.start()

    def _read_every_node(self) -> None:
        self.phase = "final"
        keys = keys_of(self.schedule)
        clients = [
            (place, self.cluster.client(f"final-{name}", self._begun, self._ended))
            for place, name in enumerate(self.cluster.names)
        ]
        self.busy = len(keys) * len(clients)
        if not self.busy:
            return
        for place, client in clients:
            for key in keys:
                request = Request(operation="read", keys=(key,), mode="replica", replica=place)
                client.submit(lambda request=request: request)  # type: ignore[misc]  # a bound default
        self.pump.run(FOREVER_NS)

    def _scores(self) -> dict[str, float]:
        """Features that guide a search: how much went wrong, and how far apart the replicas were."""
        states = self.trace.states
        stale = sum(states[name] for name in ("tail truncated", "two live leaders", "info write seen later"))
        promoted = sum(isinstance(step, Promote) for step in self.schedule.steps)
        return {
            "faults that took hold": float(sum(held for _, held in self.trace.faults().values())),
            "few copies": float(len(self.schedule.nodes) - self.fewest_copies),
            "rare states": float(len(states)),
            "close to a loss": float(stale * (1 + promoted)),
        }
