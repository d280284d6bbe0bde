"""What became of the writes of the battery's histories, and of many more like them, by the definitions."""

from __future__ import annotations

import pytest

from checker.fates import fates_of
from checker.fates.seen import when_seen
from checker.prepared import Prepared
from tests.checker.battery.families import FAMILIES, history
from tests.checker.fates.test_fates import Fates

UNFOLDED = {"appends", "lists", "transactions"}
"""Families of which the definitions do not speak."""
RARE = {"chains": (251, 358), "json": (390,), "swaps": (96,)}
"""Where a place was given twice, and causes say which of the two a write without place follows."""


@pytest.mark.parametrize("name", sorted(FAMILIES.keys() - UNFOLDED))
def test_fates_are_the_definitions(name: str) -> None:
    for number in (*range(40), *RARE.get(name, ())):
        one = history(FAMILIES[name], number)
        definitions = Fates(one)
        prepared = Prepared(one)
        fates = fates_of(when_seen(prepared))
        found = {
            one.operations[row].index: [fate for fate, which in fates.items() if which[at]]
            for at, row in enumerate(prepared.acknowledged.tolist())
        }
        assert found == {w.index: [definitions.fate(w)[0]] for w in definitions.acknowledged}, number
