"""What each configuration of each store claims holds in every schedule inside its fault budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import DataObject, data

from rts import systems
from rts.harness.property_test import check_schedule, schedules

ROWS = [(name, row.name) for name in systems.names() for row in systems.load(name).configurations]


@pytest.mark.parametrize(("name", "configuration"), ROWS)
@given(drawn=data())
def test_claims_hold(name: str, configuration: str, drawn: DataObject) -> None:
    system = systems.load(name)
    row = next(row for row in system.configurations if row.name == configuration)
    check_schedule(system, row, drawn.draw(schedules(system, row), label="schedule"))
