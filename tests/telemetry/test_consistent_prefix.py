"""Consistent prefix: nobody sees an effect and, later on, not its cause. Why the order of the two reads
matters.

Ground control writes a burn command (the cause); the thruster reads it and reports a new orbit (the effect).
"""

from __future__ import annotations

import trio

from checker import Verdict
from rts import ReadRouter
from tests.telemetry.store import Store, store, virtual

PREFIX = "consistent-prefix"


class ByKey(ReadRouter):
    """The effect is read from the follower that is up to date, the cause from the one that is behind."""

    def select_follower(self, key: str, followers: object) -> str:
        return {"orbit": "near", "command": "far"}[key]


async def command_and_report(router: ReadRouter) -> None:
    await router.write("command", "burn", session="ground")
    assert (await router.read("command", "leader", session="thruster")).value == "burn"
    await router.write("orbit", "raised", session="thruster")
    await trio.sleep(0.1)


async def look(router: ReadRouter, *keys: str, mode: str) -> list[object]:
    return [(await router.read(key, mode, session="dashboard")).value for key in keys]


def verdict(it: Store) -> Verdict:
    return it.judge(PREFIX).guarantees[PREFIX]


@virtual
async def test_effect_first_and_cause_second_shows_the_violation() -> None:
    async with store((), ("near", "far")) as it:
        router = ByKey(it.leader, list(it.followers.values()))
        it.network.inject_lag("leader", "far", 5)
        await command_and_report(router)
        assert await look(router, "orbit", "command", mode="any-follower") == ["raised", None]
        found = verdict(it)
        assert found.verdict == "violated"
        assert [edge.edge for edge in found.violations[0].cycle] == [
            "reads-from",
            "session-order",
            "reads-from",
            "session-order",
            "anti-dependency",
        ]


@virtual
async def test_session_consistent_keeps_it() -> None:
    async with store((), ("near", "far")) as it:
        router = ByKey(it.leader, list(it.followers.values()))
        it.network.inject_lag("leader", "far", 5)
        await command_and_report(router)
        assert await look(router, "orbit", "command", mode="session-consistent") == ["raised", "burn"]
        assert verdict(it).verdict == "holds"


@virtual
async def test_cause_first_and_effect_second_proves_nothing_on_the_same_store() -> None:
    async with store((), ("near", "far")) as it:
        router = ByKey(it.leader, list(it.followers.values()))
        it.network.inject_lag("leader", "far", 5)
        await command_and_report(router)
        assert await look(router, "command", "orbit", mode="any-follower") == [None, "raised"]
        assert verdict(it).verdict == "unknown"


@virtual
async def test_because_a_linearizable_store_shows_the_same_when_both_writes_land_between_the_reads() -> None:
    async with store((), ("near", "far")) as it:
        router = it.router()
        seen = await look(router, "command", mode="leader")
        await command_and_report(router)
        seen += await look(router, "orbit", mode="leader")
        assert seen == [None, "raised"]
        assert verdict(it).verdict == "unknown"
        assert it.verdict("linearizable") == "holds"
