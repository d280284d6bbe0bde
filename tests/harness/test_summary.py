from typing import Any

import msgspec
import pytest

from rts.harness.summary import FaultTally, HarnessError, Outcome, Result, Summary

HELD = Outcome(verdict="holds", judged=9, expected="holds")
BROKEN = Outcome(verdict="violated", judged=9, expected="violated")
UNEXPECTED = Outcome(verdict="violated", judged=9, expected="holds")
NOT_FOUND = Outcome(verdict="holds", judged=9, expected="violated")
NOT_JUDGED = Outcome(verdict="unknown", judged=0, expected="holds")
UNCLAIMED = Outcome(verdict="violated", judged=9, expected=None)


def result(**changes: Any) -> Result:
    plain = Result(
        system="fake",
        configuration="leader",
        table="read modes",
        mode="leader",
        bug=None,
        schedules=10,
        operations=20,
        ok=18,
        fail=1,
        info=1,
        faults={},
        states={},
        bug_found=None,
        simulated_s=1.0,
        digest="sha256:0",
        guarantees={"convergence": HELD},
    )
    return msgspec.structs.replace(plain, **changes)


def summary(*results: Result, **changes: Any) -> Summary:
    plain = Summary(
        command="rts hunt",
        seed=1,
        complete=True,
        stop_reason="schedules",
        wall_s=1.0,
        digest="sha256:0",
        results=results,
    )
    return msgspec.structs.replace(plain, **changes)


ERROR = HarnessError(kind="judge", message="x", system="fake", configuration="leader")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(HELD, 0), (BROKEN, 0), (UNCLAIMED, 0), (UNEXPECTED, 1), (NOT_FOUND, 1), (NOT_JUDGED, 3)],
)
def test_the_exit_status_of_a_cell(outcome: Outcome, status: int) -> None:
    assert summary(result(guarantees={"convergence": outcome})).exit_status == status


def test_the_exit_status_of_a_hunt() -> None:
    unexpected = result(guarantees={"convergence": UNEXPECTED})
    not_judged = result(guarantees={"convergence": NOT_JUDGED})
    assert summary(not_judged, unexpected).exit_status == 1
    assert summary(unexpected, errors=(ERROR,)).exit_status == 4
    assert summary(unexpected, errors=(ERROR,), stop_reason="interrupted").exit_status == 130
    assert summary().exit_status == 5


def test_the_exit_status_of_a_hunt_for_a_bug() -> None:
    assert summary(result(bug="b", bug_found=True, guarantees={"x": BROKEN})).exit_status == 1
    assert summary(result(bug="b", bug_found=False, guarantees={"x": NOT_FOUND})).exit_status == 0


def test_which_cells_are_unexpected() -> None:
    row = result(guarantees={"a": HELD, "b": UNEXPECTED, "c": NOT_FOUND, "d": NOT_JUDGED, "e": UNCLAIMED})
    assert [name for _, name in summary(row).unexpected] == ["b", "c"]
    assert [name for _, name in summary(row).inconclusive] == ["d"]


def test_faults_that_never_took_hold_are_named() -> None:
    faults = {
        "crash": FaultTally(drawn=3, took_hold=0),
        "heal": FaultTally(drawn=0, took_hold=0),
        "lag": FaultTally(drawn=5, took_hold=4),
    }
    assert result(faults=faults).never_took_hold == ("crash",)
