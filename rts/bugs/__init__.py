"""Seeded bugs: stores that break one rule, by which the harness is tested.

Each is a module of its own with a subclass of the replica or of the client session that overrides one rule,
and a `BUG` that says what it breaks and where the like was seen. The store's own code knows nothing of them:
a module is imported when its bug is asked for by name.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from rts.client.session import ClientSession
from rts.core.single_leader.replica import Replica
from rts.errors import RtsError

NAMES = (
    "ack-before-sync-persist",
    "sync-timeout-acks",
    "visible-before-replicated",
    "promote-stale",
    "no-fencing",
    "keep-divergent-tail",
    "truncate-to-own-mark",
    "accept-gaps",
    "accept-old-epoch",
    "promotion-offset",
    "token-not-updated",
    "token-not-sent",
    "token-lost-at-failover",
    "minority-ack-rolled-back",
    "stale-cached-position",
    "duplicate-applied",
    "delete-dropped",
    "commit-order-differs",
)
"""The bugs of the telemetry store, S1 to S18."""

NUMBERS = {f"S{place}": name for place, name in enumerate(NAMES, 1)}


class BugNotFound(RtsError):
    """There is no seeded bug of that name; the message lists those that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """A store that is wrong in one point.

    `breaks` is the guarantee that must be reported, `seen_in` a real system in which the like happened;
    `replica` and `session` are the classes to run, of which one is the store's own.
    """

    name: str
    breaks: str
    description: str
    seen_in: str
    replica: type[Replica] = Replica
    session: type[ClientSession] = ClientSession


def canonical(name: str) -> str:
    """The full name of a bug that is given by its name or its number (`S1`). Raises `BugNotFound`."""
    found = NUMBERS.get(name.upper(), name)
    if found not in NAMES:
        raise BugNotFound(f"no seeded bug is called {name!r}; there are: {', '.join(NAMES)}")
    return found


def load(name: str) -> Bug:
    """The bug of that name or number, and no other, is imported. Raises `BugNotFound`."""
    module = importlib.import_module(f"rts.bugs.{canonical(name).replace('-', '_')}")
    bug: Bug = module.BUG
    return bug
