"""Virtual time: in order, and no two events at one instant."""

from __future__ import annotations

from rts.sim.pump import Pump


def scripted(*times: int) -> tuple[Pump, list[tuple[int, str]]]:
    """A pump with an event at each of these times, named a, b, …"""
    pump, seen = Pump(), list[tuple[int, str]]()
    for time, name in zip(times, "abcdef", strict=False):
        pump.at(time, lambda name: seen.append((pump.now, name)), name)
    return pump, seen


def test_events_happen_in_the_order_of_their_time() -> None:
    pump, seen = scripted(30, 10, 20)
    pump.run(100)
    assert seen == [(10, "b"), (20, "c"), (30, "a")]


def test_events_of_one_instant_keep_the_order_of_asking_and_get_an_instant_each() -> None:
    pump, seen = scripted(10, 10, 10, 12, 20)
    pump.run(100)
    assert seen == [(10, "a"), (11, "b"), (12, "c"), (13, "d"), (20, "e")]


def test_what_is_asked_for_in_the_past_happens_next() -> None:
    pump, seen = scripted(10, 20)
    pump.at(15, lambda: pump.at(3, lambda: seen.append((pump.now, "late"))))
    pump.run(100)
    assert seen == [(10, "a"), (16, "late"), (20, "b")]


def test_it_stops_before_what_is_due_later() -> None:
    pump, seen = scripted(10, 20)
    pump.run(19)
    assert seen == [(10, "a")]
    assert (pump.now, pump.next_time()) == (10, 20)
    pump.run(20)
    assert seen == [(10, "a"), (20, "b")]
    assert pump.next_time() is None


def test_it_stops_when_told_and_goes_on_when_run_again() -> None:
    pump, seen = scripted(10, 20)
    pump.at(15, lambda: setattr(pump, "stopped", True))
    pump.run(100)
    assert seen == [(10, "a")]
    pump.run(100)
    assert seen == [(10, "a"), (20, "b")]


def test_one_step_is_one_event() -> None:
    pump, seen = scripted(10, 10)
    pump.step()
    assert (seen, pump.now) == ([(10, "a")], 10)
    pump.step()
    assert (seen, pump.now) == ([(10, "a"), (11, "b")], 11)
