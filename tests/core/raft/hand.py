"""A Raft node driven by hand: the test gives events, looks at effects, and says when the disk is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rts.core.effects import Effect, Persist
from rts.core.events import Event, Persisted, Received, Started, TimerFired
from rts.core.raft.election import ELECTION
from rts.core.raft.leading import HEARTBEAT
from rts.core.raft.log import (
    AppendRecord,
    Apply,
    Command,
    Configuration,
    Configure,
    Entry,
    Noop,
    Record,
    StateRecord,
    founding,
    recover,
)
from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    AppendRejected,
    PreVoted,
    Query,
    Submit,
    Voted,
)
from rts.core.raft.node import RaftCore
from rts.core.raft.settings import Settings
from rts.ids import Lsn, Member
from tests.core.single_leader.hand import noted, spoken, timers, told, written

__all__ = ["noted", "spoken", "timers", "told", "written"]
"""What effects say, as for the other cores."""

N0, N1, N2, N3, N4 = (Member(f"n{number}", 1) for number in range(5))
LOWER = Settings().election_ns[0]
UPPER = Settings().election_ns[1]
BEAT = Settings().heartbeat_ns


class Lowest:
    """Chance that always gives the least: election time-outs are the lower end of their range."""

    def randrange(self, start: int, stop: int) -> int:
        return start


class Keys:
    """A state machine of keys: a command `(key, value)` sets one, a query names one."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.applied: list[Any] = []

    def apply(self, position: Lsn, command: Any) -> Any:
        key, value = command
        self.values[key] = value
        self.applied.append(value)
        return f"{key} is {value}"

    def query(self, query: Any) -> Any:
        return self.values.get(query)

    def snapshot(self) -> bytes:
        return ",".join(f"{key}={value}" for key, value in sorted(self.values.items())).encode()

    def restore(self, data: bytes) -> None:
        pairs = data.decode().split(",") if data else []
        self.values = {key: value for key, _, value in (pair.partition("=") for pair in pairs)}
        self.applied = []


def command(value: Any, *, request: int = 1, client: str = "c", answered: int = 0) -> Apply:
    """Client `c` sets the key `k`."""
    return Apply(client, request, answered, ("k", value))


def entry(term: int, index: int, what: Command | None = None) -> Entry:
    """An entry; by default one that sets `k` to `term.index`."""
    return Entry(Lsn(term, index), what or command(f"{term}.{index}", request=index))


def entries(*terms: int, first: int = 1) -> tuple[Entry, ...]:
    """Entries of these terms, one after the other."""
    return tuple(entry(term, index) for index, term in enumerate(terms, first))


def append(
    term: int, previous: tuple[int, int], *new: Entry, committed: int = 0, round: int = 1
) -> AppendEntries:
    """What the leader of `term` sends."""
    return AppendEntries(term, Lsn(*previous), new, committed, round)


