"""RTS: a property-based model checker for replicated stores, in the manner of Jepsen, that lives in pytest.

The names below are what a program needs to run the telemetry store in virtual time and to read from it;
`checker` judges histories.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rts.errors import CompareFailed, NotFresh, NotLeader, OutcomeUnknown, PromotionRefused, Refused
    from rts.harness.profile import Budget, Profile
    from rts.harness.property_test import check_schedule, schedules
    from rts.ids import Lsn
    from rts.own.calls import Request
    from rts.own.client import Client
    from rts.own.node import Node
    from rts.own.recorder import Positioned
    from rts.own.store import Store
    from rts.schedule import Schedule
    from rts.sim.virtual import Stalled, run
    from rts.telemetry.network import Alert, Network
    from rts.telemetry.nodes import Follower, Leader
    from rts.telemetry.router import Answer, ReadRouter

_ROOMS = {
    "Alert": "rts.telemetry.network",
    "Answer": "rts.telemetry.router",
    "Budget": "rts.harness.profile",
    "Client": "rts.own.client",
    "CompareFailed": "rts.errors",
    "Follower": "rts.telemetry.nodes",
    "Leader": "rts.telemetry.nodes",
    "Lsn": "rts.ids",
    "Network": "rts.telemetry.network",
    "Node": "rts.own.node",
    "NotFresh": "rts.errors",
    "NotLeader": "rts.errors",
    "OutcomeUnknown": "rts.errors",
    "Positioned": "rts.own.recorder",
    "Profile": "rts.harness.profile",
    "PromotionRefused": "rts.errors",
    "ReadRouter": "rts.telemetry.router",
    "Refused": "rts.errors",
    "Request": "rts.own.calls",
    "Schedule": "rts.schedule",
    "Stalled": "rts.sim.virtual",
    "Store": "rts.own.store",
    "check_schedule": "rts.harness.property_test",
    "run": "rts.sim.virtual",
    "schedules": "rts.harness.property_test",
}

__all__ = [
    "Alert",
    "Answer",
    "Budget",
    "Client",
    "CompareFailed",
    "Follower",
    "Leader",
    "Lsn",
    "Network",
    "Node",
    "NotFresh",
    "NotLeader",
    "OutcomeUnknown",
    "Positioned",
    "Profile",
    "PromotionRefused",
    "ReadRouter",
    "Refused",
    "Request",
    "Schedule",
    "Stalled",
    "Store",
    "check_schedule",
    "run",
    "schedules",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import rts` costs nothing."""
    try:
        room = _ROOMS[name]
    except KeyError:
        raise AttributeError(f"module 'rts' has no attribute {name!r}") from None
    return getattr(import_module(room), name)
