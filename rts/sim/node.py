"""A simulated machine: one node's clocks, timers, disk and fate, around the driver that real nodes have
too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rts.core.events import PersistFailed, Received, Started, TimerFired
from rts.errors import DiskFailed, InvariantBroken
from rts.runtime.driver import AnyCore, Node
from rts.schedule import SECOND
from rts.sim.disk import SimDisk
from rts.sim.network import SimNetwork
from rts.sim.pump import Pump
from rts.sim.trace import Trace
from rts.storage.wal import CorruptLog

EPOCH_OF_WALL_CLOCKS_NS = 1_700_000_000 * SECOND


class SimNode:
    """A machine that runs one core.

    `boot` makes a core from the disk's records and the disk's identity. `watch`, where given, is called with
    the node after each event that it took in. `broken` collects the messages of invariants that stopped the
    node.
    """

    def __init__(
        self,
        name: str,
        pump: Pump,
        network: SimNetwork,
        trace: Trace,
        disk: SimDisk,
        boot: Callable[[list[Any], int], AnyCore],
        watch: Callable[[SimNode], None] | None = None,
    ) -> None:
        self.name = name
        self.pump = pump
        self.network = network
        self.trace = trace
        self.disk = disk
        self.boot = boot
        self.watch = watch
        self.incarnation = 0
        self.life = 0
        self.up = False
        self.paused = False
        self.node: Node | None = None
        self.core: Any = None  # of the current life, or of the last one if the node is down
        self.broken: list[str] = []
        self.on_note: Callable[[SimNode, str, Any], None] | None = None
        self._fuse_step: int | None = None
        self._blown = False, False
        self._pause_step: int | None = None
        self._backlog: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self._timers: dict[str, int] = {}
        self._timer_count = 0
        self._booted_at = 0
        self._drift_ppm = 0
        self._drift_from = 0
        self._drift_gained = 0
        self._jump_ns = 0
        self._skew_step: int | None = None

    def is_durable(self) -> bool:
        """Whether the disk has all that the core gave to it."""
        return self.node is not None and self.node.issued == self.node.durable

    # --- life and death -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin a life on what the disk holds; a damaged disk is refused, and replaced by a blank one."""
        try:
            records = self.disk.records()
        except CorruptLog:
            self.trace.events.append((self.pump.now, "disk refused", self.name))
            self.disk.replace()
            records = []
        self._begin_life(up=True)
        self._booted_at = self._drift_from = self.pump.now
        self._drift_gained = 0
        self._timers = {}
        self.core = self.boot(records, self.disk.identity)
        self.node = Node(self.core, self)
        self.trace.events.append((self.pump.now, "start", self.name, len(records)))
        self._take(Started())

    def crash(self, *, lose_disk: bool = False, tear: bool = False) -> int:
        """End this life at once. How many unsynced records were lost."""
        self._begin_life(up=False)
        lost = self.disk.crash(tear=tear)
        if lose_disk:
            self.disk.replace()
        self.trace.events.append((self.pump.now, "crash", self.name, lost, lose_disk))
        if lost:
            self.trace.reach("crash lost unsynced records")
        return lost

    def _begin_life(self, *, up: bool) -> None:
        self.up, self.paused = up, False
        self.incarnation += 1
        self.life += 1
        self._backlog = []
        self._fuse_step = None

    def arm(self, effects: int, step: int, *, lose_disk: bool = False, tear: bool = False) -> None:
        """Crash after so many effects of the next event that has any."""
        if self.node is not None:
            self.node.fuse = effects
            self._fuse_step = step
            self._blown = lose_disk, tear

    def blow(self) -> None:
        """See `rts.runtime.driver.Machine`."""
        if self._fuse_step is not None:
            self.trace.hold(self._fuse_step)
        lose_disk, tear = self._blown
        self.crash(lose_disk=lose_disk, tear=tear)

    def pause(self, step: int) -> None:
        """Stand still."""
        self.paused = True
        self._pause_step = step

    def resume(self) -> None:
        """Go on: what arrived meanwhile is taken in now, one nanosecond after another."""
        self.paused = False
        backlog, self._backlog = self._backlog, []
        for act, arguments in backlog:
            self.pump.at(self.pump.now, act, *arguments)

    def _take(self, event: Any) -> None:
        node = self.node
        assert node is not None
        try:
            node.handle(event)
        except (InvariantBroken, DiskFailed) as error:
            self._stop(error)
        if self.watch is not None and self.up:
            self.watch(self)

    def _stop(self, error: InvariantBroken | DiskFailed) -> None:
        """A node whose state contradicts itself, or whose disk fails, stops rather than go on."""
        self.trace.events.append((self.pump.now, "stopped itself", self.name, str(error)))
        if isinstance(error, InvariantBroken):
            self.broken.append(str(error))
        self.crash()

    def _waits(self, act: Callable[..., None], *arguments: Any) -> bool:
        if self.paused:
            if self._pause_step is not None:
                self.trace.hold(self._pause_step)
            self._backlog.append((act, arguments))
            return True
        return not self.up

    # --- what arrives ---------------------------------------------------------------------------------------

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """See `rts.sim.network.Endpoint`."""
        if incarnation != self.incarnation:
            return
        if (self.paused or not self.up) and self._waits(self.deliver, source, message, incarnation):
            return
        self.trace.events.append((self.pump.now, "deliver", source, self.name, message))
        self._take(Received(source, message))

    def _persisted(self, number: int, life: int) -> None:
        if life != self.life:
            return
        if (self.paused or not self.up) and self._waits(self._persisted, number, life):
            return
        self.trace.events.append((self.pump.now, "persisted", self.name, number))
        node = self.node
        assert node is not None
        try:
            node.persisted(number)
        except (InvariantBroken, DiskFailed) as error:
            self._stop(error)
        if self.watch is not None and self.up:
            self.watch(self)

    def _persist_failed(self, number: int, reason: str, life: int) -> None:
        if life == self.life and not self._waits(self._persist_failed, number, reason, life):
            self._take(PersistFailed(number, reason))

    def _fire(self, name: str, count: int) -> None:
        if self._timers.get(name) != count or self._waits(self._fire, name, count):
            return
        del self._timers[name]
        self.trace.events.append((self.pump.now, "timer", self.name, name))
        self._take(TimerFired(name))

    # --- ports (rts.runtime.driver.Machine) -----------------------------------------------------------------

    def monotonic_ns(self) -> int:
        """Time since boot on this machine's clock."""
        now = self.pump.now
        if not self._drift_ppm:
            return now - self._booted_at + self._drift_gained
        if self._skew_step is not None:
            self.trace.hold(self._skew_step)
        gained = (now - self._drift_from) * self._drift_ppm // 1_000_000
        return now - self._booted_at + self._drift_gained + gained

    def wall_ns(self) -> int:
        """Wall time on this machine's clock."""
        if self._jump_ns and self._skew_step is not None:
            self.trace.hold(self._skew_step)
        return EPOCH_OF_WALL_CLOCKS_NS + self.pump.now + self._jump_ns

    def skew(self, jump_ns: int, drift_ppm: int, step: int | None) -> None:
        """The wall clock jumps; the monotonic clock drifts from now on."""
        now = self.pump.now
        self._drift_gained += (now - self._drift_from) * self._drift_ppm // 1_000_000
        self._drift_from = now
        self._drift_ppm = drift_ppm
        self._jump_ns += jump_ns
        self._skew_step = step

    def mend_clocks(self) -> None:
        """The clocks are true from now on; what the monotonic one has gained stays, for it does not go
        back."""
        self.skew(-self._jump_ns, 0, None)

    def send(self, to: str, message: Any) -> None:
        """Give a message to the network."""
        self.network.send(self.name, to, message)

    def persist(self, number: int, record: Any) -> None:
        """Give a record to the disk."""
        life = self.life
        self.disk.persist(
            number,
            record,
            lambda number: self._persisted(number, life),
            lambda number, reason: self._persist_failed(number, reason, life),
        )

    def set_timer(self, name: str, after_ns: int) -> None:
        """Wake the node after so many nanoseconds of its own clock."""
        self._timer_count += 1
        self._timers[name] = self._timer_count
        if self._drift_ppm:
            after_ns = after_ns * 1_000_000 // (1_000_000 + self._drift_ppm)
        self.pump.at(self.pump.now + after_ns, self._fire, name, self._timer_count)

    def cancel_timer(self, name: str) -> None:
        """Forget a timer."""
        self._timers.pop(name, None)

    def note(self, what: str, detail: Any) -> None:
        """Count it, and put it into the trace."""
        self.trace.reach(what)
        self.trace.events.append((self.pump.now, "note", self.name, what, detail))
        if self.on_note is not None:
            self.on_note(self, what, detail)

    def carry_out(self, effect: Any) -> None:
        """Nodes have no effects of their own."""
        raise TypeError(f"a node cannot carry out {effect!r}")