class Hand:
    """One node of the cluster `n0`, `n1`, `n2` (or `voters`).

    Its disk holds the founding records (unless `blank`), a log of entries of these `log` terms, the `term`
    and the `vote`, and then `records`. `first` is what it did at its start. Time stands still unless told.
    """

    def __init__(
        self,
        node: str = "n0",
        *records: Record,
        log: Sequence[int] = (),
        term: int | None = None,
        vote: Member | None = None,
        voters: tuple[str, ...] = ("n0", "n1", "n2"),
        learners: tuple[str, ...] = (),
        disk: int = 1,
        blank: bool = False,
        **settings: Any,
    ) -> None:
        self.settings = Settings(voters=voters, learners=learners, **settings)
        found: list[Record] = [] if blank else list(founding(voters, learners))
        if log:
            found.append(AppendRecord(0, entries(*log)))
        if term is not None or log:
            found.append(StateRecord(max(log, default=0) if term is None else term, vote))
        self.disk: list[Record] = [*found, *records]
        self.identity = disk
        self.now = 0
        self.first = self.boot(node)

    def boot(self, node: str) -> list[Effect]:
        """A life on what the disk holds."""
        self.machine = Keys()
        self.core = RaftCore(
            Member(node, self.identity), self.settings, recover(self.disk), self.machine, Lowest()
        )
        self.persists = 0
        return self.do(Started())

    def do(self, event: Event) -> list[Effect]:
        """What the node does about an event."""
        effects = self.core.step(event, self.now, 0)
        self.disk += written(effects)
        self.persists += sum(isinstance(effect, Persist) for effect in effects)
        return effects

    def get(self, sender: str, message: Any) -> list[Effect]:
        """A message arrives."""
        return self.do(Received(sender, message))

    def sync(self) -> list[Effect]:
        """The disk has made everything durable."""
        return self.do(Persisted(self.persists))

    def wait(self, nanoseconds: int) -> None:
        """Time passes."""
        self.now += nanoseconds

    def time_out(self) -> list[Effect]:
        """No leader is heard of until the election time-out."""
        self.now = max(self.now, self.core.deadline)
        return self.do(TimerFired(ELECTION))

    def beat(self) -> list[Effect]:
        """It is time for a leader's next heartbeat."""
        self.now += BEAT
        return self.do(TimerFired(HEARTBEAT))

    # --- a whole step at once -------------------------------------------------------------------------------

    def stand(self) -> list[Effect]:
        """Time out, win the pre-vote, and be a candidate whose own vote is durable; what it then sent."""
        self.time_out()
        effects: list[Effect] = []
        for voter in self.core.other_voters():
            if self.core.role == "pre-candidate":
                effects = self.get(voter.node, PreVoted(self.core.term + 1, voter, True))
        self.sync()
        return effects

    def lead(self) -> list[Effect]:
        """Win an election; what the new leader did. Its no-op is not durable yet."""
        self.stand()
        effects: list[Effect] = []
        for voter in self.core.other_voters():
            if self.core.role == "candidate":
                effects = self.get(voter.node, Voted(self.core.term, voter, True))
        return effects

    def settle(self) -> list[Effect]:
        """All of a leader's log is durable, here and at all who have one; what it did at last."""
        effects = self.sync()
        for name, progress in sorted(self.core.progress.items()):
            effects = self.answer(name, progress.member or Member(name, 1))
        return effects

    def answer(
        self, node: str, member: Member | None = None, index: int | None = None, *, round: int | None = None
    ) -> list[Effect]:
        """A follower says that its log equals the leader's up to `index` (all of it), in the last round."""
        core = self.core
        matched = core.log.last_index if index is None else index
        last = core.round if round is None else round
        return self.get(node, Appended(core.term, member or Member(node, 1), matched, last))

    def reject(self, node: str, previous: int, conflict: tuple[int, int]) -> list[Effect]:
        """A follower lacks the entry at `previous`."""
        core = self.core
        return self.get(
            node, AppendRejected(core.term, Member(node, 1), previous, Lsn(*conflict), core.round)
        )

    def submit(self, value: Any, *, request: int = 1, client: str = "c", answered: int = 0) -> list[Effect]:
        """A client sets the key `k`."""
        return self.get(client, Submit(client, request, answered, ("k", value)))

    def query(self, mode: Any = "leader", *, request: int = 9, client: str = "c") -> list[Effect]:
        """A client reads the key `k`."""
        return self.get(client, Query(request, "k", mode))

    # --- a look ---------------------------------------------------------------------------------------------

    @property
    def log(self) -> list[str]:
        """The positions in the log, as text."""
        return [str(one.lsn) for one in self.core.log.entries]

    def value(self) -> Any:
        """What the state machine has for the key `k`."""
        return self.machine.values.get("k")


def leader(node: str = "n0", **named: Any) -> Hand:
    """A leader whose no-op is committed."""
    hand = Hand(node, **named)
    hand.lead()
    hand.settle()
    return hand


def members(*voters: Member, learners: tuple[Member, ...] = ()) -> Configure:
    """The command that makes these the members."""
    return Configure(Configuration(voters, learners))


NOOP = Noop()
