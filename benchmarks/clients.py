"""Clients of a simulated store, who work back to back, each at a pace drawn by chance."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from typing import NamedTuple

INVOKES, TAKES_EFFECT, RETURNS = range(3)


class Turn(NamedTuple):
    """What a client does at a time: its operation is invoked, takes effect, or returns."""

    time: int
    client: int
    does: int


def turns(chance: random.Random, clients: int) -> Iterator[Turn]:
    """Yield whose turn it is, without end; times count up from 1."""
    due = [(chance.randrange(100), INVOKES, client) for client in range(clients)]
    heapq.heapify(due)
    time = 0
    while True:
        when, does, client = heapq.heappop(due)
        time += 1
        yield Turn(time, client, does)
        heapq.heappush(due, (when + chance.randrange(1, 50), (does + 1) % 3, client))
