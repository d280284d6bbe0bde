"""Leader election: five nodes elect a leader, it crashes, they elect the next, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from checker import Header, History, check
from rts.client.requests import Outcome, Request
from rts.core.raft.messages import PreVoted, Voted
from rts.core.raft.settings import Settings
from rts.raft.simulated.cluster import Cluster
from rts.schedule import MILLISECOND, SECOND
from rts.sim.client import SimClient
from rts.sim.invariants import Invariants
from rts.sim.invariants.one_leader import OneLeader
from rts.sim.invariants.raft import mark_of
from rts.sim.node import SimNode
from rts.sim.recorder import Recorder

NODES = ("n0", "n1", "n2", "n3", "n4")
SETTINGS = Settings(voters=NODES)
JITTER = 11

Tell = Callable[[str], None]


class Story:
    """A cluster, clients of it, and what has been told of them."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.watched = Invariants((OneLeader("election-safety"),), mark_of)
        self.cluster = Cluster(NODES, SETTINGS, jitter=JITTER, watch=self.watched.watch)
        self.pump = self.cluster.pump
        self.recorder = Recorder(self.pump, self.cluster.trace)
        self.phase: Literal["main", "final"] = "main"
        self.ended = False
        self.told = 0

    def line(self, at: int, text: str) -> None:
        """One line, after its virtual time."""
        self.tell(f"{at / MILLISECOND:8.1f} ms  {text}")

    def now(self, text: str) -> None:
        """What happens now, after what happened before it."""
        self.tell_events()
        self.line(self.pump.now, text)

    def wait_for(self, is_there: Callable[[], bool]) -> None:
        """Let time pass until something is the case."""
        while not is_there():
            self.pump.step()
        self.tell_events()

    def leader(self) -> SimNode | None:
        """The leader, once all that it had to commit first is committed."""
        leader = self.cluster.leader()
        return leader if leader is not None and leader.core.is_settled_in_term() else None

    # --- what nodes did ------------------------------------------------------------------------------------

    def tell_events(self) -> None:
        """Tell of elections, as far as they have come."""
        events = self.cluster.trace.events
        for event in events[self.told :]:
            text = self._text(event)
            if text is not None:
                self.line(event[0], text)
        self.told = len(events)

    def _text(self, event: tuple[Any, ...]) -> str | None:
        match event:
            case (_, "note", node, "election time-out", term):
                return f"{node}: election time-out in term {term}; would others vote for it?"
            case (_, "deliver", voter, node, PreVoted(granted=True)):
                return f"{node}: {voter} would"
            case (_, "note", node, "candidate", term):
                return f"{node}: candidate of term {term}; votes for itself, asks for votes"
            case (_, "deliver", voter, node, Voted(granted=True, term=term)):
                return f"{node}: {voter} voted for it in term {term}"
            case (_, "note", node, "leads", term):
                return f"{node}: a majority voted for it; it leads term {term}"
        return None

    # --- what the client did --------------------------------------------------------------------------------

    def do(self, session: str, request: Request) -> None:
        """One operation, waited for and told."""
        client = self.cluster.clients.get(session) or self.cluster.client(session, self._begun, self._ended)
        self.ended = False
        client.submit(lambda: request)
        self.wait_for(lambda: self.ended)
        done = self.recorder.operations[-1]
        what = f"writes {done.value!r}" if done.op == "write" else f"reads {done.value!r}"
        self.line(self.pump.now, f"#{done.index}: {session} {what}, {done.status} by {done.node}")

    def _begun(self, client: SimClient, request: Request) -> None:
        self.recorder.begin(client.name, request, phase=self.phase)

    def _ended(self, client: SimClient, request: Request, outcome: Outcome) -> None:
        self.recorder.end(client.name, request, outcome)
        self.ended = True

    def verdicts(self) -> None:
        """What the judge says of the history, and how often two leaders of one term were looked for."""
        history = History.from_operations(
            self.recorder.operations, header=Header(one_log=True, real_time_writes=True)
        )
        names = ("linearizable", "no-lost-acknowledged-writes", "convergence")
        report = check(history, names)
        for name in names:
            self.tell(f"  Verdict: {name} {report.guarantees[name].verdict}")
        two = self.watched.breaches.get("election-safety")
        verdict = "holds" if two is None else f"violated: {two.explanation}"
        self.tell(f"  Verdict: election-safety {verdict} (looked at {self.watched.checks} times)")


def leader_election(tell: Tell) -> None:
    """Tell how a leader is elected, how the next one is when it crashes, and what the judge says of it."""
    low, high = (timeout / MILLISECOND for timeout in SETTINGS.election_ns)
    tell("Leader election: five nodes agree on a leader, and on the next if it dies.")
    tell("")
    tell(f"Set-up: {', '.join(NODES)}, all followers. A leader speaks every 50 ms;")
    tell(f"who hears nothing for {low:g} to {high:g} ms, drawn anew each time, stands for election.")
    tell("Links take 2.5 to 5 ms one way. Time is virtual.")
    tell("")
    story = Story(tell)
    for node in story.cluster.nodes.values():
        node.start()
    story.now("all are followers, nobody leads")
    story.wait_for(lambda: story.leader() is not None)
    story.do("s0", Request(operation="write", keys=("orbit",), value="raise"))
    first = story.leader()
    assert first is not None
    story.pump.run(story.pump.now + SECOND // 4)
    first.crash()
    crashed_at = story.pump.now
    story.now(f"{first.name} crashes")
    story.wait_for(lambda: story.leader() is not None)
    second = story.leader()
    assert second is not None
    took = (story.pump.now - crashed_at) / MILLISECOND
    story.now(f"{took:.1f} ms after the crash {second.name} has committed in its own term")
    story.do("s1", Request(operation="write", keys=("orbit",), value="hold"))
    first.start()
    story.now(f"{first.name} starts again from its disk: a follower")
    story.pump.run(story.pump.now + SECOND)
    story.phase = "final"
    for place, name in enumerate(NODES):
        read = Request(operation="read", keys=("orbit",), mode="replica", replica=place)
        story.do(f"final-{name}", read)
    tell("")
    story.verdicts()
