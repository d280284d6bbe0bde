"""What the property tests draw: a configuration of the telemetry store, and a schedule inside its budget."""

from __future__ import annotations

from hypothesis import strategies
from hypothesis.strategies import SearchStrategy

from rts.harness.property_test import schedules
from rts.harness.system import Configuration
from rts.schedule import Schedule
from rts.systems.telemetry import CONFIGURATIONS, system

Drawn = tuple[Configuration, Schedule]


def _of(row: Configuration) -> SearchStrategy[Drawn]:
    return strategies.tuples(strategies.just(row), schedules(system, row))


def configured_schedules() -> SearchStrategy[Drawn]:
    """Any configuration, with a schedule for it."""
    return strategies.sampled_from(CONFIGURATIONS).flatmap(_of)
