"""Closed parts of the battery's histories, and of more like them, prove nothing that the whole does not."""

from __future__ import annotations

import pytest

from checker import Staleness, check
from checker.prepared import Prepared
from checker.witness import minimal_witness
from checker.witness.closed import Closure, part_of
from tests.checker.battery.families import FAMILIES, history
from tests.checker.witness.test_witness import IN_PAIRS

BOUND = Staleness(15, "ns")
TOGETHER = {"transactions", "appends", "lists"}
"""Families of which mostly everything belongs together; see `test_closed_rules`."""


@pytest.mark.parametrize("name", sorted(FAMILIES.keys() - TOGETHER))
def test_a_closed_part_violates_nothing_that_the_whole_keeps(name: str) -> None:
    for number in range(8):
        whole = history(FAMILIES[name], number)
        kept = check(whole, [*IN_PAIRS, "linearizable"], staleness=BOUND).guarantees
        for on_values, asked in ((False, IN_PAIRS), (True, ("linearizable",))):
            closure = Closure(Prepared(whole), on_values=on_values, by_order=not on_values)
            for row in range(number % 3, len(whole), 3):
                rows = closure.of([row])
                assert row in rows
                found = check(part_of(whole, sorted(rows)), asked, staleness=BOUND).guarantees
                for guarantee, verdict in found.items():
                    if verdict.verdict == "violated":
                        assert kept[guarantee].verdict == "violated", (number, row, guarantee)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_nothing_that_a_witness_leaves_out_refutes_it(name: str) -> None:
    for number in range(100, 103):
        whole = history(FAMILIES[name], number)
        row_of = {operation.index: row for row, operation in enumerate(whole.operations)}
        for guarantee, verdict in check(whole, staleness=BOUND).guarantees.items():
            if verdict.verdict != "violated":
                continue
            bound = BOUND if guarantee == "bounded-staleness" else None
            witness = minimal_witness(whole, guarantee, staleness=bound)
            assert witness is not None
            rows = {row_of[operation.index] for operation in witness.operations}
            for row in range(len(whole)):
                part = part_of(whole, sorted(rows | {row}))
                found = check(part, [guarantee], staleness=bound).guarantees[guarantee]
                assert found.verdict == "violated", (number, guarantee, row)
