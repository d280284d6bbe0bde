"""Searches through several objects under one budget, the narrow ones first.

Each round searches each object that is still open under both bounds (`search`), four times as wide as the
round before: what fits under the one, or is stuck under the other, is decided. So a history that fits is
often done at the first try, one that does not is refuted by the little that contradicts itself, and only what
neither decides gets wide. An object that takes all it is given leaves the others their share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from checker.search.budget import Meter
from checker.search.problem import Problem
from checker.search.search import Finding, Search

_FIRST_WIDTH = 4
_WIDER = 4
_BYTES_EACH = 400
"""More than what a configuration takes in memory: 120 were measured where eighty bits tell the debts."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found of one object: `answer`, and how far the search got that went farthest.

    `configurations` counts all that were looked at. `why` says what there was too little of, if it is `open`.
    """

    answer: Literal["fits", "stuck", "open"]
    returned: int
    configurations: int
    stuck: int | None
    why: str


def decide(
    problems: Sequence[Problem], *, deadline: float, memory: int, most: Sequence[int | None] = ()
) -> list[Decision]:
    """Decide each problem, as far as there is time and memory.

    `deadline` is a time of `perf_counter`; `memory`, in bytes, is what one search may hold. `most` says of
    each problem how many configurations there is room for, None where many share a state.
    """
    decisions: dict[int, Decision] = {}
    looked_at = [0] * len(problems)
    rooms = most or [None] * len(problems)
    waiting = sorted(range(len(problems)), key=lambda at: (len(problems[at].events), at))
    width = _FIRST_WIDTH
    while waiting:
        left = []
        for done, at in enumerate(waiting):
            now = perf_counter()
            share = now + max(0.0, deadline - now) / (len(waiting) - done)
            room = rooms[at]
            left_room = None if room is None else room - looked_at[at]
            meter = Meter(most=left_room, held=memory // _BYTES_EACH, deadline=share)
            finding = attempt(problems[at], meter, width=width)
            looked_at[at] += meter.count
            decisions[at] = _decision(finding, looked_at[at], meter)
            if finding.answer == "open" and not meter.crowded:
                left.append(at)
        waiting = left if perf_counter() < deadline else []
        width *= _WIDER
    return [decisions[at] for at in range(len(problems))]


def attempt(problem: Problem, meter: Meter, *, width: int) -> Finding:
    """Return what one search under each bound finds."""
    under = Search(problem, meter, width=width, bound="under").run()
    if under.answer != "open" or meter.is_spent(0):
        return under
    over = Search(problem, meter, width=width, bound="over").run()
    return over if over.answer != "open" else under


def _decision(finding: Finding, looked_at: int, meter: Meter) -> Decision:
    why = ""
    if finding.answer == "open":
        why = "memory" if meter.crowded else "time"
    return Decision(finding.answer, finding.returned, looked_at, finding.stuck, why)
