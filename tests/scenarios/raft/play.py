"""Plays a story told message by message, and tells what is seen.

The first line names the nodes, then settings (`window=1`), and `outside=` those that are no members yet. Each
line after it is one thing that happens; what is seen of it follows, indented:

    n0 election-timeout | heartbeat | submit X | read MODE | add N | remove N | transfer N | …
    deliver n0 n1 [again|last]   the oldest message on the way arrives (`again`: and stays, to come once
                                 more), or the last one
    drop n0 n1                   all messages on the way are lost
    disk n0 waits                the disk takes its time from now on
    persisted n0 [2]             all (or the first two records) that it was given is durable
    settle [n0 n1 …]             all messages between these arrive, until there are no more
    elect n0 [n1 …]              the same after an election time-out
    win n0 n1 …                  n0 is elected by these; what it says then is on the way
    pass 200ms | crash n0 | start n0 | show n0 …
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rts.core.raft.messages import (
    ChangeMembers,
    Query,
    Submit,
    TransferLeadership,
)
from rts.schedule import MILLISECOND
from tests.core.raft.table import Table
from tests.scenarios.raft.words import members_in_words, put_in_words

INDENT = "    "


class Story:
    """One story, as it is played."""

    def __init__(self, head: str) -> None:
        words = head.split()
        settings: dict[str, Any] = dict(word.split("=") for word in words if "=" in word)
        outside = settings.pop("outside", "").split(",")
        self.seen: list[str] = []
        self.quiet = False
        self.requests = 0
        self.table = Table(
            [word for word in words if "=" not in word],
            outside=[name for name in outside if name],
            told=self.tell,
            heard=self.hear,
            **{name: int(value) for name, value in settings.items()},
        )
        self.seen.clear()

    def tell(self, line: str) -> None:
        self.seen.append(line)

    def hear(self, source: str, target: str, message: Any) -> None:
        """A message is sent; between nodes it is not told while all is to be delivered anyway."""
        if not self.quiet or target not in self.table.seats:
            self.tell(f"{source} → {target} {put_in_words(message)}")

    def happen(self, line: str) -> Iterator[str]:
        """What is seen when one thing happens."""
        self.seen.clear()
        first, *words = line.split()
        self.quiet = first in ("settle", "elect", "win")
        if first in self.table.seats:
            self.at_node(first, *words)
        else:
            getattr(self, f"on_{first}")(*words)
        yield from self.seen

    # --- at one node ----------------------------------------------------------------------------------------

    def at_node(self, name: str, what: str, *words: str) -> None:
        """A timer runs out, or a client asks for something."""
        table = self.table
        self.requests += what not in ("election-timeout", "heartbeat")
        match what:
            case "election-timeout":
                table.time_out(name)
            case "heartbeat":
                table.beat(name)
            case "submit":
                table.give(name, "client", Submit(f"of {words[0]}", self.requests, 0, ("k", words[0])))
            case "read":
                mode: Any = words[0]
                table.give(name, "client", Query(self.requests, "k", mode))
            case "transfer":
                table.give(name, "client", TransferLeadership(self.requests, words[0]))
            case _:
                action: Any = what
                table.give(name, "client", ChangeMembers(self.requests, action, words[0]))

    # --- what happens ---------------------------------------------------------------------------------------

    def on_deliver(self, source: str, target: str, which: str = "") -> None:
        at = -1 if which == "last" else 0
        self.tell(f"({put_in_words(self.table.waiting(source, target)[at])})")
        self.table.deliver(source, target, at=at, keep=which == "again")

    def on_drop(self, source: str, target: str) -> None:
        for message in self.table.waiting(source, target):
            self.tell(f"({put_in_words(message)})")
        self.table.drop(source, target)

    def on_disk(self, name: str, does: str) -> None:
        self.table.seats[name].waits = does == "waits"

    def on_persisted(self, name: str, count: str = "") -> None:
        seat = self.table.seats[name]
        seat.sync(int(count) if count else len(seat.pending))

    def on_settle(self, *names: str) -> None:
        self.table.settle(*names)

    def on_elect(self, name: str, *others: str) -> None:
        self.table.elect(name, *((name, *others) if others else ()))

    def on_win(self, name: str, *voters: str) -> None:
        self.table.win(name, *voters)

    def on_pass(self, duration: str) -> None:
        self.table.now += int(duration.removesuffix("ms")) * MILLISECOND

    def on_crash(self, name: str) -> None:
        self.table.crash(name)

    def on_start(self, name: str) -> None:
        self.table.start(name)

    def on_show(self, *names: str) -> None:
        for name in names:
            core = self.table.core(name)
            log = " ".join(str(entry.lsn) for entry in core.log.entries) or "nothing"
            if core.log.base.index:
                log = f"(…{core.log.base}) {log}"
            marks = f"committed {core.committed}"
            if core.persisted < core.log.last_index:
                marks += f", durable {core.persisted}"
            members = members_in_words(core.configuration)
            self.tell(f"{name}: {core.role} of term {core.term}, {members}, log {log}, {marks}")
            for other, progress in sorted(core.progress.items()):
                state = f"{progress.state}, matched {progress.matched}, next {progress.next}"
                self.tell(f"{INDENT}{other}: {state}")


def play(text: str) -> str:
    """A story's text with what is seen when it is played, in place of what is said there."""
    lines = [line for line in text.splitlines() if not line.startswith(INDENT)]
    told: list[str] = []
    story: Story | None = None
    for line in lines:
        told.append(line)
        if not line or line.startswith("#"):
            continue
        if story is None:
            story = Story(line)
        else:
            told += [INDENT + seen for seen in story.happen(line)]
    return "\n".join(told) + "\n"
