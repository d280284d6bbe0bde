"""Scenarios with lag, each told once: the tests look at what they leave behind, and at their being the same
every time.
"""

from __future__ import annotations

import random
from itertools import count, cycle

import trio

from checker import History
from rts import Answer
from tests.telemetry.store import store


async def lag_to_the_synchronous_follower() -> tuple[History, float]:
    """How long a write takes with 500 ms to the synchronous follower."""
    async with store() as it:
        it.network.inject_lag("leader", "sync", 0.5)
        begun = trio.current_time()
        await it.leader.write("status", "active")
        return it.network.history, trio.current_time() - begun


async def lag_to_the_asynchronous_follower() -> tuple[History, float]:
    """How long a write takes with 5 s to the asynchronous follower."""
    async with store() as it:
        it.network.inject_lag("leader", "async", 5)
        begun = trio.current_time()
        await it.leader.write("status", "active")
        return it.network.history, trio.current_time() - begun


async def reads_of_a_lagging_follower(mode: str) -> tuple[History, list[Answer]]:
    """20 times a write, and at once a read by the same session, from the follower that is 5 s behind if the
    mode lets it.
    """
    async with store() as it:
        router = it.forced("async")
        await router.write("mode", "old", session="console")
        await trio.sleep(1)
        it.network.inject_lag("leader", "async", 5)
        answers = []
        for number in range(20):
            await router.write("mode", f"new {number}", session="console")
            answers.append(await router.read("mode", mode, session="console"))
        return it.network.history, answers


async def all_followers_lag() -> tuple[History, list[Answer], Answer]:
    """A session's reads in the first second after its write, while all followers are 5 s behind; and one
    later on.
    """
    async with store((), ("first", "second")) as it:
        router = it.router()
        it.lag_all(5)
        await router.write("mode", "safe", session="console")
        early = []
        for _ in range(10):
            early.append(await router.read("mode", "session-consistent", session="console"))
            await trio.sleep(0.1)
        await trio.sleep(6)
        return it.network.history, early, await router.read("mode", "session-consistent", session="console")


async def two_followers_at_different_lag(
    mode: str, reads: int, *, restless: bool
) -> tuple[History, list[Answer]]:
    """One session writes every 20 ms; another reads by turns from two followers. `restless`: their lags
    change all the time.
    """
    async with store((), ("near", "far")) as it:
        it.network.inject_lag("leader", "far", 0.4)
        router = it.router()
        turns = cycle(("near", "far"))
        router.select_follower = lambda key, followers: next(turns)  # type: ignore[method-assign]
        lags = random.Random(1)

        async def write() -> None:
            for number in count():
                await router.write("altitude", f"{number} m", session="sensor")
                await trio.sleep(0.02)

        async def change() -> None:
            while restless:
                await trio.sleep(0.05)
                it.network.heal()
                it.network.inject_lag("leader", lags.choice(("near", "far")), lags.uniform(0.0, 0.2))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(write)
            nursery.start_soon(change)
            await trio.sleep(0.1)
            answers = []
            for _ in range(reads):
                answers.append(await router.read("altitude", mode, session="dashboard"))
                await trio.sleep(0.01)
            nursery.cancel_scope.cancel()
        return it.network.history, answers
