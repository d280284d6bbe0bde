"""What each configuration of the telemetry store claims holds in every schedule inside its fault budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import DataObject, data

from rts.harness.property_test import check_schedule, schedules
from rts.harness.system import Configuration
from rts.systems.telemetry import CONFIGURATIONS, system


@pytest.mark.parametrize("row", CONFIGURATIONS, ids=lambda row: row.name)
@given(drawn=data())
def test_claims_hold(row: Configuration, drawn: DataObject) -> None:
    check_schedule(system, row, drawn.draw(schedules(system, row), label="schedule"))
