"""Counters that only grow: a node's epoch, what it knows to be acknowledged, and what it has applied.

A restart may forget what is known to be acknowledged, which is learnt again; it may not forget the epoch,
which is a promise.
"""

from __future__ import annotations

from collections.abc import Callable

from rts.sim.node import SimNode


class Monotonic:
    """Remembers each node's counters; `forced()`: after a forced promotion acknowledged entries may go."""

    name = "monotonic-counters"

    def __init__(self, forced: Callable[[], bool]) -> None:
        self.forced = forced
        self.epochs: dict[tuple[str, int], int] = {}
        self.counters: dict[tuple[str, int], tuple[int, int]] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        disk = (node.name, node.disk.identity)
        epoch = self.epochs.get(disk, 0)
        if core.epoch < epoch:
            return f"{node.name} went back from epoch {epoch} to {core.epoch}"
        if core.epoch > epoch and node.is_durable():  # else the promise was made to nobody yet
            self.epochs[disk] = core.epoch
        life = (node.name, node.life)
        committed, applied = self.counters.get(life, (0, 0))
        self.counters[life] = (core.committed, core.applied)
        if (core.committed < committed or core.applied < applied) and not self.forced():
            return (
                f"{node.name} went back from acknowledged {committed}, applied {applied} "
                f"to acknowledged {core.committed}, applied {core.applied}"
            )
        return None
