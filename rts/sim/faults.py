"""Faults: a schedule's steps, done to the network, the machines and the operator; and the healing that ends
them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Protocol, TypeAlias, TypeVar, assert_never

from rts.errors import ScheduleError
from rts.schedule import (
    ChangeMembers,
    CommandStep,
    CorruptDisk,
    Crash,
    Duplicate,
    FaultStep,
    FullDisk,
    Heal,
    Lag,
    Loss,
    Partition,
    Pause,
    Promote,
    Rejoin,
    Reorder,
    Restart,
    Resume,
    SkewClock,
    SlowDisk,
    TransferLeadership,
    plain,
)
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.trace import Trace


class AnyMachine(Protocol):
    """What every simulated machine can suffer."""

    name: str
    up: bool
    paused: bool

    def start(self) -> None:
        """Begin a life."""

    def crash(self, *, lose_disk: bool = False, tear: bool = False) -> int:
        """End this life at once. How many unsynced records were lost."""

    def arm(self, effects: int, step: int, *, lose_disk: bool = False, tear: bool = False) -> None:
        """Die after so many effects."""

    def pause(self, step: int) -> None:
        """Stand still."""

    def resume(self) -> None:
        """Go on."""


class AnyOperator(Protocol):
    """Who has the store do things."""

    def apply(self, number: int, step: CommandStep) -> None:
        """Do what step number `number` says. Raises `ScheduleError` for a kind that the store does not
        know."""


Machine = TypeVar("Machine", bound=AnyMachine)
OtherStep: TypeAlias = CommandStep | SlowDisk | FullDisk | CorruptDisk | SkewClock
"""What a step may be that is about neither links nor lives."""


def not_known(number: int, step: FaultStep) -> ScheduleError:
    """What to raise for a kind of step that the system under test does not have."""
    return ScheduleError(f"steps[{number}]: this system has no fault of the kind {plain(step)['step']!r}")


class BasicFaults(Generic[Machine]):
    """Does what fault steps say to links and to the lives of machines. A subclass may know of more kinds."""

    def __init__(self, network: SimNetwork, nodes: Mapping[str, Machine], trace: Trace) -> None:
        self.network = network
        self.nodes = nodes
        self.trace = trace

    def apply(self, number: int, step: FaultStep) -> None:
        """Do what step number `number` says. Raises `ScheduleError` for a kind that is not known here."""
        # as plain data: a step of a file and the same step drawn leave the same bytes
        self.trace.events.append((self.network.pump.now, "fault", number, plain(step)))
        match step:
            case Lag() | Loss() | Duplicate() | Reorder() | Partition() | Heal():
                self.network.apply(number, step)
            case Crash() | Restart() | Pause() | Resume() | Rejoin():
                if self._to_life(number, step, self.nodes[step.node]):
                    self.trace.hold(number)
            case Promote() | ChangeMembers() | TransferLeadership():
                self.apply_other(number, step)
            case SlowDisk() | FullDisk() | CorruptDisk() | SkewClock():
                self.apply_other(number, step)
            case _:
                assert_never(step)

    def apply_other(self, number: int, step: OtherStep) -> None:
        """Do what a step says that is about neither links nor lives."""
        raise not_known(number, step)

    def _to_life(self, number: int, step: Crash | Restart | Pause | Resume | Rejoin, node: Machine) -> bool:
        """Do it to one machine; whether it took hold at once. Some do so only when the machine meets them."""
        match step:
            case Crash(at_effect=None):
                if not node.up:
                    return False
                node.crash(lose_disk=step.lose_disk, tear=step.tear)
                return True
            case Crash(at_effect=int() as effects):
                node.arm(effects, number, lose_disk=step.lose_disk, tear=step.tear)
            case Restart():
                if not node.up:
                    node.start()
                    return True
            case Pause():
                if node.up and not node.paused:
                    node.pause(number)
            case Resume():
                if node.paused:
                    node.resume()
                    return True
            case Rejoin():
                return self.rejoin(node)
        return False

    def rejoin(self, node: Machine) -> bool:
        """Bring a machine back and mend its links; whether anything was wrong."""
        wrong = self.network.heal_node(node.name)
        if not node.up:
            node.start()
            return True
        if node.paused:
            node.resume()
            return True
        return wrong

    def end(self) -> None:
        """All faults end: links are as at the start, every machine runs."""
        self.network.heal()
        for node in self.nodes.values():
            self.rejoin(node)


class Faults(BasicFaults[SimNode]):
    """The same for machines with disks and clocks, and for what the operator does."""

    def __init__(
        self,
        network: SimNetwork,
        nodes: Mapping[str, SimNode],
        trace: Trace,
        operator: AnyOperator,
    ) -> None:
        super().__init__(network, nodes, trace)
        self.operator = operator

    def apply_other(self, number: int, step: OtherStep) -> None:
        """Do what a step says to the operator, a disk or a clock."""
        match step:
            case Promote() | ChangeMembers() | TransferLeadership():
                self.operator.apply(number, step)
            case SlowDisk():
                self.nodes[step.node].disk.slow = (step.delay_ns, number)
            case FullDisk():
                self.nodes[step.node].disk.full = number
            case CorruptDisk():
                self.nodes[step.node].disk.flipped = number
            case SkewClock():
                self.nodes[step.node].skew(step.jump_ns, step.drift_ppm, number)

    def end(self) -> None:
        """All faults end: links, disks and clocks are as at the start, every machine runs."""
        for node in self.nodes.values():
            node.disk.mend()
            node.mend_clocks()
            if node.node is not None:
                node.node.fuse = None
        super().end()
