"""The machine that a node's core runs on: its clock and timers, its storage and its network, on Trio."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import trio

from rts.core.events import Event, PersistFailed, TimerFired
from rts.core.raft.log import AppendRecord, SnapshotRecord, StateRecord
from rts.core.raft.node import RaftCore
from rts.raft.calls import Batch, Call, Notice, Submission
from rts.raft.storage.protocol import Storage
from rts.raft.transport.protocol import Transport, ways
from rts.runtime.driver import Node
from rts.schedule import SECOND


class Machine:
    """Ports of one node (see `rts.runtime.driver.Machine`), and the tasks behind them.

    `calls` are those who wait for an answer, by the address that they gave. What the core raises ends the
    machine: it is kept as `failure`, and `stop` is called.
    """

    def __init__(self, core: RaftCore, transport: Transport, storage: Storage) -> None:
        self.core = core
        self.storage = storage
        self.calls: dict[str, Call | Batch] = {}
        self.failure: Exception | None = None
        self.stop: Callable[[], None] = lambda: None
        self.on_note: Callable[[str, Any], None] | None = None
        self.node = Node(core, self)
        self._ways = ways(transport)
        self._timers: dict[str, int] = {}
        self._alarm = trio.CancelScope()
        self._last_index = core.log.last_index
        self._asked = 0
        self._dirty = trio.Event()
        self._leader_known = trio.Event()

    def handle(self, event: Event) -> None:
        """Let the core take in an event."""
        self._try(self.node.handle, event)

    def _try(self, act: Callable[[Any], None], argument: Any) -> None:
        if self.failure is None:
            try:
                act(argument)
                if self.core.leader is not None:
                    self._leader_known.set()
            except Exception as error:  # whatever it is, the node's state is not to be trusted any more
                self.failure = error
                self.stop()

    async def wait_leader(self) -> None:
        """Wait until the core knows who leads, or something else ends the wait."""
        if self._leader_known.is_set():
            self._leader_known = trio.Event()
        await self._leader_known.wait()

    def end(self, never_taken: Iterable[Submission | Notice], refusal: Exception) -> None:
        """Nobody will be answered any more; commands that the core never saw were certainly not done."""
        calls, self.calls = self.calls, {}
        for call in calls.values():
            self._last_word(call.hear, None)
        for submission in never_taken:
            self._last_word(submission.fail, refusal)
        self._leader_known.set()

    def _last_word(self, tell: Callable[[Any], None], what: Exception | None) -> None:
        try:
            tell(what)
        except Exception as error:  # of a `done`: the others are to hear of it all the same
            self.failure = self.failure or error

    # --- clocks and timers ----------------------------------------------------------------------------------

    def monotonic_ns(self) -> int:
        """Trio's clock."""
        return round(trio.current_time() * SECOND)

    def wall_ns(self) -> int:
        """None: Raft asks for no other clock."""
        return 0

    def set_timer(self, name: str, after_ns: int) -> None:
        """Wake the core later."""
        self._timers[name] = self.monotonic_ns() + after_ns
        self._set_alarm()

    def cancel_timer(self, name: str) -> None:
        """Do not."""
        self._timers.pop(name, None)
        self._set_alarm()

    def _set_alarm(self) -> None:
        self._alarm.deadline = min(self._timers.values(), default=math.inf) / SECOND

    async def keep_time(self) -> NoReturn:
        """Wake the core whenever a timer runs out."""
        while True:
            with trio.CancelScope() as self._alarm:
                self._set_alarm()
                await trio.sleep_forever()
            now = self.monotonic_ns()
            for name in sorted(name for name, due in self._timers.items() if due <= now):
                if self._timers.get(name, math.inf) <= now:
                    del self._timers[name]
                    self.handle(TimerFired(name))

    # --- storage --------------------------------------------------------------------------------------------

    def persist(self, number: int, record: Any) -> None:
        """Give a record to the storage; the task behind it makes durable all that has gathered."""
        match record:
            case StateRecord(term, vote):
                self.storage.save_state(term, vote)
            case AppendRecord(after, entries):
                if after < self._last_index:
                    self.storage.truncate_log_after(after)
                self.storage.append_log(entries)
                self._last_index = after + len(entries)
            case SnapshotRecord(snapshot, base):
                self.storage.save_snapshot(snapshot, base)
                if base is None:
                    self._last_index = snapshot.lsn.index
        self._asked = number
        self._dirty.set()

    async def keep_durable(self) -> NoReturn:
        """Sync whenever something was saved: what is saved meanwhile goes with the next one (group
        commit)."""
        while True:
            await self._dirty.wait()
            self._dirty = trio.Event()
            number = self._asked
            try:
                await self.storage.sync()
            except OSError as error:
                self.handle(PersistFailed(number, str(error)))
            else:
                self._try(self.node.persisted, number)

    # --- speaking -------------------------------------------------------------------------------------------

    def send(self, to: str, message: Any) -> None:
        """Answer a call, or give a message to the network."""
        call = self.calls.pop(to, None)
        if call is not None:
            call.hear(message)
        else:
            way = self._ways.get(type(message))
            if way is not None:  # else an answer that nobody waits for any more
                way(to, message)

    def note(self, what: str, detail: Any) -> None:
        """Pass it on to whoever wants to know."""
        if self.on_note is not None:
            self.on_note(what, detail)

    def carry_out(self, effect: Any) -> NoReturn:
        """A Raft core has no effects of its own."""
        raise TypeError(f"unknown effect {effect!r}")

    def blow(self) -> NoReturn:
        """Only simulated nodes have a fuse."""
        raise RuntimeError("this node has no fuse")
