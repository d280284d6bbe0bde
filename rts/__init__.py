"""RTS: a property-based model checker for replicated stores, in the manner of Jepsen, that lives in pytest.

The names below are what a program needs to run the telemetry store in virtual time and to read from it;
`checker` judges histories.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rts.errors import CompareFailed, NotFresh, NotLeader, OutcomeUnknown, PromotionRefused, Refused
    from rts.ids import Lsn
    from rts.sim.virtual import run
    from rts.telemetry.network import Network
    from rts.telemetry.nodes import Follower, Leader
    from rts.telemetry.router import Answer, ReadRouter

_ROOMS = {
    "Answer": "rts.telemetry.router",
    "CompareFailed": "rts.errors",
    "Follower": "rts.telemetry.nodes",
    "Leader": "rts.telemetry.nodes",
    "Lsn": "rts.ids",
    "Network": "rts.telemetry.network",
    "NotFresh": "rts.errors",
    "NotLeader": "rts.errors",
    "OutcomeUnknown": "rts.errors",
    "PromotionRefused": "rts.errors",
    "ReadRouter": "rts.telemetry.router",
    "Refused": "rts.errors",
    "run": "rts.sim.virtual",
}

__all__ = [
    "Answer",
    "CompareFailed",
    "Follower",
    "Leader",
    "Lsn",
    "Network",
    "NotFresh",
    "NotLeader",
    "OutcomeUnknown",
    "PromotionRefused",
    "ReadRouter",
    "Refused",
    "run",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import rts` costs nothing."""
    try:
        room = _ROOMS[name]
    except KeyError:
        raise AttributeError(f"module 'rts' has no attribute {name!r}") from None
    return getattr(import_module(room), name)
