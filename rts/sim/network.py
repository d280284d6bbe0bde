"""The simulated network: directed links that are quick and reliable until a fault says otherwise.

A link delivers in order, like a connection, unless it is told to reorder. A message to a node that has
crashed or restarted since it was sent is lost with the connection that it was on. Whether a given message is
lost, duplicated or held is a function of the schedule's seed, the link and the count of messages on it:
dropping a step from a schedule leaves the fate of other links' messages as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol
from zlib import crc32

from rts.schedule import MICROSECOND, Duplicate, Lag, LinkStep, Loss, Partition, Reorder
from rts.sim.pump import Pump
from rts.sim.trace import Trace

NODE_LINK_NS = 2_500 * MICROSECOND
CLIENT_LINK_NS = 500 * MICROSECOND

_MASK = (1 << 64) - 1


@lru_cache(maxsize=1_024)
def _number_of_link(source: str, target: str) -> int:
    """The same number for the same link in every run."""
    return crc32(f"{source}>{target}".encode())


def mix(seed: int, link: int, count: int) -> int:
    """64 well-mixed bits of three numbers (Steele et al., *SplitMix*, 2014)."""
    bits = (seed * 0x9E3779B97F4A7C15 + link * 0xBF58476D1CE4E5B9 + count * 0x94D049BB133111EB) & _MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
    return bits ^ (bits >> 31)


class Endpoint(Protocol):
    """Where messages arrive. `incarnation` counts the lives of the one who lives there."""

    incarnation: int

    def deliver(self, source: str, message: Any, incarnation: int) -> None:
        """A message that was sent when the endpoint was in its life number `incarnation`."""


class Link:
    """One direction between two addresses, and the faults on it (each with the step that asked for it)."""

    __slots__ = (
        "base_ns",
        "count",
        "cut",
        "duplicate",
        "faulty",
        "lag",
        "last_at",
        "loss",
        "number",
        "reorder",
    )

    def __init__(self, number: int, base_ns: int) -> None:
        self.number = number
        self.base_ns = base_ns
        self.count = 0
        self.last_at = 0
        self.heal()

    def heal(self) -> None:
        """Forget all faults."""
        self.faulty = False
        self.lag: tuple[int, int] | None = None
        self.cut: int | None = None
        self.loss: tuple[int, int] | None = None
        self.duplicate: tuple[int, int, int] | None = None
        self.reorder: tuple[int, int, int] | None = None


class SimNetwork:
    """All links between the addresses that joined. `jitter` seeds small differences between delays (0:
    none)."""

    def __init__(self, pump: Pump, trace: Trace, *, jitter: int = 0) -> None:
        self.pump = pump
        self.trace = trace
        self.jitter = jitter
        self.endpoints: dict[str, Endpoint] = {}
        self.nodes: set[str] = set()
        self.links: dict[tuple[str, str], Link] = {}
        self._exempt: set[str] = set()
        self._local: set[str] = set()

    def join(
        self, address: str, endpoint: Endpoint, *, node: bool, exempt: bool = False, local: bool = False
    ) -> None:
        """Connect an address.

        `exempt` ones (the operator) are beyond the reach of faults; a `local` one's links take no time.
        """
        self.endpoints[address] = endpoint
        if local:
            self._local.add(address)
        if node:
            self.nodes.add(address)
        if exempt:
            self._exempt.add(address)

    def link(self, source: str, target: str) -> Link:
        """The link from `source` to `target`."""
        link = self.links.get((source, target))
        if link is None:
            both = source in self.nodes and target in self.nodes
            number = _number_of_link(source, target)
            base_ns = NODE_LINK_NS if both else CLIENT_LINK_NS
            if source in self._local or target in self._local:
                base_ns = 0
            link = Link(number, base_ns)
            self.links[source, target] = link
        return link

    def send(self, source: str, target: str, message: Any) -> None:
        """Put a message on its way."""
        link = self.links.get((source, target)) or self.link(source, target)
        endpoint = self.endpoints[target]
        link.count += 1
        at = self.pump.now + link.base_ns
        if self.jitter and link.base_ns:
            at += mix(self.jitter, link.number, link.count) % link.base_ns
        if link.faulty:
            self._send_faulty(link, endpoint, at, source, target, message)
            return
        if at <= link.last_at:
            at = link.last_at + 1
        link.last_at = at
        self.pump.at(at, endpoint.deliver, source, message, endpoint.incarnation)

    def _send_faulty(
        self, link: Link, endpoint: Endpoint, at: int, source: str, target: str, message: Any
    ) -> None:
        hold, events = self.trace.hold, self.trace.events
        if link.cut is not None:
            hold(link.cut)
            events.append((self.pump.now, "cut", source, target, message))
            return
        chance = mix(self.jitter ^ 0x5DEECE66D, link.number, link.count)
        if link.loss is not None and chance % 100 < link.loss[0]:
            hold(link.loss[1])
            events.append((self.pump.now, "lost", source, target, message))
            return
        if link.lag is not None:
            hold(link.lag[1])
            at += link.lag[0]
        if link.reorder is not None and (chance >> 16) % 100 < link.reorder[0]:
            hold(link.reorder[2])
            self.pump.at(at + link.reorder[1], endpoint.deliver, source, message, endpoint.incarnation)
        else:
            if at <= link.last_at:
                at = link.last_at + 1
            link.last_at = at
            self.pump.at(at, endpoint.deliver, source, message, endpoint.incarnation)
        if link.duplicate is not None and (chance >> 32) % 100 < link.duplicate[0]:
            hold(link.duplicate[2])
            self.pump.at(at + 1 + link.duplicate[1], endpoint.deliver, source, message, endpoint.incarnation)

    # --- faults ---------------------------------------------------------------------------------------------

    def apply(self, number: int, step: LinkStep) -> None:
        """Do what a schedule's step says; `number` is the step's."""
        match step:
            case Lag():
                for link in self.between(step.source, step.target):
                    link.lag = (step.delay_ns, number)
                    link.faulty = True
            case Loss():
                for link in self.between(step.source, step.target):
                    link.loss = (step.percent, number)
                    link.faulty = True
            case Duplicate():
                for link in self.between(step.source, step.target):
                    link.duplicate = (step.percent, step.delay_ns, number)
                    link.faulty = True
            case Reorder():
                for link in self.between(step.source, step.target):
                    link.reorder = (step.percent, step.delay_ns, number)
                    link.faulty = True
            case Partition():
                self.cut(step.group, number, into=step.direction != "out-of", out_of=step.direction != "into")
            case _:
                if any(link.faulty for link in self.links.values()):
                    self.trace.hold(number)
                self.heal()

    def between(self, source: str, target: str) -> Iterable[Link]:
        """The links that a fault's source and target name; `*` is every address within reach of faults."""
        everyone = [address for address in self.endpoints if address not in self._exempt]
        sources: Sequence[str] = everyone if source == "*" else [source]
        targets: Sequence[str] = everyone if target == "*" else [target]
        return [self.link(a, b) for a in sources for b in targets if a != b]

    def cut(
        self,
        group: Iterable[str],
        number: int,
        *,
        into: bool = True,
        out_of: bool = True,
        among: Iterable[str] | None = None,
    ) -> None:
        """Cut a group of addresses off from all others, or from those of `among`."""
        inside = set(group)
        for address in self.endpoints if among is None else among:
            if address not in inside and address not in self._exempt:
                for member in sorted(inside):
                    if into:
                        link = self.link(address, member)
                        link.cut, link.faulty = number, True
                    if out_of:
                        link = self.link(member, address)
                        link.cut, link.faulty = number, True

    def heal(self) -> None:
        """All links are as at the start."""
        for link in self.links.values():
            link.heal()

    def heal_node(self, address: str) -> bool:
        """The links from and to one address are as at the start; whether any was not."""
        touched = [link for (a, b), link in self.links.items() if address in (a, b) and link.faulty]
        for link in touched:
            link.heal()
        return bool(touched)

    def reset_connections(self) -> None:
        """Everything in flight is lost, as when all connections break."""
        for endpoint in self.endpoints.values():
            endpoint.incarnation += 1
        for link in self.links.values():
            link.last_at = 0
