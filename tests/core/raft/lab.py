"""A cluster of Raft cores in virtual time, under a test's hands, with a watch on it.

In the manner of the laboratory exercises of MIT's course 6.5840: nodes are disconnected and connected,
crashed and started, and the test asks the cluster to agree on commands. A command here is a text; it is
submitted with a client's name of its own, so that asking again does it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any, Literal, TypeAlias

from rts.core.raft.log import founding, recover
from rts.core.raft.messages import (
    Answered,
    ChangeMembers,
    Query,
    ReadMode,
    Refused,
    Submit,
    Submitted,
)
from rts.core.raft.node import RaftCore
from rts.core.raft.quorum import majority
from rts.core.raft.settings import Settings
from rts.ids import Lsn, Member
from rts.schedule import MILLISECOND, Lag, LinkStep, Loss, Reorder
from rts.sim.disk import SimDisk
from rts.sim.node import SimNode
from rts.sim.pump import Pump
from rts.sim.trace import Trace
from tests.core.raft.machines import CLIENT, Codec, CountingNetwork, Journal
from tests.core.raft.watch import Watch, logs_match

Action: TypeAlias = Literal["add", "add-learner", "remove"]
UPPER_MS = Settings().election_ns[1] // MILLISECOND


class Lab:
    """A running cluster of `n0`, `n1`, …; those in `outside` have a blank disk and are no members yet."""

    incarnation = 0

    def __init__(self, size: int = 3, *, seed: int = 1, outside: tuple[str, ...] = (), **more: Any) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.voters = tuple(f"n{number}" for number in range(size))
        self.settings = Settings(voters=self.voters, **more)
        self.pump = Pump()
        self.trace = Trace()
        self.watch = Watch()
        self.network = CountingNetwork(self.pump, self.trace, self.watch, jitter=seed + 1)
        self.network.join(CLIENT, self, node=False, exempt=True, local=True)
        self.nodes: dict[str, SimNode] = {}
        self.away: set[str] = set()
        self.heard: list[tuple[str, Any]] = []
        self.asked = 0
        self.shown = 0
        self.reads: dict[int, int] = {}
        for name in (*self.voters, *outside):
            self.add_machine(name)
        self.start(*self.nodes)

    def add_machine(self, name: str) -> None:
        """A machine that is not started yet."""
        disk = SimDisk(self.pump, self.trace, Codec(), sync_ns=self.settings.disk_sync_ns)
        if name in self.voters:
            disk.durable.extend(founding(self.voters))

        def boot(records: list[Any], identity: int) -> RaftCore:
            chance = Random(f"{self.seed} {name} {self.nodes[name].life}")
            machine = Journal(self.watch.apply)
            return RaftCore(Member(name, identity), self.settings, recover(records), machine, chance)

        node = SimNode(name, self.pump, self.network, self.trace, disk, boot, self.watch.look)
        self.nodes[name] = node
        self.network.join(name, node, node=True)

    # --- time -----------------------------------------------------------------------------------------------

    def run(self, milliseconds: float) -> None:
        """Let time pass."""
        until = self.pump.now + round(milliseconds * MILLISECOND)
        self.pump.run(until)
        self.pump.now = max(self.pump.now, until)

    def wait(self, until: Callable[[], bool], within: float, what: str = "it") -> float:
        """Let time pass until something is so; how many milliseconds that took."""
        began = self.pump.now
        deadline = began + round(within * MILLISECOND)
        while not until():
            due = self.pump.next_time()
            assert due is not None
            assert due <= deadline, f"seed {self.seed}: {what} did not happen; {self.states()}"
            self.pump.step()
        return (self.pump.now - began) / MILLISECOND

    # --- faults ---------------------------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        """Start machines that are down."""
        for name in names:
            if not self.nodes[name].up:
                self.pump.at(self.pump.now, self.nodes[name].start)
        self.run(0.001)

    def crash(self, *names: str, tear: bool = False) -> None:
        for name in names:
            self.nodes[name].crash(tear=tear)

    def disconnect(self, *names: str) -> None:
        """Cut nodes off from all others, and from each other."""
        for name in names:
            self.away.add(name)
            self.network.cut([name], 0)

    def connect(self, *names: str) -> None:
        """Connect nodes again with all that are connected."""
        self.away.difference_update(names)
        for (source, target), link in self.network.links.items():
            if source not in self.away and target not in self.away:
                link.cut = None

    def fault(self, *steps: LinkStep) -> None:
        """Let links lag, lose, duplicate or reorder."""
        for step in steps:
            self.network.apply(0, step)

    def unreliable(self) -> None:
        """A tenth of the messages are lost, many are late, and some overtake others."""
        lag = Lag(source="*", target="*", delay_ns=5 * MILLISECOND)
        reorder = Reorder(source="*", target="*", percent=30, delay_ns=25 * MILLISECOND)
        self.fault(Loss(source="*", target="*", percent=10), lag, reorder)

    def heal(self) -> None:
        """All links are as at the start, and all machines run, with true clocks."""
        self.away.clear()
        self.network.heal()
        for node in self.nodes.values():
            if node.node is not None:
                node.node.fuse = None
            node.mend_clocks()
        self.start(*self.nodes)

    # --- elections ------------------------------------------------------------------------------------------

    @property
    def connected(self) -> list[str]:
        """The nodes that run and are not cut off."""
        return [name for name, node in self.nodes.items() if node.up and name not in self.away]

    def leaders(self, among: Iterable[str] | None = None) -> list[str]:
        """The nodes that lead, each as it thinks, of those connected or of `among`."""
        names = self.connected if among is None else among
        return [name for name in names if self.nodes[name].up and self.core(name).role == "leader"]

    def leader(self) -> str | None:
        """The connected leader that a majority of its voters follows, none of them in a later term."""
        for name in self.leaders():
            leader = self.core(name)
            voters = [self.core(voter.node) for voter in leader.voters if voter.node in self.connected]
            follow = [core for core in voters if (core.leader, core.term) == (name, leader.term)]
            later = [core for core in voters if core.term > leader.term]
            if not later and len(follow) >= majority(len(leader.voters)):
                return name
        return None

    def elected(self, within: float = 10 * UPPER_MS) -> str:
        """The connected leader, waited for."""
        self.wait(lambda: self.leader() is not None, within, "an election")
        leader = self.leader()
        assert leader is not None
        return leader

    # --- commands -------------------------------------------------------------------------------------------

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """A node answers the client (see `rts.sim.network.Endpoint`)."""
        self.heard.append((source, message))
        if isinstance(message, Submitted):
            self.shown = max(self.shown, message.position.index)
        elif isinstance(message, Answered):
            old = self.reads.pop(message.request)
            assert message.position.index >= old, f"seed {self.seed}: {source} answered a stale read"
            self.shown = max(self.shown, message.position.index)

    def ask(self, name: str, message: Any) -> list[Any]:
        """Give a client's message to a node now; what it says at once."""
        count = len(self.heard)
        node = self.nodes[name]
        node.deliver(CLIENT, message, node.incarnation)
        self.run(0.001)
        return [said for source, said in self.heard[count:] if source == name]

    def submit(self, name: str, command: Any) -> bool:
        """Give a command to a node; whether it took it."""
        said = self.ask(name, Submit(str(command)[:40], 1, 1, command))
        return not any(isinstance(message, Refused) for message in said)

    def read(self, name: str, mode: ReadMode) -> None:
        """Ask a node for its state: it must not be older than what any client has been shown by now."""
        self.asked += 1
        self.reads[self.asked] = self.shown
        self.ask(name, Query(self.asked, None, mode))

    def agree(self, command: Any, nodes: int | None = None, within: float = 10_000) -> None:
        """Give a command to whoever leads until so many nodes (by default all the connected) have done it."""
        count = len(self.connected) if nodes is None else nodes
        deadline = self.pump.now + round(within * MILLISECOND)
        given: set[tuple[str, int]] = set()
        while len(self.have(command)) < count:
            assert self.pump.now < deadline, f"seed {self.seed}: no agreement on {command}; {self.states()}"
            for name in self.leaders():
                if (name, self.core(name).term) not in given and self.submit(name, command):
                    given.add((name, self.core(name).term))
            self.run(5)

    def change(self, action: Action, node: str) -> bool:
        """Ask whoever leads for a change of members; whether it was not refused at once."""
        self.asked += 1
        leader = self.leader()
        message = ChangeMembers(self.asked, action, node)
        said = [] if leader is None else self.ask(leader, message)
        return leader is not None and not any(isinstance(one, Refused) for one in said)

    def changed(self, action: Action, node: str, within: float) -> None:
        """Ask again and again until the members are so, and committed."""
        deadline = self.pump.now + round(within * MILLISECOND)

        def is_so() -> bool:
            leader = self.leader()
            if leader is None or self.core(leader).configured_at > self.core(leader).committed:
                return False
            members = self.core(leader).configuration
            names = {one.node for one in (members.learners if action == "add-learner" else members.voters)}
            return (node in names) == (action != "remove")

        while not is_so():
            assert self.pump.now < deadline, f"seed {self.seed}: no {action} {node}; {self.states()}"
            self.change(action, node)
            self.run(self.chance.randrange(20, 200))

    def have(self, command: Any) -> list[str]:
        """The nodes that have done a command."""
        return [name for name, node in self.nodes.items() if node.core and command in self.journal(name)]

    def is_answered(self) -> set[Lsn]:
        """Where the commands stand that clients were told are done."""
        return {message.position for _, message in self.heard if isinstance(message, Submitted)}

    # --- a look ---------------------------------------------------------------------------------------------

    def core(self, name: str) -> RaftCore:
        core: RaftCore = self.nodes[name].core
        return core

    def journal(self, name: str) -> list[Any]:
        """The commands that a node has done."""
        machine: Any = self.core(name).state.machine
        commands: list[Any] = machine.commands
        return commands

    def states(self) -> dict[str, str]:
        """Each node in a few words, for messages."""
        return {
            name: f"{core.role if node.up else 'down'} {core.term} {core.log.last} {core.committed}"
            for name, node in self.nodes.items()
            if (core := node.core)
        }

    def check(self) -> None:
        """Nothing broke, and the logs match."""
        for name, node in self.nodes.items():
            assert node.broken == [], (self.seed, name, node.broken)
        logs_match(node.core for node in self.nodes.values())

    def settle(self, within: float = 20_000, *, members: Iterable[str] | None = None) -> list[Any]:
        """Heal all, wait until all members have done the same, and check; the commands done."""
        self.heal()
        names = list(self.nodes if members is None else members)
        command = f"settled at {self.pump.now}"
        self.agree(command, nodes=len(names), within=within)
        self.wait(lambda: len({self.core(name).applied for name in names}) == 1, within)
        self.check()
        journal = self.journal(names[0])
        assert all(self.journal(name) == journal for name in names)
        assert command in journal
        return journal
