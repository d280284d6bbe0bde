"""`Store`: what to derive from to test a replicated store of one's own, written in plain Trio.

    class Mine(rts.Store):
        name = "mine"
        claims = ("read-your-writes",)
        faults = ("lag", "crash")

        async def serve(self, node): ...
        async def write(self, client, key, value): ...
        async def read(self, client, key): ...

    system = Mine()

An instance is a system that can be hunted (`rts hunt --system mine.py`). docs/own-store.md walks through a
whole one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import checker
from rts.errors import ScheduleError
from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration, SeededBug
from rts.own.client import Client
from rts.own.node import Node
from rts.own.simulation import LIVENESS, SELF_CHECK, Simulation
from rts.runs import Run
from rts.schedule import Schedule

MODE = "default"

FAULTS: Mapping[str, int] = {
    "lag": 6,
    "loss": 2,
    "duplicate": 2,
    "reorder": 2,
    "partition": 3,
    "heal": 2,
    "crash": 3,
    "restart": 3,
    "pause": 1,
    "resume": 2,
    "rejoin": 2,
}
"""The faults that a store can be asked to take, and how often each is drawn."""

OPERATIONS: Mapping[str, int] = {"write": 5, "read": 8, "delete": 1, "cas": 1}

_REPAIRS = {
    "heal": ("lag", "loss", "duplicate", "reorder", "partition"),
    "restart": ("crash",),
    "resume": ("pause",),
    "rejoin": ("crash", "pause"),
}
_OPTIONAL = {"delete": "delete", "cas": "compare_and_set"}

ALWAYS = ("no-aborted-reads", "no-thin-air-reads", LIVENESS, SELF_CHECK)
"""What every store claims: nobody reads what was never written, it goes on after faults, its code does not
fail."""


class Store:
    """A replicated store under test. Derive from it, say what it claims, and write `serve`, `write` and
    `read`.

    `name` is what reports call it, `nodes` how many nodes it has (`n0`, `n1`, …). `claims` are the guarantees
    that it says it keeps, by the names that `checker.GUARANTEES` lists; `breaks` are those it is known to
    break, and a hunt that does not find them broken fails; `staleness` (`"1s"`) is the bound of
    `bounded-staleness`. `faults` are the kinds that it can take (`FAULTS`; what repairs them comes along),
    `budget` how much of them.

    Times are virtual seconds: an operation that takes longer than `client_timeout_s` is recorded as of
    unknown outcome; `settle_s` after the faults have ended a write must have succeeded, and then every node
    is read. `one_log` says that returned positions come from one log and compare across keys,
    `real_time_writes` that writes go through one leader, so that real time orders them.

    Each life of a node and each session works on its own shallow copy of the store, so attributes set on
    `self` are a node's memory, lost at a crash, or a session's.
    """

    name: str = ""
    nodes: int = 3
    claims: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    faults: tuple[str, ...] = tuple(FAULTS)
    budget: Budget = Budget(crashed=1, disks_lost=0, promotions=())
    staleness: str | None = None
    client_timeout_s: float = 1.0
    settle_s: float = 5.0
    one_log: bool = False
    real_time_writes: bool = False

    bugs: ClassVar[Mapping[str, SeededBug]] = {}

    def __init_subclass__(cls, **named: Any) -> None:
        """Refuse words that nobody knows while the class is being defined, not in the middle of a hunt."""
        super().__init_subclass__(**named)
        cls.name = cls.name or cls.__name__
        _check_words(cls, "claims", (*checker.GUARANTEES, *ALWAYS))
        _check_words(cls, "breaks", (*checker.GUARANTEES, *ALWAYS))
        _check_words(cls, "faults", tuple(FAULTS))
        if "bounded-staleness" in (*cls.claims, *cls.breaks) and cls.staleness is None:
            raise TypeError(f"{cls.__name__}.staleness: bounded-staleness needs a bound, such as '1s'")
        if cls.nodes < 1:
            raise TypeError(f"{cls.__name__}.nodes: {cls.nodes} is not at least 1")

    # --- what a store is made of ----------------------------------------------------------------------------

    async def serve(self, node: Node) -> None:
        """Live one life of `node`, until it is cancelled by a crash; a restart begins another.

        An exception that escapes is reported as a breach of `self-check`, and the node is down.
        """
        raise NotImplementedError(f"{type(self).__name__} has no serve")

    async def write(self, client: Client, key: str, value: Any) -> Any:
        """Write `value` to `key`, at the client's side. Returning acknowledges it.

        What is returned is ignored unless it is a `Positioned`. Raise `rts.Refused` if it was certainly not
        applied; a time-out, `trio.TooSlowError` and `rts.OutcomeUnknown` leave open whether it was.
        """
        raise NotImplementedError(f"{type(self).__name__} has no write")

    async def read(self, client: Client, key: str) -> Any:
        """The value of `key`, `None` if it is absent; or a `Positioned`. Raise as in `write`."""
        raise NotImplementedError(f"{type(self).__name__} has no read")

    async def delete(self, client: Client, key: str) -> Any:
        """Delete `key`; as `write`. Without it no schedule has deletes."""
        raise NotImplementedError(f"{type(self).__name__} has no delete")

    async def compare_and_set(self, client: Client, key: str, expected: Any, value: Any) -> Any:
        """Write `value` to `key` if its value is `expected`, else raise `rts.CompareFailed`; as `write`.

        Without it no schedule has compare-and-sets.
        """
        raise NotImplementedError(f"{type(self).__name__} has no compare_and_set")

    async def read_at(self, client: Client, node: str, key: str) -> Any:
        """What `node` itself holds for `key`, whoever leads; as `read`.

        Every node is read so in the end. Without it `convergence` and `no-lost-acknowledged-writes`
        cannot be judged.
        """
        raise NotImplementedError(f"{type(self).__name__} has no read_at")

    # --- what is drawn --------------------------------------------------------------------------------------

    @property
    def profile(self) -> Profile:
        """What a search draws; override it to change sizes and weights
        (`dataclasses.replace(super().profile, …)`)."""
        operations = {kind: weight for kind, weight in OPERATIONS.items() if self._supports(kind)}
        faults = {kind: weight for kind, weight in FAULTS.items() if self._takes(kind)}
        return Profile(
            nodes=tuple(f"n{number}" for number in range(self.nodes)),
            operations=operations,
            faults=faults,
            budget=self.budget,
        )

    def _supports(self, operation: str) -> bool:
        method = _OPTIONAL.get(operation)
        return method is None or getattr(type(self), method) is not getattr(Store, method)

    def _takes(self, fault: str) -> bool:
        return fault in self.faults or any(cause in self.faults for cause in _REPAIRS.get(fault, ()))

    @property
    def supported_steps(self) -> frozenset[str]:
        """The kinds of steps that a schedule may have."""
        return frozenset(kind for kind in OPERATIONS if self._supports(kind)) | frozenset(FAULTS)

    @property
    def reads_at_nodes(self) -> bool:
        """Whether single nodes can be read."""
        return type(self).read_at is not Store.read_at

    # --- rts.harness.system.System --------------------------------------------------------------------------

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """One row: the store, with what it claims."""
        return (self.configuration,)

    @property
    def configuration(self) -> Configuration:
        """The one row."""
        description = (type(self).__doc__ or "").strip().split("\n\n")[0]
        return Configuration(
            name=self.name,
            mode=MODE,
            table="guarantees",
            holds=tuple(dict.fromkeys((*self.claims, *ALWAYS))),
            breaks=self.breaks,
            profile=self.profile,
            staleness=self.staleness,
            description=" ".join(description.split()),
        )

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        """Run `schedule` in virtual time. The same schedule gives the same run, byte for byte.

        Raises `ScheduleError` where the schedule does not fit the store.
        """
        if bug is not None:
            raise ScheduleError(f"{self.name} has no seeded bug {bug!r}")
        if not schedule.nodes:
            raise ScheduleError("nodes: there are none")
        return Simulation(self, schedule).run()


def _check_words(cls: type[Store], attribute: str, known: tuple[str, ...]) -> None:
    words = getattr(cls, attribute)
    if isinstance(words, str):
        raise TypeError(f"{cls.__name__}.{attribute}: a tuple of names, not {words!r}")
    for word in words:
        if word not in known:
            raise TypeError(
                f"{cls.__name__}.{attribute}: {word!r} is none of {', '.join(dict.fromkeys(known))}"
            )
