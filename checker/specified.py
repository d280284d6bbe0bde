"""`check_specification`: is a history linearizable as objects of one's own specification?"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from time import perf_counter

from checker.explain.stuck import tell_stuck
from checker.history import History, Operation
from checker.search.deepening import decide
from checker.search.problem import pose
from checker.search.specification import Specification
from checker.verdict import Account, Verdict, Violation


def check_specification(
    history: History,
    specification: Specification,
    *,
    max_violations: int = 10,
    time_limit: float = 60.0,
    memory_limit: int = 2_000_000_000,
) -> Verdict:
    """Judge whether a history is linearizable as objects of a specification (Herlihy & Wing, 1990).

    Each object (`Specification.partition`) is judged alone, by search (Lowe, Testing for Linearizability,
    2017). `ok` operations took effect between their start and their end, `info` ones may have at any time
    after their start, `fail`ed ones did not. What `time_limit` (seconds) and `memory_limit` (bytes, for what
    the search remembers) leave open is `unknown`. A violation holds the operations of the shortest prefix of
    the object's history that was found to have no order; at most `max_violations` are reported, one for
    each object.

    A set, written to by `append` and read by `read`:

    >>> from checker import History, Operation, Specification, check_specification
    >>> def step(state, operation):
    ...     if operation.op == "append":
    ...         return True, state | {operation.value}
    ...     return set(operation.value) == state, state
    >>> def effect(operation):
    ...     return "observes" if operation.op == "read" else "blind"
    >>> a_set = Specification(
    ...     name="set", initial=frozenset(), step=step, identify=frozenset, effect=effect
    ... )
    >>> history = History.from_operations([
    ...     Operation(index=0, session="a", op="append", key="x", value=1, start=0, end=10, status="ok"),
    ...     Operation(index=1, session="b", op="append", key="x", value=2, start=0, end=None, status="info"),
    ...     Operation(index=2, session="c", op="read", key="x", value=[2], start=20, end=30, status="ok"),
    ... ])
    >>> verdict = check_specification(history, a_set)
    >>> verdict.verdict, [violation.operations for violation in verdict.violations]
    ('violated', [(0, 1, 2)])
    """
    begun = perf_counter()
    objects = _objects(history, specification)
    problems = [pose(specification, operations) for operations in objects.values()]
    decisions = decide(problems, deadline=begun + time_limit, memory=memory_limit)
    found: list[Violation] = []
    judged = ambiguous = 0
    reason = ""
    for (name, operations), decision in zip(objects.items(), decisions, strict=True):
        answered = sum(operation.status == "ok" for operation in operations)
        if decision.answer == "open":
            ambiguous += answered
            reason = reason or (
                f"the {decision.why} for {_named(name)} ran out: "
                f"{decision.returned} of its {len(operations)} operations were linearized, "
                f"in {decision.configurations} configurations"
            )
            continue
        judged += answered
        if decision.stuck is not None:
            found.append(_violation(specification, name, operations, decision.stuck))
    elapsed = perf_counter() - begun
    if found:
        return Verdict(
            verdict="violated",
            evidence="inferred",
            judged=judged,
            ambiguous=ambiguous,
            violations=tuple(found[:max_violations]),
            violation_count=len(found),
            elapsed_s=elapsed,
        )
    if judged and not reason:
        return Verdict(verdict="holds", evidence="inferred", judged=judged, elapsed_s=elapsed)
    return Verdict(
        verdict="unknown",
        judged=judged,
        ambiguous=ambiguous,
        reason=reason or "no operation was answered",
        reason_code="budget" if reason else "vacuous",
        elapsed_s=elapsed,
    )


def _objects(history: History, specification: Specification) -> dict[Hashable, list[Operation]]:
    """Return the operations of each object that may have taken effect, in the order of invocation."""
    objects: dict[Hashable, list[Operation]] = {}
    for operation in sorted(history.operations, key=lambda operation: operation.start):
        name = specification.partition(operation)
        if operation.status != "fail" and name is not None:
            objects.setdefault(name, []).append(operation)
    return objects


def _violation(
    specification: Specification, name: Hashable, operations: list[Operation], stuck: int
) -> Violation:
    end = operations[stuck].end
    assert end is not None
    prefix = [operation for operation in operations if operation.start <= end]
    return Violation(
        tuple(sorted(operation.index for operation in prefix)),
        name if isinstance(name, str) else None,
        partial(_tell, specification, prefix, stuck),
    )


def _tell(specification: Specification, operations: list[Operation], stuck: int) -> Account:
    return Account((), tell_stuck(specification, operations, stuck))


def _named(name: Hashable) -> str:
    return f"key {name!r}" if isinstance(name, str) else repr(name)
