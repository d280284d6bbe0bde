"""A replicated store without replicas: `simulate` computes by arithmetic what clients of one would have seen.

`n0` leads. A write reaches a follower one hop later than the leader, plus the lag of the link, in order.
Reads of `any-follower` go to the follower that their `replica` draw selects, so they can be stale. Other
faults are tolerated and change nothing, except that a crashed or paused node answers no reads.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from checker import Operation
from rts.errors import ScheduleError
from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration, SeededBug
from rts.runs import Breach, FaultCount, Run
from rts.schedule import (
    MILLISECOND,
    SECOND,
    AnyStep,
    CompareAndSet,
    Crash,
    Delete,
    Heal,
    Lag,
    Pause,
    Promote,
    Read,
    Rejoin,
    Restart,
    Resume,
    Schedule,
    Write,
)

HOP_NS = MILLISECOND
NODES = ("n0", "n1", "n2")

PROFILE = Profile(
    nodes=NODES,
    operations={"write": 3, "read": 5, "delete": 1, "cas": 1},
    faults={"lag": 4, "promote": 1, "heal": 1}
    | dict.fromkeys(("crash", "restart", "pause", "resume", "rejoin"), 1),
    budget=Budget(),
    settings={"heartbeat_ms": (100, 50, 500)},
    steps=20,
)

ANY_FOLLOWER = Configuration(
    name="any follower",
    mode="any-follower",
    table="read modes",
    holds=("monotonic-writes", "convergence", "no-lost-acknowledged-writes", "applied-in-order"),
    breaks=("read-your-writes", "monotonic-reads", "bounded-staleness"),
    profile=PROFILE,
    staleness="1s",
)
LEADER = Configuration(
    name="leader",
    mode="leader",
    table="read modes",
    holds=("read-your-writes", "monotonic-reads", "no-lost-acknowledged-writes"),
    breaks=(),
    profile=PROFILE,
)

# What the bug `deep` needs, in this order: too rare to be met without guidance.
DEEP_ORDER = (Crash, Restart, Lag, Promote, CompareAndSet, Delete)


@dataclass
class FakeSystem:
    """See the module's text. `simulations` counts the calls."""

    name: str = "fake"
    simulations: int = 0
    configurations: tuple[Configuration, ...] = (ANY_FOLLOWER, LEADER)
    bugs: dict[str, SeededBug] = field(
        default_factory=lambda: {
            "reads-from-follower": SeededBug(
                name="reads-from-follower",
                configuration=replace(LEADER, holds=(), breaks=("read-your-writes",)),
                guarantee="read-your-writes",
                description="a leader read is answered by a follower",
            ),
            "overtaking": SeededBug(
                name="overtaking",
                configuration=replace(ANY_FOLLOWER, holds=(), breaks=("applied-in-order",)),
                guarantee="applied-in-order",
                description="a follower applies writes in the order of their arrival",
            ),
            "deep": SeededBug(
                name="deep",
                configuration=replace(LEADER, holds=(), breaks=("liveness",)),
                guarantee="liveness",
                description="six kinds of steps in one order stop the store",
            ),
            "raises": SeededBug(
                name="raises",
                configuration=LEADER,
                guarantee="read-your-writes",
                description="the simulation itself fails",
            ),
        }
    )

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        self.simulations += 1
        unknown = sorted(set(schedule.settings) - {"heartbeat_ms"})
        if unknown:
            raise ScheduleError(f"settings: the fake system has no {unknown[0]!r}")
        if bug == "raises" and len(schedule.steps) > 3:
            raise RuntimeError("the fake system fell over")
        return _Simulation(schedule, bug).run()


