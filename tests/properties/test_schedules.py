"""Every schedule that is drawn is inside its budget, survives its file, and is one run."""

from __future__ import annotations

from hypothesis import given

from rts.harness.budget import admits
from rts.harness.determinism import first_difference
from rts.schedule import dumps, loads
from rts.systems.telemetry import system
from tests.properties.drawing import Drawn, configured_schedules


@given(configured_schedules())
def test_a_schedule_stays_inside_its_budget(drawn: Drawn) -> None:
    row, schedule = drawn
    assert len(schedule.steps) <= row.profile.steps
    assert admits(schedule, row.profile.budget, row)


@given(configured_schedules())
def test_a_schedule_survives_its_file(drawn: Drawn) -> None:
    _, schedule = drawn
    text = dumps(schedule)
    assert loads(text) == schedule
    assert dumps(loads(text)) == text


@given(configured_schedules())
def test_a_schedule_is_one_run(drawn: Drawn) -> None:
    _, schedule = drawn
    first = system.simulate(schedule)
    assert first_difference(first, system.simulate(schedule)) is None
    assert first_difference(first, system.simulate(loads(dumps(schedule)))) is None
