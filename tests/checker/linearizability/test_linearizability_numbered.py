"""Which keys of the battery's histories, and of many more like them, are linearizable: all orders tried."""

from __future__ import annotations

import pytest

from checker import check
from tests.checker.battery.families import FAMILIES, history
from tests.checker.registers import has_order

LONG = {"wide", "placed", "transactions"}
"""Families whose histories have too many orders to try, or operations of several keys."""


@pytest.mark.parametrize("name", sorted(FAMILIES.keys() - LONG))
def test_a_key_that_was_read_is_violated_if_it_has_no_order_and_its_witness_has_none(name: str) -> None:
    for number in range(40):
        one = history(FAMILIES[name], number)
        by_key = {
            o.key: [other for other in one.operations if other.key == o.key]
            for o in one.operations
            if o.status == "ok" and o.op in ("read", "cas")
        }
        verdict = check(one, ["linearizable"]).guarantees["linearizable"]
        violated = {violation.key for violation in verdict.violations}
        assert violated == {key for key, some in by_key.items() if not has_order(some)}, number
        for violation in verdict.violations:
            assert not has_order([o for o in one.operations if o.index in violation.operations]), number
