"""The judge against the definitions themselves, on random small histories."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from checker import GUARANTEES, History, Staleness, check
from checker.guarantees import IMPLIED
from tests.checker import literal
from tests.checker.brute_force import Definitions
from tests.checker.histories import histories
from tests.checker.literal import d, r
from tests.checker.transactions import transactional_histories

SETTINGS = settings(
    max_examples=400, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PATIENCE = 15
EXACT = [name for name in GUARANTEES if name != "bounded-staleness"]


def verdicts(history: History) -> dict[str, str]:
    report = check(history, staleness=Staleness(PATIENCE, "ns"))
    return {name: verdict.verdict for name, verdict in report.guarantees.items()}


@given(histories())
@SETTINGS
def test_verdicts_are_the_definitions(history: History) -> None:
    definitions = Definitions(history)
    found = verdicts(history)
    expected = {name: getattr(definitions, name.replace("-", "_"))() for name in EXACT}
    expected["bounded-staleness"] = definitions.bounded_staleness(PATIENCE)
    assert {name: found[name] for name in expected} == expected


@given(histories())
@SETTINGS
def test_a_witness_of_linearizability_is_itself_not_linearizable(history: History) -> None:
    for violation in check(history, ["linearizable"]).guarantees["linearizable"].violations:
        rows = [row for row in history.operations if row.index in violation.operations]
        part = Definitions(History.from_operations(rows))
        assert not part.has_order(rows[0].key or "")


@given(st.one_of(histories(), transactional_histories(), transactional_histories(most=4)))
@settings(SETTINGS, max_examples=600)
def test_no_verdict_table_contradicts_what_implies_what(history: History) -> None:
    """Where reads say nothing of versions: `linearizable` looks at values alone (see the next test)."""
    assume(all(operation.version is UNSET for operation in history.operations))
    report = check(history)
    for name, implied in IMPLIED.items():
        inferred = [name, *implied]
        if report.guarantees[name].verdict == "holds" and all(
            report.guarantees[other].evidence in (None, "inferred") for other in inferred
        ):
            assert "violated" not in {report.guarantees[other].verdict for other in implied}


def test_what_a_read_says_of_its_version_is_nothing_to_a_guarantee_on_values_alone() -> None:
    """As values go, a deleted key is what it was at first; but this read says that it is older."""
    one = literal.history(d(0, "a", "k", 0, 10), r(1, "a", "k=null", 20, 30, version=None))
    found = verdicts(one)
    assert (found["linearizable"], found["read-your-writes"]) == ("holds", "violated")


@given(histories())
@SETTINGS
def test_every_violation_can_be_explained(history: History) -> None:
    report = check(history, staleness=Staleness(PATIENCE, "ns"))
    for name, verdict in report.guarantees.items():
        for violation in verdict.violations:
            assert violation.explanation.startswith("Let "), name
            known = {operation.index for operation in history.operations}
            assert {edge.from_ for edge in violation.cycle} | {edge.to for edge in violation.cycle} <= known


@pytest.mark.parametrize("versions", [0, 1, 2])
@given(history=histories())
@settings(SETTINGS, max_examples=150)
def test_more_versions_behind_are_allowed_by_a_wider_bound(versions: int, history: History) -> None:
    tight = check(history, ["bounded-staleness"], staleness=Staleness(versions, "versions"))
    wide = check(history, ["bounded-staleness"], staleness=Staleness(versions + 1, "versions"))
    if wide.guarantees["bounded-staleness"].verdict == "violated":
        assert tight.guarantees["bounded-staleness"].verdict == "violated"
