"""The smallest history that still shows a violation, from any history, also where no schedule made it.

Theory of operation. What the judge names as a violation is a handful of operations, but alone they may prove
less than they did in their history, or more, so the parts that are looked at are closed (`closed`).

The search starts from the closed part around each violation that the judge found, takes away what it can
(Zeller & Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002: first large pieces, then
single operations), judges what is left by the ordinary judge, and keeps the smallest.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from checker.checks.staleness import Staleness
from checker.history import Header, History
from checker.judge import check
from checker.prepared import Prepared
from checker.sequential.lists import lists_in
from checker.verdict import Verdict, Violation
from checker.witness.closed import Closure, part_of
from checker.witness.lists import part_of_lists
from checker.witness.told import part_of_told

_ON_VALUES = frozenset(("linearizable", "convergence"))
"""What is judged on values alone: what a read says of its version decides nothing."""

_WITHOUT_ORDER = _ON_VALUES | {"unique-positions", "no-aborted-reads", "no-thin-air-reads"}
"""What does not ask which of two versions is older."""

_WHOLE = frozenset(("linearizable", "causal", "consistent-prefix"))
"""Where what the judge named may hold more than a proof needs; elsewhere it is the proof."""


def minimal_witness(
    history: History,
    guarantee: str,
    *,
    staleness: Staleness | None = None,
    real_time_writes: bool | None = None,
    attempts: int = 10,
    time_limit: float = 10.0,
) -> History | None:
    """Return the smallest part found of a history that still violates a guarantee, as a history of its own.

    Operations keep their indices and times; where it is known who appended what was read, that keeps what the
    part's operations appended. The header says in `meta` what it is a witness of, in `expect`
    that the guarantee is violated, and in `explanation` why. None if the guarantee is not violated. At most
    `attempts` violations are looked at, for about `time_limit` seconds. Raises `ValueError` as `check` does.
    """
    deadline = perf_counter() + time_limit

    def judge(part: History, most: int) -> Verdict:
        report = check(
            part, [guarantee], staleness=staleness, real_time_writes=real_time_writes, max_violations=most
        )
        return report.guarantees[guarantee]

    verdict = judge(history, attempts)
    if verdict.verdict != "violated":
        return None
    prepared = Prepared(history, real_time_writes=real_time_writes)
    part = _smallest_cut(prepared, verdict) if guarantee == "linearizable" else None
    if part is None:
        part = _smallest(prepared, guarantee, verdict, judge, deadline)
    meta = {"witness_of": history.file, "guarantee": guarantee, "operations_of_whole": len(history)}
    if staleness is not None:
        meta["staleness"] = str(staleness)
    header = Header(
        name=f"a witness against {guarantee}",
        system=history.header.system,
        mode=history.header.mode,
        one_log=history.header.one_log,
        real_time_writes=prepared.real_time_writes,
        meta=meta,
        expect={guarantee: "violated"},
        explanation=judge(part, 1).violations[0].explanation,
    )
    return History.from_operations(part.operations, header=header)


def _smallest_cut(prepared: Prepared, verdict: Verdict) -> History | None:
    """Return the smallest violation as a part of its own, of those that others' appends can be cut out of."""
    if prepared.unfolded is None:
        return None
    history = prepared.whole
    items = lists_in(history.operations)
    parts = [
        part_of_lists(history, items, violation.operations) or part_of_told(prepared, violation.operations)
        for violation in verdict.violations
    ]
    return min((part for part in parts if part is not None), key=len, default=None)


def _smallest(
    prepared: Prepared,
    guarantee: str,
    verdict: Verdict,
    judge: Callable[[History, int], Verdict],
    deadline: float,
) -> History:
    """Return the smallest closed part found that shows one of the violations."""
    history = prepared.whole
    closure = Closure(
        prepared,
        on_values=guarantee in _ON_VALUES,
        by_order=guarantee not in _WITHOUT_ORDER,
    )

    def violated(rows: frozenset[int]) -> bool:
        return judge(part_of(history, sorted(rows)), 0).verdict == "violated"

    smallest: frozenset[int] | None = None
    for violation in verdict.violations:
        found = _shrink(closure, guarantee, violated, violation, deadline)
        if smallest is None or (len(found), sorted(found)) < (len(smallest), sorted(smallest)):
            smallest = found
        if perf_counter() > deadline:
            break
    assert smallest is not None
    return part_of(history, sorted(smallest))


def _shrink(
    closure: Closure,
    guarantee: str,
    violated: Callable[[frozenset[int]], bool],
    violation: Violation,
    deadline: float,
) -> frozenset[int]:
    """Return the smallest closed part around a violation that still shows it."""
    index = closure.prepared.whole.columns.index
    row_of = {int(index[row]): row for row in np.isin(index, _named(violation)).nonzero()[0].tolist()}
    proof = frozenset(row_of[number] for number in violation.operations)
    fixed = frozenset[int]() if guarantee in _WHOLE else proof
    kept = closure.of(proof)
    if not violated(kept):
        kept = closure.of(row_of.values())
        if not violated(kept):
            kept = frozenset(range(len(closure.prepared.whole)))
    size = max(1, len(kept) // 2)
    while True:
        smaller = False
        droppable = sorted(kept - fixed)
        for begin in range(0, len(droppable), size):
            piece = kept.intersection(droppable[begin : begin + size])
            part = closure.of(kept - piece)
            if perf_counter() > deadline:
                return kept
            if len(part) < len(kept) and violated(part):
                kept, smaller = part, True
        if size == 1 and not smaller:
            return kept
        size = max(1, size // 2)


def _named(violation: Violation) -> list[int]:
    """Return the indices of the operations that a violation names, those along its cycle included."""
    along = [number for edge in violation.cycle for number in (edge.from_, edge.to)]
    return sorted({*violation.operations, *along})
