"""Several Raft nodes on a table: every message lies there until the test delivers, drops or repeats it.

Time stands still unless a timer is let run out. Disks are quick (durable at once) unless they are told to
wait.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rts.core.events import Event, Received, Started, TimerFired
from rts.core.raft.election import ELECTION
from rts.core.raft.leading import HEARTBEAT
from rts.core.raft.log import AppendRecord, Record, StateRecord, founding, recover
from rts.core.raft.node import RaftCore
from rts.core.raft.settings import Settings
from rts.ids import Member
from rts.runtime.driver import Node
from tests.core.raft.hand import Keys, Lowest, entries


class Seat:
    """One node's machine (`rts.runtime.driver.Machine`): what it sends goes to the table."""

    def __init__(self, name: str, table: Table, disk: list[Record]) -> None:
        self.name = name
        self.table = table
        self.disk = disk
        self.pending: list[tuple[int, Record]] = []
        self.waits = False
        self.up = False
        self.core: RaftCore
        self.node: Node

    def start(self) -> None:
        """A life on what the disk holds."""
        self.core = RaftCore(Member(self.name, 1), self.table.settings, recover(self.disk), Keys(), Lowest())
        self.node = Node(self.core, self)
        self.up = True
        self.take(Started())

    def crash(self) -> None:
        """What is not durable is lost."""
        self.up = False
        self.pending = []

    def take(self, event: Event) -> None:
        """An event, and then what a quick disk has to say."""
        self.node.handle(event)
        while self.pending and not self.waits:
            self.sync(len(self.pending))

    def sync(self, count: int) -> None:
        """So many of the records that were given to the disk are durable."""
        done, self.pending = self.pending[:count], self.pending[count:]
        self.disk += [record for _, record in done]
        self.node.persisted(done[-1][0])

    # --- ports ----------------------------------------------------------------------------------------------

    def monotonic_ns(self) -> int:
        return self.table.now

    def wall_ns(self) -> int:
        return 0

    def send(self, to: str, message: Any) -> None:
        self.table.put(self.name, to, message)

    def persist(self, number: int, record: Any) -> None:
        self.pending.append((number, record))

    def set_timer(self, name: str, after_ns: int) -> None:
        """Timers run out when the test says so."""

    def cancel_timer(self, name: str) -> None:
        """See `set_timer`."""

    def note(self, what: str, detail: Any) -> None:
        self.table.told(f"{self.name}: {what}")

    def carry_out(self, effect: Any) -> None:
        raise TypeError(effect)

    def blow(self) -> None:
        raise AssertionError("no fuse is lit here")


class Table:
    """The nodes `voters` (by default three), and blank ones `outside`.

    `logs`: node → the terms of the entries on its disk; `terms`: node → the term there, by default that of
    its last entry; `votes` likewise. `told` is given what the nodes note, `heard` each message as it is sent.
    """

    def __init__(
        self,
        voters: Sequence[str] = ("n0", "n1", "n2"),
        *,
        outside: Sequence[str] = (),
        logs: dict[str, Sequence[int]] | None = None,
        terms: dict[str, int] | None = None,
        votes: dict[str, Member] | None = None,
        told: Callable[[str], None] = lambda line: None,
        heard: Callable[[str, str, Any], None] = lambda source, target, message: None,
        **settings: Any,
    ) -> None:
        self.settings = Settings(voters=tuple(voters), **settings)
        self.now = 0
        self.told = told
        self.heard = heard
        self.links: dict[tuple[str, str], list[Any]] = {}
        self.said: list[tuple[str, str, Any]] = []
        self.seats: dict[str, Seat] = {}
        for name in (*voters, *outside):
            disk = list(founding(voters)) if name in voters else []
            log = (logs or {}).get(name, ())
            term = (terms or {}).get(name, max(log, default=0))
            if log:
                disk.append(AppendRecord(0, entries(*log)))
            if term:
                disk.append(StateRecord(term, (votes or {}).get(name)))
            self.seats[name] = Seat(name, self, disk)
        for seat in self.seats.values():
            seat.start()

    def core(self, name: str) -> RaftCore:
        return self.seats[name].core

    def put(self, source: str, target: str, message: Any) -> None:
        """A message is sent: onto the table, or to a client."""
        self.heard(source, target, message)
        if target in self.seats:
            self.links.setdefault((source, target), []).append(message)
        else:
            self.said.append((source, target, message))

    # --- what the test does ---------------------------------------------------------------------------------

    def time_out(self, name: str) -> None:
        """The node's election time-out passes."""
        core = self.core(name)
        self.now = max(self.now, core.deadline)
        self.seats[name].take(TimerFired(ELECTION))

    def beat(self, name: str) -> None:
        """The leader's heartbeat is due."""
        self.now += self.settings.heartbeat_ns
        self.seats[name].take(TimerFired(HEARTBEAT))

    def give(self, name: str, client: str, message: Any) -> None:
        """A client's message arrives."""
        self.seats[name].take(Received(client, message))

    def waiting(self, source: str, target: str) -> list[Any]:
        """The messages on the way."""
        return self.links.get((source, target), [])

    def deliver(self, source: str, target: str, *, at: int = 0, keep: bool = False) -> Any:
        """The oldest message on a link (or the one `at` a place) arrives; `keep`: it may come again."""
        messages = self.links[source, target]
        message = messages[at] if keep else messages.pop(at)
        if self.seats[target].up:
            self.seats[target].take(Received(source, message))
        return message

    def drop(self, source: str, target: str) -> None:
        """All messages on a link are lost."""
        self.links.pop((source, target), None)

    def crash(self, name: str) -> None:
        """A node dies, and what is on its way from and to it is lost."""
        self.seats[name].crash()
        for other in self.seats:
            self.drop(other, name)
            self.drop(name, other)

    def start(self, name: str) -> None:
        """A node starts on what its disk holds."""
        self.seats[name].start()

    def settle(self, *among: str) -> None:
        """All messages between these nodes (by default all) arrive, until there are no more."""
        names = [name for name in among or self.seats if self.seats[name].up]
        while True:
            links = [(a, b) for a in names for b in names if self.links.get((a, b))]
            if not links:
                return
            for source, target in links:
                self.deliver(source, target)

    def win(self, name: str, *voters: str) -> None:
        """A node is elected by these. What it says as a leader lies on the table."""
        core = self.core(name)
        for _ in range(3):  # once to learn of a higher term, and once more to lead a later one
            self.time_out(name)
            while any(self.waiting(name, voter) + self.waiting(voter, name) for voter in voters):
                for link in [link for voter in voters for link in ((name, voter), (voter, name))]:
                    if self.waiting(*link):
                        self.deliver(*link)
                    if core.role == "leader":
                        return
        raise AssertionError(f"{name} is a {core.role} of term {core.term}")

    def elect(self, name: str, *among: str) -> None:
        """A node times out and is elected by these nodes, which hear all that it says."""
        self.time_out(name)
        self.settle(*(among or self.seats))
        assert self.core(name).role == "leader", self.core(name).role

    def log(self, name: str) -> list[int]:
        """The terms of a node's entries."""
        return [entry.lsn.epoch for entry in self.core(name).log.entries]
