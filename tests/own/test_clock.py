"""Virtual time under plain Trio: sleeping, time-outs, nurseries and channels work as they are."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio

from rts.own.clock import Inbox, PumpClock
from rts.sim.pump import Pump


def nothing() -> None:
    pass


def in_virtual_time(main: Callable[..., Awaitable[Any]], pump: Pump | None = None) -> Any:
    clock = PumpClock(pump or Pump(), nothing, nothing)
    return trio.run(main, clock, clock=clock)


@pytest.mark.parametrize("seconds", [1 / 3, 1e-10, 0.1, 1e6 + 1 / 7, 86_400 * 365.0])
def test_a_sleep_ends_at_the_first_nanosecond_after_it(seconds: float) -> None:
    async def main(clock: PumpClock) -> float:
        await trio.sleep(seconds)
        return trio.current_time()

    slept = in_virtual_time(main)
    assert seconds <= slept <= seconds + 2e-9 + math.ulp(seconds)


def test_things_of_the_simulation_happen_before_a_later_deadline() -> None:
    seen: list[Any] = []

    async def main(clock: PumpClock) -> None:
        for at in (5, 10, 20):
            clock.pump.at(at, seen.append, at)
        await trio.sleep(15e-9)
        seen.append("slept")
        await trio.sleep(15e-9)

    in_virtual_time(main)
    assert seen == [5, 10, "slept", 20]


def test_time_outs_nurseries_and_channels() -> None:
    async def main(clock: PumpClock) -> list[Any]:
        send, receive = trio.open_memory_channel[int](0)
        seen: list[Any] = []

        async def produce() -> None:
            for number in range(2):
                await trio.sleep(1)
                await send.send(number)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(produce)
            with trio.move_on_after(2.5) as scope:
                while True:
                    seen.append((await receive.receive(), trio.current_time()))
        return [*seen, scope.cancelled_caught, trio.current_time()]

    assert in_virtual_time(main) == [(0, 1.0), (1, 2.0), True, 2.5]


def test_an_inbox_gives_each_thing_to_one_taker_in_order() -> None:
    async def main(clock: PumpClock) -> list[Any]:
        inbox = Inbox[int](clock)
        taken: list[Any] = []

        async def take(name: str) -> None:
            async for item in inbox:
                taken.append((name, item))
                await trio.sleep(1)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(take, "a")
            await trio.sleep(0.1)
            nursery.start_soon(take, "b")
            for number in range(3):
                clock.pump.at(200_000_000 + number, inbox.put, number)
            await trio.sleep(3)
            nursery.cancel_scope.cancel()
        return taken

    assert in_virtual_time(main) == [("a", 0), ("b", 1), ("a", 2)]


def test_who_gives_up_waiting_takes_nothing() -> None:
    async def main(clock: PumpClock) -> int:
        inbox = Inbox[int](clock)
        with trio.move_on_after(1):
            await inbox.receive()
        inbox.put(1)
        return await inbox.receive()

    assert in_virtual_time(main) == 1


def test_an_error_of_the_simulation_is_kept() -> None:
    pump = Pump()
    scope = trio.CancelScope()
    clock = PumpClock(pump, scope.cancel, nothing)

    def fail() -> None:
        raise ValueError("no number")

    async def main() -> None:
        pump.at(1, fail)
        with scope:
            await trio.sleep_forever()

    trio.run(main, clock=clock)
    assert isinstance(clock.error, ValueError)
