"""`check`: judges a history by the guarantees, one preparation for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from checker import guarantees as known
from checker.budget import Budget
from checker.checks.staleness import Staleness, bounded_staleness
from checker.checks.tally import Outcome, Witness
from checker.history import History
from checker.history.columns import FAIL, INFO, OK
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from checker.verdict import Account, Later, Report, Verdict, Violation

if TYPE_CHECKING:
    from checker.fates import DurabilityReport

_LOST = "no-lost-acknowledged-writes"

_OF_WHOLE_OPERATIONS = ("linearizable", "unique-positions")
"""What needs no order of appends told by lists."""

_BYTES_PER_OPERATION = 600
"""What a judgement holds in memory for each operation, vector clocks apart."""


def check(
    history: History,
    guarantees: Iterable[str] | None = None,
    *,
    staleness: Staleness | None = None,
    real_time_writes: bool | None = None,
    max_violations: int = 10,
    budget: Budget | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> Report:
    """Judge a history.

    `guarantees` are names from `GUARANTEES`; None means all that apply. What is always checked is checked
    all the same. `bounded-staleness` is judged only for a `staleness`. `real_time_writes` overrides what
    the header says. Each verdict carries at most `max_violations` violations. What the `budget` leaves no
    room for is `unknown`; `time_limit` (seconds) and `memory_limit` (bytes) are another way to state one.

    Raises `ValueError` for an unknown name, for `bounded-staleness` without a bound, and for a budget that is
    stated both ways.
    """
    if budget is not None:
        if time_limit is not None or memory_limit is not None:
            raise ValueError("a budget says both limits: leave out time_limit and memory_limit")
        time_limit, memory_limit = budget.seconds, budget.bytes
    asked = list(guarantees) if guarantees is not None else None
    names = _names(asked, staleness)
    deadline = None if time_limit is None else perf_counter() + time_limit
    prepared = Prepared(history, real_time_writes=real_time_writes)
    prepared.deadline = deadline
    if memory_limit is not None:
        prepared.memory_limit = memory_limit
    small = memory_limit is not None and memory_limit < _BYTES_PER_OPERATION * len(history)
    verdicts: dict[str, Verdict] = {}
    for name in names:
        judge = _check_named(name, staleness)
        begun = perf_counter()
        if small:
            verdict = _out_of_budget("the history needs more memory than the limit")
        elif deadline is not None and begun > deadline:
            verdict = _out_of_budget("the time limit was reached")
        else:
            verdict = _judge(prepared, name, judge, max_violations, staleness, begun)
        verdicts[name] = verdict
    ok, fail, info = (int(np.count_nonzero(history.columns.status == code)) for code in (OK, FAIL, INFO))
    return Report(
        guarantees=verdicts,
        operations=len(history),
        ok=ok,
        fail=fail,
        info=info,
        sessions=history.columns.session_count,
        keys=len(prepared.columns.key_names),
        file=history.file,
        asked=None if asked is None else tuple(asked),
        history=history,
        fates=None if small or _LOST not in verdicts else Later(partial(_fates, prepared)),
    )


def _fates(prepared: Prepared) -> DurabilityReport | None:
    from checker.fates import judge_fates

    if prepared.deadline is not None and perf_counter() > prepared.deadline:
        return None
    try:
        found = judge_fates(prepared)
    except OutOfBudget:
        return None
    told = found.never_read < found.acknowledged or found.recovered or found.aborted
    return found if told else None


def _names(asked: list[str] | None, staleness: Staleness | None) -> list[str]:
    if asked is None:
        return [name for name in known.GUARANTEES if staleness or name != known.BOUNDED_STALENESS]
    for name in asked:
        if name not in known.GUARANTEES:
            raise ValueError(f"{name!r} is no guarantee; there are {', '.join(known.GUARANTEES)}")
    if known.BOUNDED_STALENESS in asked and staleness is None:
        raise ValueError(f"{known.BOUNDED_STALENESS} needs a bound")
    return [name for name in known.GUARANTEES if name in asked or name in known.ALWAYS_CHECKED]


def _check_named(name: str, staleness: Staleness | None) -> known.Check:
    if name == known.BOUNDED_STALENESS:
        assert staleness is not None
        return partial(bounded_staleness, bound=staleness)
    return known.CHECKS[name]


def _judge(
    prepared: Prepared,
    name: str,
    judge: Callable[[Prepared, int], Outcome],
    limit: int,
    staleness: Staleness | None,
    begun: float,
) -> Verdict:
    try:
        outcome = judge(prepared, limit)
    except OutOfBudget as spent:
        return _out_of_budget(str(spent), perf_counter() - begun)
    if prepared.opaque_keys and name not in _OF_WHOLE_OPERATIONS:
        key = prepared.columns.key_names[min(prepared.opaque_keys)]
        outcome.doubt = f"what was read of key {key!r} does not tell in which order its items were appended"
    violations = tuple(
        _violation(prepared, name, rows, staleness, outcome.details.get(rows)) for rows in outcome.witnesses
    )
    elapsed = perf_counter() - begun
    if outcome.count:
        return Verdict(
            verdict="violated",
            evidence=outcome.evidence,
            judged=outcome.judged,
            ambiguous=outcome.ambiguous,
            violations=violations,
            violation_count=outcome.count,
            elapsed_s=elapsed,
        )
    if outcome.judged and not outcome.doubt:
        return Verdict(
            verdict="holds",
            evidence=outcome.evidence,
            judged=outcome.judged,
            ambiguous=outcome.ambiguous,
            elapsed_s=elapsed,
        )
    vacuous = not outcome.ambiguous and not outcome.doubt
    reason = outcome.vacuous if vacuous else outcome.doubt or outcome.unsure
    return Verdict(
        verdict="unknown",
        judged=outcome.judged,
        ambiguous=outcome.ambiguous,
        reason=reason,
        reason_code="vacuous" if vacuous else outcome.doubt_code,
        elapsed_s=elapsed,
    )


def _violation(
    prepared: Prepared, name: str, rows: Witness, staleness: Staleness | None, detail: Any
) -> Violation:
    columns = prepared.columns
    shown = set(rows)
    if name in ("monotonic-reads", "writes-follow-reads"):
        # The cycle goes through what was read, if that is certain.
        source = int(prepared.candidates.source[rows[0]])
        shown |= {source} if 0 <= source < prepared.initial else set()
    return Violation(
        tuple(sorted(set(columns.index[list(shown)].tolist()))),
        columns.key_names[int(columns.key[rows[-1]])],
        partial(_tell, prepared, name, rows, staleness=staleness, detail=detail),
    )


def _tell(
    prepared: Prepared, guarantee: str, rows: Witness, *, staleness: Staleness | None, detail: Any
) -> Account:
    from checker.explain import tell  # where nothing is violated there is nothing to explain

    return tell(prepared, guarantee, rows, staleness=staleness, detail=detail)


def _out_of_budget(reason: str, elapsed_s: float = 0.0) -> Verdict:
    return Verdict(verdict="unknown", reason=reason, reason_code="budget", elapsed_s=elapsed_s)
