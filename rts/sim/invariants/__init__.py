"""White-box invariants, one a file, checked after every event that changed a node's state.

They find in ten events what a client's history shows after a hundred. Each looks at one node at a time and
remembers what the others showed; the first contradiction is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rts.runs import Breach
from rts.sim.node import SimNode


class Invariant(Protocol):
    """One thing that must be true of all nodes at all times."""

    name: str

    def check(self, node: SimNode) -> str | None:
        """What contradicts the invariant, if anything does, now that `node` has changed."""


def mark_of(node: SimNode) -> object:
    """What changes whenever an invariant may have something to say of a single-leader store's node."""
    core = node.core
    return (
        core.epoch,
        core.persisted,
        core.log.last,
        core.committed,
        core.applied,
        core.role,
        node.incarnation,
    )


class Invariants:
    """Watches the nodes of one run. `checked` counts, by name, how often each invariant was checked.

    `mark` gives what must have changed of a node for another look at it to be worth its while.
    """

    def __init__(
        self, invariants: tuple[Invariant, ...], mark: Callable[[SimNode], object] = mark_of
    ) -> None:
        self.invariants = invariants
        self.mark = mark
        self.breaches: dict[str, Breach] = {}
        self.checks = 0
        self._marks: dict[str, object] = {}

    def watch(self, node: SimNode) -> None:
        """Check `node` if its last event changed it."""
        mark = self.mark(node)
        marks, name = self._marks, node.name
        if marks.get(name) == mark:
            return
        marks[name] = mark
        self.checks += 1
        for invariant in self.invariants:
            wrong = invariant.check(node)
            if wrong is not None and invariant.name not in self.breaches:
                self.breaches[invariant.name] = Breach(invariant.name, wrong, node.pump.now, node.name)

    def watched(self) -> dict[str, int]:
        """How often each invariant was checked."""
        return {invariant.name: self.checks for invariant in self.invariants}
