"""How much searches look at, and what they come to: steps that are not worth taking are not taken."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from checker import Operation, Specification
from checker.search.budget import Meter
from checker.search.problem import Problem, pose
from checker.search.search import Bound, Search
from checker.search.specification import Effect
from tests.checker.registers import posed

KINDS = {
    "swaps": "rrwcc",
    "overwritten": "rrwwdc",
    "appends": "rraawc",
    "account": "rwaaac",
    "payments": "aaaaaw",
}
"""What operations there are in the problems of one name, by the first letters of their names."""
OPS = {"r": "read", "w": "write", "d": "delete", "c": "cas", "a": "append"}


def _account_step(balance: int, operation: Operation) -> tuple[bool, int]:
    """A write sets the balance, an append pays in, and a compare-and-set takes out what there is."""
    match operation.op:
        case "read":
            return operation.value == balance, balance
        case "write":
            return True, operation.value
        case "append":
            return True, balance + operation.value
    return balance >= operation.value, balance - operation.value


def _account_effect(operation: Operation) -> Effect:
    effects: dict[str, Effect] = {"read": "observes", "write": "overwrites", "append": "blind"}
    return effects.get(operation.op, "depends")


ACCOUNT = Specification(
    name="account",
    initial=0,
    step=_account_step,
    effect=_account_effect,
    alike=lambda operation: (operation.op, operation.value),
)


def _problem(name: str, number: int) -> Problem:
    """Operations, each of a session of its own; what is read was often there to be read."""
    chance = Random(number)
    is_account = name in ("account", "payments")
    known: list[Any] = [0 if is_account else None]
    operations = []
    start = 0
    for index in range(200 if name == "payments" else 12):
        start += chance.randint(0, 4)
        op: Any = OPS[chance.choice(KINDS[name])]
        is_open = op != "read" and chance.random() < (0.02 if name == "payments" else 0.3)
        seen = chance.choice(known[-3:])
        value = seen if op == "read" else None if op == "delete" else chance.randint(1, 3)
        if op == "append":
            known.append(seen + value if is_account else [*(seen if type(seen) is list else ()), value])
        elif op != "read":
            known.append(value)
        one = Operation(
            index=index,
            session=f"s{index}",
            op=op,
            key="x",
            value=value,
            start=start,
            end=None if is_open else start + chance.randint(0, 9),
            status="info" if is_open else "ok",
            **({"expected": seen} if op == "cas" else {}),
        )
        operations.append(one)
    if is_account:
        return pose(ACCOUNT, operations)
    return posed(operations)


WORK: dict[tuple[str, Bound, int], tuple[int, ...]] = {
    ("swaps", "under", 1): (29, 53, 18, 543, 504),
    ("swaps", "under", 2): (31, 67, 2, 591, 615),
    ("swaps", "under", 100): (31, 69, 0, 591, 669),
    ("swaps", "over", 1): (15, 68, 17, 596, 626),
    ("swaps", "over", 2): (24, 69, 7, 591, 660),
    ("swaps", "over", 100): (31, 69, 0, 591, 669),
    ("overwritten", "under", 1): (62, 19, 19, 781, 795),
    ("overwritten", "under", 2): (68, 29, 3, 824, 998),
    ("overwritten", "under", 100): (69, 31, 0, 827, 1051),
    ("overwritten", "over", 1): (10, 30, 60, 829, 988),
    ("overwritten", "over", 2): (44, 31, 25, 827, 1029),
    ("overwritten", "over", 100): (69, 31, 0, 827, 1051),
    ("appends", "under", 1): (6, 60, 34, 390, 494),
    ("appends", "under", 2): (6, 82, 12, 403, 543),
    ("appends", "under", 100): (6, 94, 0, 409, 569),
    ("appends", "over", 1): (3, 94, 3, 414, 544),
    ("appends", "over", 2): (5, 94, 1, 409, 557),
    ("appends", "over", 100): (6, 94, 0, 409, 569),
    ("account", "under", 1): (68, 19, 13, 689, 3376),
    ("account", "under", 2): (70, 27, 3, 694, 4903),
    ("account", "under", 100): (71, 29, 0, 701, 6430),
    ("account", "over", 1): (4, 27, 69, 511, 42681),
    ("account", "over", 2): (18, 29, 53, 657, 31162),
    ("account", "over", 100): (71, 29, 0, 701, 6430),
    ("payments", "under", 1): (5, 0, 0, 984, 12070),
    ("payments", "under", 2): (5, 0, 0, 984, 23174),
    ("payments", "under", 100): (5, 0, 0, 984, 41502),
    ("payments", "over", 1): (0, 0, 5, 77, 5974),
    ("payments", "over", 2): (0, 0, 5, 167, 12778),
    ("payments", "over", 100): (5, 0, 0, 984, 41502),
}


RARE: dict[tuple[str, int, Bound, int], tuple[str, int, int]] = {
    ("overwritten", 210, "under", 1): ("fits", 10, 7),
    ("swaps", 669, "under", 100): ("fits", 9, 30),
}
"""By problem, bound and width: answer, operations that returned, configurations.

What a step leads to is forgotten while its operation is pending: it has come to change nothing.
"""


@pytest.mark.parametrize(("name", "number", "bound", "width"), RARE)
def test_what_searches_come_to_that_forget_where_a_step_leads(
    name: str, number: int, bound: Bound, width: int
) -> None:
    finding = Search(_problem(name, number), Meter(), width=width, bound=bound).run()
    assert (finding.answer, finding.returned, finding.configurations) == RARE[name, number, bound, width]


@pytest.mark.parametrize(("name", "bound", "width"), WORK)
def test_what_searches_come_to_and_how_much_they_look_at(name: str, bound: Bound, width: int) -> None:
    """Problems that fit, are stuck and stay open, operations that returned, and configurations."""
    findings = [
        Search(_problem(name, number), Meter(), width=width, bound=bound).run()
        for number in range(5 if name == "payments" else 100)
    ]
    answers = Counter(finding.answer for finding in findings)
    returned = sum(finding.returned for finding in findings)
    configurations = sum(finding.configurations for finding in findings)
    came_to = (answers["fits"], answers["stuck"], answers["open"], returned, configurations)
    assert came_to == WORK[name, bound, width]
