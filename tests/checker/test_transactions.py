"""Transactions and appends, unfolded and judged, against the definitions."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from checker import History, Staleness, check
from tests.checker.transactions import TransactionalDefinitions, transactional_histories

SETTINGS = settings(
    max_examples=500, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PATIENCE = 15
JUDGED = (
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
    "consistent-prefix",
    "causal",
    "no-lost-acknowledged-writes",
    "no-aborted-reads",
    "no-thin-air-reads",
)


@given(transactional_histories())
@SETTINGS
def test_verdicts_are_the_definitions(history: History) -> None:
    definitions = TransactionalDefinitions(history)
    found = check(history, (*JUDGED, "bounded-staleness"), staleness=Staleness(PATIENCE, "ns")).guarantees
    expected = {name: getattr(definitions, name.replace("-", "_"))() for name in JUDGED}
    expected["bounded-staleness"] = definitions.bounded_staleness(PATIENCE)
    assert {name: found[name].verdict for name in expected} == expected
