"""The judge: reads a history of operations on a replicated store and says which guarantees it keeps.

The package judges any history, whoever recorded it. Its names are loaded when first asked for, so
that importing it costs nothing.

Its rooms, from the bottom up: `history` is what is judged, `reading` and `formats` bring it from files,
`orders` says what came before what, `prepared` works out once what all guarantees need, `graph` has edges,
paths and circles. `search` looks for orders that a specification allows, `sequential` has those of registers.
`checks` and `linearizability` reach the verdicts, `fates` says what became of every write, `explain` argues,
`report` shows. `guarantees` names the checks and `judge` asks them; `streaming` and
`witness` ask the judge.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.budget import Budget as Budget
    from checker.checks.staleness import Staleness as Staleness
    from checker.fates import DurabilityReport as DurabilityReport
    from checker.fates import durability_of as durability_of
    from checker.formats import read as read
    from checker.graph.happens_before import happens_before as happens_before
    from checker.guarantees import GUARANTEES as GUARANTEES
    from checker.history import Header as Header
    from checker.history import History as History
    from checker.history import HistoryError as HistoryError
    from checker.history import Operation as Operation
    from checker.judge import check as check
    from checker.reading.files import dumps as dumps
    from checker.reading.files import loads as loads
    from checker.reading.files import write as write
    from checker.search.specification import Specification as Specification
    from checker.sequential.register import register as register
    from checker.specified import check_specification as check_specification
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
    "Specification": "search.specification",
    "Staleness": "checks.staleness",
    "Verdict": "verdict",
    "Violation": "verdict",
    "check": "judge",
    "check_file": "streaming",
    "check_specification": "specified",
    "dumps": "reading.files",
    "durability_of": "fates",
    "exit_status": "verdict",
    "happens_before": "graph.happens_before",
    "loads": "reading.files",
    "minimal_witness": "witness",
    "read": "formats",
    "register": "sequential.register",
    "write": "reading.files",
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
    globals()[name] = value  # so that it is looked for once
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
