"""The links of a telemetry store's network, and what a program can do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rts.schedule import SECOND, Duplicate, Lag, Loss, Reorder
from rts.sim.network import SimNetwork


class Links:
    """Directed links between nodes, and between sessions and nodes. A fault lasts until `heal`.

    Faults that are asked for before the cluster is complete take hold when it is.
    """

    def __init__(self, network: SimNetwork) -> None:
        self._sim = network
        self._fault = 0
        self._is_complete = False
        self._postponed: list[Callable[[], None]] = []

    def inject_lag(self, source: str, target: str, seconds: float) -> None:
        """Messages from `source` to `target` take `seconds` longer.

        Here and below the ends are nodes, sessions that were heard of, or `"*"` for all of both. Raises
        `ValueError` for others.
        """
        self._fault_on_link(Lag(source=source, target=target, delay_ns=round(seconds * SECOND)))

    def drop(self, source: str, target: str, *, percent: int = 100) -> None:
        """So many of the messages from `source` to `target` are lost."""
        self._fault_on_link(Loss(source=source, target=target, percent=percent))

    def duplicate(self, source: str, target: str, *, percent: int = 100, later_s: float = 0.0) -> None:
        """So many of the messages from `source` to `target` arrive again, `later_s` seconds later."""
        delay_ns = round(later_s * SECOND)
        self._fault_on_link(Duplicate(source=source, target=target, percent=percent, delay_ns=delay_ns))

    def reorder(self, source: str, target: str, *, percent: int = 50, held_s: float = 0.02) -> None:
        """So many of the messages from `source` to `target` are held for `held_s` seconds, and overtaken."""
        delay_ns = round(held_s * SECOND)
        self._fault_on_link(Reorder(source=source, target=target, percent=percent, delay_ns=delay_ns))

    def partition(self, group_a: Iterable[str], group_b: Iterable[str], *, one_way: bool = False) -> None:
        """Nothing passes between the groups; `one_way`: nothing from `group_a` to `group_b`, all the other
        way.
        """
        inside, others = tuple(group_a), tuple(group_b)

        def cut() -> None:
            self._check_addresses((*inside, *others))
            self._fault += 1
            self._sim.cut(inside, self._fault, into=not one_way, among=others)

        self._do(cut)

    def heal(self) -> None:
        """All links are as they were at the start."""
        self._do(self._sim.heal)

    def _complete(self) -> None:
        """All addresses of the cluster are there: what was asked for before takes hold."""
        self._is_complete = True
        postponed, self._postponed = self._postponed, []
        for act in postponed:
            act()

    def _do(self, act: Callable[[], None]) -> None:
        if self._is_complete:
            act()
        else:
            self._postponed.append(act)

    def _fault_on_link(self, step: Lag | Loss | Duplicate | Reorder) -> None:
        if not isinstance(step, Lag) and not 0 <= step.percent <= 100:
            raise ValueError(f"{step.percent} is no percentage")
        if not isinstance(step, Loss) and step.delay_ns < 0:
            raise ValueError(f"a message cannot be {-step.delay_ns / SECOND:g} s early")
        ends = tuple(end for end in (step.source, step.target) if end != "*")

        def apply() -> None:
            self._check_addresses(ends)
            self._fault += 1
            self._sim.apply(self._fault, step)

        self._do(apply)

    def _check_addresses(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            if address not in self._sim.endpoints:
                known = ", ".join(self._sim.endpoints)
                raise ValueError(f"{address!r} is no node, and no session so far; there are: {known}")
