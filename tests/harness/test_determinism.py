from dataclasses import replace

from rts.harness.determinism import first_difference
from tests.harness.fake_system import system
from tests.harness.histories import READ, WRITE, schedule_of

RUN = system.simulate(schedule_of(WRITE, READ))


def test_the_same_run_twice() -> None:
    assert first_difference(RUN, system.simulate(schedule_of(WRITE, READ))) is None


def test_the_first_differing_event_is_named() -> None:
    other = replace(RUN, events=[RUN.events[0], (7, "Read", 2)])
    assert first_difference(RUN, other) == (
        "two runs of one schedule differ at event 1: (1, 'Read', 2), and then (7, 'Read', 2)"
    )


def test_an_event_too_many_is_named() -> None:
    other = replace(RUN, events=RUN.events[:1])
    expected = f"two runs of one schedule differ: only one of them has event 1, {RUN.events[1]!r}"
    assert first_difference(RUN, other) == expected
    assert first_difference(other, RUN) == expected


def test_operations_are_compared_where_the_events_are_the_same() -> None:
    other = replace(RUN, operations=[RUN.operations[1], *RUN.operations[1:]])
    difference = first_difference(RUN, other)
    assert difference is not None
    assert difference.startswith("two runs of one schedule differ at operation 0: Operation(index=0,")
