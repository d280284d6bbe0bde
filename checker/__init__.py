"""The judge: reads a history of operations on a replicated store and says which guarantees it keeps.

The package judges any history, whoever recorded it. Its names are loaded when first asked for, so
that importing it costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.budget import Budget as Budget
    from checker.fates import DurabilityReport as DurabilityReport
    from checker.fates import durability_of as durability_of
    from checker.files import dumps as dumps
    from checker.files import loads as loads
    from checker.files import write as write
    from checker.formats import read as read
    from checker.guarantees import GUARANTEES as GUARANTEES
    from checker.happens_before import happens_before as happens_before
    from checker.history import Header as Header
    from checker.history import History as History
    from checker.history import HistoryError as HistoryError
    from checker.history import Operation as Operation
    from checker.judge import check as check
    from checker.linearizability.register import register as register
    from checker.linearizability.specification import Specification as Specification
    from checker.specified import check_specification as check_specification
    from checker.staleness import Staleness as Staleness
    from checker.streaming import check_file as check_file
    from checker.verdict import Edge as Edge
    from checker.verdict import Report as Report
    from checker.verdict import Verdict as Verdict
    from checker.verdict import Violation as Violation
    from checker.verdict import exit_status as exit_status
    from checker.witness import minimal_witness as minimal_witness

_ROOMS = {
    "GUARANTEES": "guarantees",
    "Budget": "budget",
    "DurabilityReport": "fates",
    "Edge": "verdict",
    "Header": "history",
    "History": "history",
    "HistoryError": "history",
    "Operation": "history",
    "Report": "verdict",
    "Specification": "linearizability.specification",
    "Staleness": "staleness",
    "Verdict": "verdict",
    "Violation": "verdict",
    "check": "judge",
    "check_file": "streaming",
    "check_specification": "specified",
    "dumps": "files",
    "durability_of": "fates",
    "exit_status": "verdict",
    "happens_before": "happens_before",
    "loads": "files",
    "minimal_witness": "witness",
    "read": "formats",
    "register": "linearizability.register",
    "write": "files",
}

__all__ = [
    "GUARANTEES",
    "Budget",
    "DurabilityReport",
    "Edge",
    "Header",
    "History",
    "HistoryError",
    "Operation",
    "Report",
    "Specification",
    "Staleness",
    "Verdict",
    "Violation",
    "check",
    "check_file",
    "check_specification",
    "dumps",
    "durability_of",
    "exit_status",
    "happens_before",
    "loads",
    "minimal_witness",
    "read",
    "register",
    "write",
]


def __getattr__(name: str) -> Any:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'checker' has no attribute {name!r}")
    value = getattr(import_module(f"checker.{room}"), name)
    globals()[name] = value  # also over a submodule of the same name: `happens_before`
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
