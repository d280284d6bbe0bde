"""A replica driven by hand: the test gives events, looks at effects, and says when the disk is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rts.core.effects import CancelTimer, Effect, Note, Persist, Reply, Send, SetTimer
from rts.core.events import Event, Persisted, Received, Started, TimerFired
from rts.core.single_leader.log import Entry, Put, Record, StartEpoch, founding, recover
from rts.core.single_leader.messages import Append, Appended, Promise, PromoteCommand, WriteRequest
from rts.core.single_leader.replica import Replica
from rts.core.single_leader.settings import Settings
from rts.ids import Lsn, Member
from rts.telemetry.cluster import first_members

N0, N1, N2 = Member("n0", 1), Member("n1", 1), Member("n2", 1)
SYNC: dict[str, Any] = {"policy": "sync", "synchronous": ("n1",)}
QUORUM: dict[str, Any] = {"policy": "quorum", "quorum": 2}
NONE: dict[str, Any] = {"policy": "none"}


def put(position: tuple[int, int], value: Any, *, key: str = "k", request: int = 1) -> Entry:
    """An entry in which client `c` sets a key."""
    return Entry(Lsn(*position), Put(key, value, "c", request))


def opening(position: tuple[int, int], leader: str, *members: Member, forced: bool = False) -> Entry:
    """The no-op that opens an epoch."""
    return Entry(Lsn(*position), StartEpoch(leader, members, forced))


class Hand:
    """One replica of the cluster `n0`, `n1`, `n2`, where `n0` leads epoch 1.

    Its disk holds the founding records (unless `blank`) and then `records`; `first` is what it
    did at its start.
    """

    def __init__(
        self,
        node: str,
        settings: dict[str, Any],
        *records: Record,
        disk: int = 1,
        blank: bool = False,
        **more: Any,
    ) -> None:
        self.settings = Settings(**{**settings, **more})
        first = () if blank else founding("n0", first_members(self.settings))
        self.replica = Replica(node, ("n0", "n1", "n2"), self.settings, recover((*first, *records)), disk)
        self.now = 0
        self.persists = 0
        self.first = self.do(Started())

    def do(self, event: Event) -> list[Effect]:
        """What the replica does about an event."""
        effects = self.replica.step(event, self.now, 0)
        self.persists += sum(isinstance(effect, Persist) for effect in effects)
        return effects

    def get(self, sender: str, message: Any) -> list[Effect]:
        """A message arrives."""
        return self.do(Received(sender, message))

    def sync(self) -> list[Effect]:
        """The disk has made everything durable."""
        return self.do(Persisted(self.persists))

    def fire(self, name: str, *, after_ns: int = 0) -> list[Effect]:
        """A timer runs out, so much later."""
        self.now += after_ns
        return self.do(TimerFired(name))

    def write(self, value: Any, *, request: int = 1, client: str = "c", key: str = "k") -> list[Effect]:
        """A client writes, at the epoch that the replica is in."""
        return self.get(client, WriteRequest(self.replica.epoch, request, "write", key, value))

    def value(self, key: str = "k") -> Any:
        """What is visible here."""
        return self.replica.values.get(key, (None, None))[0]

    @property
    def log(self) -> list[str]:
        """The positions in the log, as text."""
        return [str(entry.lsn) for entry in self.replica.log.entries]


def spoken(effects: Sequence[Effect]) -> list[tuple[str, Any]]:
    """The messages among effects, with whom they go to."""
    return [(effect.to, effect.message) for effect in effects if isinstance(effect, (Send, Reply))]


def written(effects: Sequence[Effect]) -> list[Any]:
    """The records among effects."""
    return [effect.record for effect in effects if isinstance(effect, Persist)]


def noted(effects: Sequence[Effect]) -> list[str]:
    """The notes among effects."""
    return [effect.what for effect in effects if isinstance(effect, Note)]


def timers(effects: Sequence[Effect]) -> list[tuple[str, int | None]]:
    """The timers set (in how many nanoseconds) and cancelled (`None`) among effects."""
    found: list[tuple[str, int | None]] = []
    for effect in effects:
        if isinstance(effect, SetTimer):
            found.append((effect.name, effect.after_ns))
        elif isinstance(effect, CancelTimer):
            found.append((effect.name, None))
    return found


def told(effects: Sequence[Effect], to: str) -> list[Any]:
    """The messages to one address."""
    return [message for address, message in spoken(effects) if address == to]


def promoted(node: str = "n1", *entries: Entry, settings: dict[str, Any] = SYNC, **more: Any) -> Hand:
    """`node`, with `entries` in its log that nobody acknowledged yet, leading epoch 2; all of it durable."""
    hand = Hand(node, settings, **more)
    if entries:
        hand.get("n0", Append(1, Lsn(1, 1), entries, 1))
    hand.get("operator", PromoteCommand(2, False, ()))
    if hand.settings.policy == "quorum":
        other = "n2" if node != "n2" else "n1"
        hand.get(other, Promise(2, Lsn(1, 1), 1))
    hand.sync()
    return hand


def answers(hand: Hand, node: str, index: int, *, disk: int = 1) -> list[Effect]:
    """A follower says that its log is durable up to `index`."""
    return hand.get(node, Appended(hand.replica.epoch, index, disk))
