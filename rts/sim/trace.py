"""What happened in a run: every event, for the digest and for reports; and what was counted along the way."""

from __future__ import annotations

from collections import Counter
from typing import Any


class Trace:
    """Events as tuples `(virtual ns, kind, …)`, states reached, and which fault steps took hold."""

    __slots__ = ("drawn", "events", "states", "took_hold")

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.states: Counter[str] = Counter()
        self.drawn: dict[int, str] = {}
        self.took_hold: set[int] = set()

    def reach(self, state: str) -> None:
        """A state worth counting was reached."""
        self.states[state] += 1

    def draw(self, step: int, kind: str) -> None:
        """A fault of `kind` is asked for by step number `step`."""
        self.drawn[step] = kind

    def hold(self, step: int) -> None:
        """The fault of step number `step` had an effect."""
        self.took_hold.add(step)

    def faults(self) -> dict[str, tuple[int, int]]:
        """For each kind of fault, how many were asked for and how many took hold."""
        drawn = Counter(self.drawn.values())
        held = Counter(self.drawn[step] for step in self.took_hold if step in self.drawn)
        return {kind: (drawn[kind], held[kind]) for kind in sorted(drawn)}
