"""A small store to try things on: a leader, followers that run, and routers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, TypeVar

import trio

from checker import Report, check
from rts import Follower, Leader, Network, ReadRouter, run

Result = TypeVar("Result")


class ForcedRouter(ReadRouter):
    """Asks one follower, whatever the key."""

    forced: str

    def select_follower(self, key: str, followers: Sequence[str]) -> str:
        return self.forced


class Store:
    """What `store` gives."""

    def __init__(self, network: Network, leader: Leader, followers: dict[str, Follower]) -> None:
        self.network = network
        self.leader = leader
        self.followers = followers

    def router(self, **settings: Any) -> ReadRouter:
        return ReadRouter(self.leader, list(self.followers.values()), **settings)

    def forced(self, follower: str, **settings: Any) -> ForcedRouter:
        router = ForcedRouter(self.leader, list(self.followers.values()), **settings)
        router.forced = follower
        return router

    def lag_all(self, seconds: float) -> None:
        for follower in self.followers:
            self.network.inject_lag("leader", follower, seconds)

    def judge(self, *guarantees: str) -> Report:
        return check(self.network.history, guarantees or None)

    def verdict(self, guarantee: str) -> str:
        return self.judge(guarantee).guarantees[guarantee].verdict


@asynccontextmanager
async def store(
    synchronous: Sequence[str] = ("sync",), asynchronous: Sequence[str] = ("async",), **settings: Any
) -> AsyncIterator[Store]:
    """A store that runs: `leader` and the followers named."""
    network = Network()
    leader = Leader("leader", network, **settings)
    for name in synchronous:
        leader.add_sync_follower(name)
    for name in asynchronous:
        leader.add_async_follower(name)
    followers = {name: Follower(name, network) for name in (*synchronous, *asynchronous)}
    async with trio.open_nursery() as nursery:
        for follower in followers.values():
            await nursery.start(follower.run)
        yield Store(network, leader, followers)
        nursery.cancel_scope.cancel()


async def timed(waits: Awaitable[Result]) -> tuple[Result, float]:
    """What comes of it, and how many seconds it takes."""
    begun = trio.current_time()
    result = await waits
    return result, trio.current_time() - begun


def virtual(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """An asynchronous test, run in virtual time."""

    @wraps(test)
    def runs(**named: Any) -> None:
        run(lambda: test(**named))

    return runs
