"""Faults: a schedule's steps, done to the network, the machines and the operator; and the healing that ends
them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from rts.schedule import (
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
    plain,
)
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode
from rts.sim.trace import Trace


class Faults:
    """Does what fault steps say. `promote(number, step)` is the operator's part."""

    def __init__(
        self,
        network: SimNetwork,
        nodes: Mapping[str, SimNode],
        trace: Trace,
        promote: Callable[[int, Promote], None],
    ) -> None:
        self.network = network
        self.nodes = nodes
        self.trace = trace
        self.promote = promote

    def apply(self, number: int, step: FaultStep) -> None:
        """Do what step number `number` says."""
        # as plain data: a step of a file and the same step drawn leave the same bytes
        self.trace.events.append((self.network.pump.now, "fault", number, plain(step)))
        match step:
            case Lag() | Loss() | Duplicate() | Reorder() | Partition() | Heal():
                self.network.apply(number, step)
            case Promote():
                self.promote(number, step)
            case (
                Crash()
                | Restart()
                | Pause()
                | Resume()
                | SlowDisk()
                | FullDisk()
                | CorruptDisk()
                | SkewClock()
                | Rejoin()
            ):
                if self._machine(number, step, self.nodes[step.node]):
                    self.trace.hold(number)
            case _:
                assert_never(step)

    def _machine(
        self,
        number: int,
        step: Crash | Restart | Pause | Resume | SlowDisk | FullDisk | CorruptDisk | SkewClock | Rejoin,
        node: SimNode,
    ) -> bool:
        """Do it to one machine; whether it took hold at once. Some do so only when the machine meets them."""
        match step:
            case Crash(at_effect=None):
                if not node.up:
                    return False
                node.crash(lose_disk=step.lose_disk, tear=step.tear)
                return True
            case Crash(at_effect=int() as effects):
                node.arm(effects, number)
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
            case SlowDisk():
                node.disk.slow = (step.delay_ns, number)
            case FullDisk():
                node.disk.full = number
            case CorruptDisk():
                node.disk.flipped = number
            case SkewClock():
                node.skew(step.jump_ns, step.drift_ppm, number)
            case Rejoin():
                return self.rejoin(node)
        return False

    def rejoin(self, node: SimNode) -> bool:
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
        """All faults end: links, disks and clocks are as at the start, every machine runs."""
        self.network.heal()
        for node in self.nodes.values():
            node.disk.mend()
            node.skew(0, 0, None)
            if node.node is not None:
                node.node.fuse = None
            self.rejoin(node)
