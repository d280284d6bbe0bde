"""Transactions on several registers: strictly serializable exactly where some order of them is right."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import History, Operation, check
from tests.checker.brute_force import precedes, same
from tests.checker.transactions import LIST, transactional_histories

SETTINGS = settings(
    max_examples=600,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def has_order(operations: list[Operation]) -> bool:
    """Whether some order of all operations is true to real time, and each finds what it says."""
    return _extend([o for o in operations if o.status != "fail"], {})


def _extend(left: list[Operation], state: dict[str, Any]) -> bool:
    if all(o.status == "info" for o in left):
        return True
    for o in left:
        if not any(precedes(other, o) for other in left if other is not o):
            after = _after(state, o)
            if after is not None and _extend([other for other in left if other is not o], after):
                return True
    return False


def _after(state: dict[str, Any], operation: Operation) -> dict[str, Any] | None:
    """What an operation leaves; None if it cannot have found what it says."""
    words = {"read": "r", "write": "w", "append": "append"}
    after = dict(state)
    for word, key, value in operation.ops or [(words[operation.op], operation.key, operation.value)]:
        value = (value or None) if key == LIST else value
        if word == "w":
            after[key] = value
        elif word == "append":
            after[key] = [*(after.get(key) or ()), value]
        elif operation.status == "ok" and not same(after.get(key), value):
            return None
    return after


@given(transactional_histories(most=7))
@SETTINGS
def test_the_verdict_is_whether_there_is_an_order(history: History) -> None:
    found = check(history, ["linearizable"]).guarantees["linearizable"]
    if found.reason_code == "vacuous":
        return
    assert found.verdict == ("holds" if has_order(history.operations) else "violated")
    for violation in found.violations:
        shown = [o for o in history.operations if o.index in violation.operations]
        assert not has_order(shown)
        assert violation.explanation.startswith("Let ")


@given(transactional_histories(most=7), st.data())
@SETTINGS
def test_a_few_operations_are_a_proof_whatever_joins_them(history: History, data: st.DataObject) -> None:
    found = check(history, ["linearizable"]).guarantees["linearizable"]
    for violation in found.violations:
        others = [o.index for o in history.operations if o.index not in violation.operations]
        joining = {index for index in others if data.draw(st.booleans())}
        assert not has_order(
            [o for o in history.operations if o.index in joining or o.index in violation.operations]
        )