class _Simulation:
    def __init__(self, schedule: Schedule, bug: str | None) -> None:
        self.schedule = schedule
        self.bug = bug
        self.now = 0
        self.lags: dict[str, int] = {}
        self.down: set[str] = set()
        # For each node (arrival, position, key, value), in the order of positions.
        self.logs: dict[str, list[tuple[int, int, str, Any]]] = {node: [] for node in NODES}
        self.free_at: dict[str, int] = {}
        self.seen: dict[tuple[str, str], Any] = {}
        self.position = 0
        self.operations: list[Operation] = []
        self.events: list[tuple[Any, ...]] = []
        self.breaches: list[Breach] = []
        self.drawn: Counter[str] = Counter()
        self.took_hold: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.deep_progress = 0

    def run(self) -> Run:
        for number, step in enumerate(self.schedule.steps, start=1):
            self.now += step.after_ns
            self.events.append((self.now, type(step).__name__, number))
            if self.deep_progress < len(DEEP_ORDER) and isinstance(step, DEEP_ORDER[self.deep_progress]):
                self.deep_progress += 1
            self.apply(number, step)
        self.now = max([self.now, *self.free_at.values()]) + 10 * SECOND
        keys = dict.fromkeys(operation.key for operation in self.operations)
        for node in NODES:
            for key in keys:
                self.read(f"final-{node}", str(key), node, phase="final")
        if self.bug == "deep" and self.deep_progress == len(DEEP_ORDER):
            self.breaches.append(Breach("liveness", "No write succeeded within 10 s of healing.", self.now))
        return Run(
            schedule=self.schedule,
            bug=self.bug,
            operations=self.operations,
            one_log=True,
            real_time_writes=True,
            events=self.events,
            simulated_ns=self.now,
            breaches=tuple(self.breaches),
            watched={"applied-in-order": self.position * 2, "liveness": 1},
            faults={kind: FaultCount(count, self.took_hold[kind]) for kind, count in self.drawn.items()},
            states=dict(self.states),
            scores={"deep": float(self.deep_progress)},
        )

    def apply(self, number: int, step: AnyStep) -> None:
        match step:
            case Write(session=session, key=key):
                self.write(session, key, number, "write")
            case Delete(session=session, key=key):
                self.write(session, key, None, "delete")
            case CompareAndSet(session=session, key=key):
                self.compare_and_set(session, key, number)
            case Read(session=session, key=key):
                self.read(session, key, self.server(step))
            case Lag(source=source, target=target, delay_ns=delay_ns):
                self.drawn["lag"] += 1
                if source in ("n0", "*"):
                    self.lags.update({node: delay_ns for node in NODES[1:] if target in (node, "*")})
            case Heal():
                self.lags.clear()
            case Crash(node=node) | Pause(node=node):
                self.drawn["crash"] += 1
                self.down.add(node)
            case Restart(node=node) | Resume(node=node) | Rejoin(node=node):
                self.down.discard(node)
            case _:
                pass

    def server(self, step: Read) -> str:
        followers = self.schedule.nodes[1:] or NODES[1:]
        if (step.mode or self.schedule.mode) == "leader" and self.bug != "reads-from-follower":
            return "n0"
        return followers[step.replica % len(followers)]

    def begin(self, session: str) -> int:
        """A session that is busy makes all that follows wait."""
        self.now = max(self.now, self.free_at.get(session, 0) + 1)
        return self.now

    def value_at(self, node: str, key: str, when: int) -> tuple[Any, int | None]:
        for arrival, position, written, value in reversed(self.logs[node]):
            if written == key and arrival <= when:
                return value, position
        return None, None

    def write(self, session: str, key: str, value: Any, kind: str, **more: Any) -> None:
        start = self.begin(session)
        self.position += 1
        for node in NODES:
            lag = self.lags.get(node, 0)
            self.took_hold["lag"] += bool(lag)
            arrival = start + HOP_NS * (1 if node == "n0" else 2) + lag
            log = self.logs[node]
            if log and log[-1][0] > arrival:
                if self.bug == "overtaking":
                    self.breaches.append(
                        Breach("applied-in-order", f"{node} applied {self.position} early.", arrival, node)
                    )
                arrival = log[-1][0]
            log.append((arrival, self.position, key, value))
        self.seen[session, key] = value
        self.record(session, kind, key, start, "n0", value=value, position=self.position, **more)

    def compare_and_set(self, session: str, key: str, value: Any) -> None:
        expected = self.seen.get((session, key))
        start = self.begin(session)
        if self.value_at("n0", key, start + HOP_NS)[0] == expected:
            self.write(session, key, value, "cas", expected=expected)
        else:
            self.record(session, "cas", key, start, "n0", value=value, expected=expected, status="fail")

    def read(self, session: str, key: str, node: str, phase: str = "main") -> None:
        start = self.begin(session)
        if node in self.down and phase == "main":
            self.took_hold["crash"] += 1
            self.record(session, "read", key, start, node, value=None, status="info", end=None)
            return
        value, version = self.value_at(node, key, start + HOP_NS)
        if version != self.value_at("n0", key, start + HOP_NS)[1]:
            self.states["stale read"] += 1
        self.seen[session, key] = value
        self.record(session, "read", key, start, node, value=value, version=version, phase=phase)

    def record(self, session: str, op: str, key: str, start: int, node: str, **more: Any) -> None:
        fields: dict[str, Any] = {"end": start + 2 * HOP_NS, "status": "ok", **more}
        self.free_at[session] = start + 2 * HOP_NS
        self.operations.append(
            Operation(
                index=len(self.operations), session=session, op=op, key=key, start=start, node=node, **fields
            )
        )


system = FakeSystem()
