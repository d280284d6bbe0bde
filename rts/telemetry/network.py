"""The network of a telemetry store, as a program sees it: what can go wrong on it, the operator's part, and
what was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import msgspec
import trio

from checker import Header, History
from rts.client.requests import Outcome, Request
from rts.client.session import ClientSession
from rts.client.tokens import Tokens
from rts.core.single_leader.promotion import PromotionAnswer
from rts.core.single_leader.settings import Settings
from rts.errors import PromotionRefused
from rts.schedule import SECOND, Promote
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.trace import Trace
from rts.sim.virtual import driver_here
from rts.telemetry.calls import Caller, Calls
from rts.telemetry.cluster import Cluster
from rts.telemetry.links import Links


class Alert(NamedTuple):
    """Something an operator should know: when (seconds), who noticed it, what it is."""

    at_s: float
    source: str
    what: str


class Network(Links):
    """A simulated network and the machines on it.

    Inside `rts.run` it lives in virtual time; under any other Trio clock its time follows that clock.
    Directed links between nodes take 2.5 ms until a fault says otherwise. `jitter` seeds small differences
    between delays (0: none).
    """

    def __init__(self, *, jitter: int = 0) -> None:
        self._trace = Trace()
        self._driver = driver_here()
        super().__init__(SimNetwork(self._driver.pump, self._trace, jitter=jitter))
        self._leader: str | None = None
        self._settings: dict[str, Any] = {}
        self._size: int | None = None
        self._synchronous: list[str] = []
        self._asynchronous: list[str] = []
        self._cluster: Cluster | None = None
        self._calls: Calls | None = None
        self._kept: dict[str, Tokens] = {}
        self._promotions: dict[int, tuple[trio.Event, list[PromotionAnswer]]] = {}

    # --- machines -------------------------------------------------------------------------------------------

    def crash(self, node_id: str, *, lose_disk: bool = False) -> None:
        """A node loses its memory and what its disk had not synced; with `lose_disk` the disk too."""
        node = self.node(node_id)
        if node.up or lose_disk:
            node.crash(lose_disk=lose_disk)

    def restart(self, node_id: str) -> None:
        """A crashed node starts again from its disk."""
        self.switch_on(node_id)

    # --- the operator ---------------------------------------------------------------------------------------

    async def promote(
        self, candidate: str, *, forced: bool = False, old: Literal["crash", "cut", "leave"] = "leave"
    ) -> str:
        """The operator makes `candidate` lead a new epoch, after doing to the old leader what `old` says; who
        it is.

        `candidate`: a node, or `"best"` for the most up to date of those that may lead. Under a quorum this
        waits until enough members have promised themselves to it. Raises `PromotionRefused` where the
        candidate may lack acknowledged writes (unless `forced`), does not run, or was overtaken.
        """
        await self.start()
        assert self._cluster is not None
        operator = self._cluster.operator
        if candidate != "best":
            self.node(candidate)
        chosen = operator.choose(candidate)
        if chosen is None:
            raise PromotionRefused("no follower runs" if candidate == "best" else f"{candidate} does not run")
        answered = trio.Event()
        answers: list[PromotionAnswer] = []
        epoch = operator.epoch + 1
        self._promotions[epoch] = (answered, answers)
        operator.promote(None, Promote(candidate=chosen, old=old, forced=forced))
        if operator.epoch < epoch:
            raise PromotionRefused(f"{chosen} was the old leader, and has crashed")
        await answered.wait()
        if not answers[0].leads:
            raise PromotionRefused(f"{chosen}: {answers[0].reason}")
        return chosen

    def _promotion_answered(self, answer: PromotionAnswer) -> None:
        answered, answers = self._promotions[answer.epoch]
        answers.append(answer)
        answered.set()
        self._driver.woke = True

    # --- what was seen --------------------------------------------------------------------------------------

    @property
    def history(self) -> History:
        """All operations on one key so far, as a history that `checker.check` judges. Nameless calls are a
        session each.
        """
        if self._calls is None:
            return History.from_operations([], header=Header(system="telemetry"))
        return self._calls.history

    async def read_finally(self, keys: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
        """Read `keys` (all of the history) from every node that runs, for the judge: node → key → value.

        In the history these reads are `final`: by them `checker` judges what was lost and whether the nodes
        agree. They mean something once all faults are healed and the followers had time to catch up. Raises
        as `Follower.read`.
        """
        wanted = tuple(self.history.columns.key_names if keys is None else keys)
        cluster, calls = self.build()
        found: dict[str, dict[str, Any]] = {}
        for name in [name for name, node in cluster.nodes.items() if node.up]:
            found[name] = {}
            for key in wanted:
                request = Request(operation="read", keys=(key,), mode="replica")
                outcome = await calls.call(f"final {name}", request, nodes=(name,), phase="final")
                found[name][key] = outcome.items[0][1]
        return found

    @property
    def current_leader(self) -> str | None:
        """The node that leads the highest epoch, as far as an onlooker can see; `None` while nobody does."""
        if self._cluster is None:
            return self._leader
        leader = self._cluster.leader()
        return leader.name if leader else None

    def lag(self) -> dict[str, int]:
        """For each node that runs, how many log entries what it shows is behind what the leader has
        acknowledged.

        Empty while nobody leads.
        """
        cluster = self._cluster
        leader = cluster.leader() if cluster else None
        if cluster is None or leader is None:
            return {}
        known = leader.core.committed
        return {name: max(0, known - node.core.applied) for name, node in cluster.nodes.items() if node.up}

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What nodes and readers raised an alert about, in order."""
        return tuple(
            Alert(event[0] / SECOND, event[2], event[3].removeprefix("alert: "))
            for event in self._trace.events
            if event[1] == "note" and event[3].startswith("alert: ")
        )

    @property
    def states(self) -> Mapping[str, int]:
        """How often something worth counting happened (`fallback to the leader`, `replica left the pool`,
        `tail truncated`, …).
        """
        return dict(sorted(self._trace.states.items()))

    # --- for Leader, Follower and ReadRouter ----------------------------------------------------------------

    def settle_on(self, leader: str, settings: dict[str, Any], *, size: int | None) -> None:
        """Name the first leader and the cluster's settings; `size`: how many members the policy speaks of."""
        self._leader = leader
        self._settings = settings
        self._size = size

    @property
    def first_leader(self) -> str | None:
        """The leader of the first epoch, once it is named."""
        return self._leader

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes named so far, the first leader before its followers."""
        return (*([self._leader] if self._leader else []), *self._synchronous, *self._asynchronous)

    def add_follower(self, node_id: str, *, synchronous: bool) -> None:
        """Name a follower; once, before anything runs. Raises `ValueError` after that."""
        if self._cluster is not None:
            raise ValueError(f"{node_id} cannot be added: the cluster runs already")
        if node_id in self.names:
            raise ValueError(f"{node_id} is in the cluster already")
        (self._synchronous if synchronous else self._asynchronous).append(node_id)

    def tokens(self, kept_by: Literal["client", "server", "user"]) -> Tokens:
        """The session tokens that a router is to use: its own as the client, else those that all routers
        share.
        """
        if kept_by == "client":
            return Tokens()
        return self._kept.setdefault(kept_by, Tokens(kept_by))

    def settings(self) -> Settings:
        """The cluster's settings, as named so far. Raises `ValueError` where the policy does not fit the
        members.
        """
        members = tuple(self.names[: 1 + len(self._synchronous)])
        named = dict(self._settings)
        if self._size is not None and self._size != len(members):
            of = f"the policy is of {self._size} members"
            raise ValueError(f"{of}, but the leader and its synchronous followers are {len(members)}")
        if named["policy"] == "sync" and not self._synchronous:
            named["policy"] = "none"
        return msgspec.convert({"synchronous": members[1:], "members": members, **named}, Settings)

    async def start(self) -> None:
        """Let the cluster run; at the first call the leader is switched on, and then tasks that wait to run
        may run.
        """
        starts = self._cluster is None
        self.build()
        self._driver.ensure()
        if starts:
            await trio.lowlevel.checkpoint()

    def build(self) -> tuple[Cluster, Calls]:
        """The cluster, with its leader switched on, and its clients' calls."""
        if self._cluster is None or self._calls is None:
            if self._leader is None:
                raise ValueError("there is no leader on this network yet")
            self._cluster = Cluster(self.names, self.settings(), session=Caller, network=self._sim)
            self._cluster.operator.on_answer = self._promotion_answered
            self._calls = Calls(self._cluster, self._driver)
            self._complete()
            self._cluster.nodes[self._leader].start()
        return self._cluster, self._calls

    def node(self, node_id: str) -> SimNode:
        """A node's machine. Raises `ValueError` for a name that is no node's."""
        cluster, _ = self.build()
        if node_id not in cluster.nodes:
            raise ValueError(f"{node_id!r} is no node; there are: {', '.join(cluster.nodes)}")
        return cluster.nodes[node_id]

    def switch_on(self, node_id: str) -> SimNode:
        """Start a node's machine, if it is off."""
        node = self.node(node_id)
        self._driver.ensure()
        if not node.up:
            node.start()
        return node

    async def call(
        self,
        session: str | None,
        request: Request,
        *,
        nodes: tuple[str, ...] | None = None,
        prepare: Callable[[ClientSession], None] | None = None,
    ) -> Outcome:
        """One operation, waited for (see `Calls.call`)."""
        await self.start()
        _, calls = self.build()
        return await calls.call(session, request, nodes=nodes, prepare=prepare)
