"""Virtual time: sleeping costs nothing, order is the seed's, and what waits for ever is told so."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest
import trio

from rts.schedule import SECOND
from rts.sim.pump import Pump
from rts.sim.virtual import Driver, Stalled, driver_here, run


def test_it_returns_what_the_function_returns() -> None:
    async def main(a: int, b: int) -> int:
        return a + b

    assert run(main, 2, 3) == 5


def test_it_raises_what_the_function_raises() -> None:
    async def main() -> None:
        await trio.sleep(1)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run(main)


@pytest.mark.parametrize("seconds", [0.0, 1e-12, 1e-9, 1 / 3, 0.1 + 0.2, 1.0, 1e6 / 7])
def test_a_sleep_takes_its_time_and_no_real_time(seconds: float) -> None:
    async def main() -> float:
        for _ in range(3):
            await trio.sleep(seconds)
        return trio.current_time()

    begun = time.monotonic()
    assert run(main) == pytest.approx(3 * seconds, abs=4e-9)
    assert time.monotonic() - begun < 30


def test_sleepers_wake_in_order() -> None:
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await trio.sleep(seconds)
        woken.append((name, round(trio.current_time(), 6)))

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(sleeper, "late", 3600.0)
            nursery.start_soon(sleeper, "early", 0.25)
            nursery.start_soon(sleeper, "between", 1.5)

    run(main)
    assert woken == [("early", 0.25), ("between", 1.5), ("late", 3600.0)]


def test_time_outs_and_events_of_the_simulation_meet_in_order() -> None:
    pump = Pump()
    seen: list[str] = []

    async def main() -> None:
        with trio.move_on_after(2):
            await trio.sleep_forever()
        seen.append("timed out at 2")

    pump.at(1 * SECOND, seen.append, "event at 1")
    pump.at(3 * SECOND, seen.append, "event at 3")
    run(main, pump=pump)
    assert seen == ["event at 1", "timed out at 2"]


def test_an_event_of_the_simulation_wakes_a_task_at_its_own_time() -> None:
    async def main() -> list[float]:
        driver = driver_here()
        bell = trio.Event()

        def ring() -> None:
            bell.set()
            driver.woke = True

        driver.pump.at(5 * SECOND, ring)
        driver.pump.at(7 * SECOND, ring)
        await bell.wait()
        return [trio.current_time(), driver.pump.now / SECOND]

    assert run(main) == [5.0, 5.0]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_seed_is_one_run(seed: int) -> None:
    async def main() -> list[int]:
        order: list[int] = []

        async def task(number: int) -> None:
            await trio.sleep(1)
            order.append(number)

        async with trio.open_nursery() as nursery:
            for number in range(8):
                nursery.start_soon(task, number)
        return order

    assert run(main, seed=seed) == run(main, seed=seed)
    assert run(main, seed=seed) != run(main, seed=seed + 3)


# --- waiting for ever


async def for_nothing() -> None:
    await trio.Event().wait()


async def for_each_other() -> None:
    first, second = trio.Event(), trio.Event()

    async def waits(before: trio.Event, after: trio.Event) -> None:
        await before.wait()
        after.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(waits, first, second)
        nursery.start_soon(waits, second, first)


async def while_the_simulation_goes_on() -> None:
    pump = driver_here().pump

    def beat() -> None:
        pump.at(pump.now + 60 * SECOND, beat)

    beat()
    await trio.sleep_forever()


@pytest.mark.parametrize("main", [for_nothing, for_each_other, while_the_simulation_goes_on])
def test_a_run_in_which_everybody_waits_for_ever_is_stalled(main: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(Stalled, match="every task waits for something that will not happen"):
        run(main)


def test_time_goes_on_for_those_who_clean_up_after_a_stall() -> None:
    done: list[float] = []

    async def main() -> None:
        try:
            await trio.sleep_forever()
        finally:
            with trio.CancelScope(shield=True):
                await trio.sleep(5)
            done.append(trio.current_time())

    with pytest.raises(Stalled):
        run(main)
    assert done == [5.0]


# --- other clocks


def test_outside_a_virtual_time_each_driver_has_a_time_of_its_own() -> None:
    assert driver_here() is not driver_here()

    async def main() -> bool:
        return driver_here() is driver_here()

    assert run(main)
    assert not trio.run(main)


def test_a_driver_of_another_time_follows_the_clock() -> None:
    driver = Driver(Pump())

    async def main() -> list[float]:
        bell = trio.Event()
        await trio.sleep(10)
        driver.ensure()
        driver.pump.at(driver.pump.now + 2 * SECOND, bell.set)
        driver.ensure()
        await bell.wait()
        return [trio.current_time(), driver.pump.now / SECOND]

    assert run(main) == pytest.approx([12.0, 2.0], abs=1e-8)
