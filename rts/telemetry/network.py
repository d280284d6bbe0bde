"""The network of a telemetry store, as a program sees it: what can go wrong on it, and the operator's
part."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec
import trio

from checker import Header, History
from rts.client.session import ClientSession, Outcome, Request
from rts.core.single_leader.settings import Settings
from rts.errors import CompareFailed, NotFresh, NotLeader, OutcomeUnknown, PromotionRefused, Refused
from rts.schedule import SECOND, Duplicate, Lag, Loss, Promote, Reorder
from rts.sim.client import SimClient
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.recorder import Recorder
from rts.sim.trace import Trace
from rts.sim.virtual import driver_here
from rts.telemetry.cluster import Cluster

PATIENCE_NS = 3600 * SECOND
"""Calls have no time-out of their own: Trio's cancel scopes are for that."""

REASONS: dict[str, type[Refused]] = {
    "another value than expected": CompareFailed,
    "no replica is within the bound": NotFresh,
    "no node leads": NotLeader,
}


class Network:
    """A simulated network and the machines on it.

    Inside `rts.run` it lives in virtual time; under any other Trio clock its time follows that clock.
    Directed links take 2.5 ms one way until a fault says otherwise. `jitter` seeds small differences between
    delays (0: none).
    """

    def __init__(self, *, jitter: int = 0) -> None:
        self._trace = Trace()
        self._driver = driver_here()
        self._sim = SimNetwork(self._driver.pump, self._trace, jitter=jitter)
        self._leader: str | None = None
        self._settings: dict[str, Any] = {}
        self._synchronous: list[str] = []
        self._asynchronous: list[str] = []
        self._cluster: Cluster | None = None
        self._recorder = Recorder(self._sim.pump, self._trace)
        self._fault = 0
        self._calls = 0
        self._idle: dict[tuple[str, ...] | None, list[SimClient]] = {}
        self._waiting: dict[str, deque[tuple[trio.Event, list[Outcome]]]] = {}
        self._cancelled = False

    # --- faults ---------------------------------------------------------------------------------------------

    def inject_lag(self, source: str, target: str, seconds: float) -> None:
        """Messages from `source` to `target` take `seconds` longer than a link's 2.5 ms."""
        self._apply(Lag(source=source, target=target, delay_ns=round(seconds * SECOND)))

    def drop(self, source: str, target: str, *, percent: int = 100) -> None:
        """So many of the messages from `source` to `target` are lost."""
        self._apply(Loss(source=source, target=target, percent=percent))

    def duplicate(self, source: str, target: str, *, percent: int = 100, later_s: float = 0.0) -> None:
        """So many of the messages from `source` to `target` arrive again, `later_s` seconds later."""
        delay_ns = round(later_s * SECOND)
        self._apply(Duplicate(source=source, target=target, percent=percent, delay_ns=delay_ns))

    def reorder(self, source: str, target: str, *, percent: int = 50, held_s: float = 0.02) -> None:
        """So many of the messages from `source` to `target` are held for `held_s` seconds, and overtaken."""
        delay_ns = round(held_s * SECOND)
        self._apply(Reorder(source=source, target=target, percent=percent, delay_ns=delay_ns))

    def partition(self, group_a: Iterable[str], group_b: Iterable[str], *, one_way: bool = False) -> None:
        """Nothing passes between the groups; `one_way`: nothing from `group_a` to `group_b`, all the other
        way."""
        self._fault += 1
        self._sim.cut(tuple(group_a), self._fault, into=not one_way, among=tuple(group_b))

    def heal(self) -> None:
        """All links are as they were at the start."""
        self._sim.heal()

    def crash(self, node_id: str, *, lose_disk: bool = False) -> None:
        """A node loses its memory and what its disk had not synced; with `lose_disk` the disk too."""
        self._machine(node_id).crash(lose_disk=lose_disk)

    def restart(self, node_id: str) -> None:
        """A crashed node starts again from its disk."""
        node = self._machine(node_id)
        if not node.up:
            node.start()

    async def promote(
        self, node_id: str, *, forced: bool = False, old: Literal["crash", "cut", "leave"] = "leave"
    ) -> None:
        """The operator makes `node_id` lead a new epoch, after doing to the old leader what `old` says.

        Raises `PromotionRefused` where the candidate may lack acknowledged writes (unless `forced`) or does
        not run.
        """
        cluster = await self.start()
        if not self._machine(node_id).up:
            raise PromotionRefused(f"{node_id} does not run")
        operator = cluster.operator
        answered = trio.Event()
        operator.on_answer = lambda answer: self._wake(answered)
        operator.promote(None, Promote(candidate=node_id, old=old, forced=forced))
        self._driver.ensure()
        await answered.wait()
        answer = operator.answer
        if answer is None or not answer.leads:
            raise PromotionRefused(answer.reason if answer else f"{node_id} does not answer")

    # --- what was seen --------------------------------------------------------------------------------------

    @property
    def history(self) -> History:
        """All operations so far, as a history that `checker.check` judges."""
        header = Header(system="telemetry", one_log=True, real_time_writes=True)
        return History.from_operations(list(self._recorder.operations), header=header)

    @property
    def current_leader(self) -> str | None:
        """The node that leads the highest epoch, as far as an onlooker can see."""
        leader = self._cluster.leader() if self._cluster else None
        return leader.name if leader else self._leader

    def lag(self) -> dict[str, int]:
        """For each node that runs, how many log entries what it shows is behind what the leader has
        acknowledged."""
        cluster = self._cluster
        leader = cluster.leader() if cluster else None
        if cluster is None or leader is None:
            return {}
        known = leader.core.committed
        return {name: max(0, known - node.core.applied) for name, node in cluster.nodes.items() if node.up}

    # --- for Leader, Follower and ReadRouter ----------------------------------------------------------------

    def settle_on(self, leader: str, **settings: Any) -> None:
        """Name the first leader and the cluster's settings; once, before anything runs."""
        if self._leader is not None:
            raise ValueError(f"this network's first leader is {self._leader}")
        self._leader = leader
        self._settings.update(settings)
        self._sim.nodes.add(leader)

    def add_follower(self, node_id: str, *, synchronous: bool) -> None:
        """Name a follower; once, before anything runs."""
        if self._cluster is not None:
            raise ValueError(f"{node_id} cannot be added: the cluster runs already")
        if node_id in (*self._synchronous, *self._asynchronous, self._leader):
            raise ValueError(f"{node_id} is in the cluster already")
        (self._synchronous if synchronous else self._asynchronous).append(node_id)
        self._sim.nodes.add(node_id)

    def settings(self) -> Settings:
        """The cluster's settings, as named so far."""
        named = dict(self._settings)
        named.setdefault("synchronous", tuple(self._synchronous))
        named.setdefault("members", (self._leader, *self._synchronous))
        if named.get("policy", "sync") == "sync" and not self._synchronous:
            named["policy"] = "none"
        return msgspec.convert({"timeout_ns": PATIENCE_NS, "wait_timeout_ns": PATIENCE_NS, **named}, Settings)

    async def start(self) -> Cluster:
        """The running cluster; at the first call the leader is switched on, after tasks that wait to run have
        run."""
        if self._cluster is None:
            self.build()
            await trio.lowlevel.checkpoint()
        assert self._cluster is not None
        assert self._leader is not None
        self._driver.ensure()
        return self._cluster

    def build(self) -> Cluster:
        """The cluster, with its leader switched on."""
        if self._cluster is None:
            if self._leader is None:
                raise ValueError("there is no leader on this network yet")
            names = (self._leader, *self._synchronous, *self._asynchronous)
            self._cluster = Cluster(names, self.settings(), network=self._sim)
            self._cluster.nodes[self._leader].start()
        return self._cluster

    def switch_on(self, node_id: str) -> SimNode:
        """Start a follower's machine."""
        node = self.build().nodes[node_id]
        if not node.up:
            node.start()
        self._driver.ensure()
        return node

    async def call(
        self,
        name: str | None,
        request: Request,
        *,
        nodes: tuple[str, ...] | None = None,
        prepare: Callable[[ClientSession], None] | None = None,
    ) -> Outcome:
        """One operation by the client session `name`, or by a nameless one, waited for. `nodes`: all that it
        may ask.

        A call that is cancelled is recorded as `info`: it may still take effect. Raises `Refused` or
        `OutcomeUnknown`.
        """
        cluster = await self.start()
        idle = self._idle.setdefault(nodes, [])
        client = self._client(cluster, name, nodes) if name is not None or not idle else idle.pop()
        if prepare is not None:
            prepare(client.session)
        event = trio.Event()
        outcomes: list[Outcome] = []

        def submitted() -> Request:
            return request

        self._waiting.setdefault(client.name, deque()).append((event, outcomes))
        client.submit(submitted)
        self._driver.ensure()
        try:
            await event.wait()
        except trio.Cancelled:
            if not outcomes:
                self._waiting[client.name].remove((event, outcomes))
                self._cancelled = True
                client.give_up(submitted)
                self._cancelled = False
            raise
        finally:
            if name is None:
                idle.append(client)
        return answer_of(outcomes[0])

    def _client(self, cluster: Cluster, name: str | None, nodes: tuple[str, ...] | None) -> SimClient:
        if name is None:
            self._calls += 1
            name = f"{'+'.join(nodes) if nodes else 'anonymous'}#{self._calls}"
        if name in cluster.nodes:
            raise ValueError(f"{name!r} is a node: a session needs a name of its own")
        known = cluster.clients.get(name)
        return known or cluster.client(name, self._begun, self._ended, nodes=nodes, local=True)

    def _begun(self, client: SimClient, request: Request) -> None:
        if is_recorded(request):
            self._recorder.begin(client.name, request, phase="main")

    def _ended(self, client: SimClient, request: Request, outcome: Outcome) -> None:
        if is_recorded(request):
            self._recorder.end(client.name, request, outcome)
        if self._cancelled:
            return
        event, outcomes = self._waiting[client.name].popleft()
        outcomes.append(outcome)
        self._wake(event)

    def _wake(self, event: trio.Event) -> None:
        event.set()
        self._driver.woke = True

    def _apply(self, step: Any) -> None:
        self._fault += 1
        self._sim.apply(self._fault, step)

    def _machine(self, node_id: str) -> SimNode:
        return self.build().nodes[node_id]


def is_recorded(request: Request) -> bool:
    """Whether a history has a place for it: reads of several keys at once are transactions, which nothing
    judges yet."""
    return request.prefix is None and len(request.keys) == 1


def answer_of(outcome: Outcome) -> Outcome:
    """The outcome, if it is an answer. Raises `Refused` or `OutcomeUnknown` if not."""
    if outcome.status == "fail":
        error = outcome.error or "refused"
        raise REASONS.get(error, Refused)(error)
    if outcome.status == "info":
        raise OutcomeUnknown(outcome.error)
    return outcome
