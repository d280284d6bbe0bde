"""Epochs: what a deposed leader can no longer do, and how readers find the new one."""

from __future__ import annotations

import pytest
import trio

from rts import Leader, NotLeader, PromotionRefused
from tests.telemetry.store import store, virtual


@virtual
async def test_a_deposed_leader_alive_and_cut_off_neither_acknowledges_nor_answers_leader_reads() -> None:
    async with store() as it:
        await it.leader.write("mode", "old")
        await it.network.promote("sync", old="cut")
        it.network.heal()
        it.network.partition(["leader"], ["sync", "async"])
        await Leader("sync", it.network).write("mode", "new")
        with trio.move_on_after(60) as writing:
            await it.leader.write("mode", "lost")
        with trio.move_on_after(60) as reading:
            await it.leader.read("mode")
        assert writing.cancelled_caught
        assert reading.cancelled_caught
        it.network.heal()
        await trio.sleep(2)
        with pytest.raises(NotLeader, match="leader does not lead") as refusal:
            await it.leader.write("mode", "late")
        assert refusal.value.leader == "sync"
        values = await it.network.read_finally()
        assert values == {name: {"mode": "new"} for name in ("leader", "sync", "async")}
        assert it.verdict("linearizable") == "holds"


@virtual
async def test_what_a_deposed_leader_was_asked_nobody_answers_in_its_place() -> None:
    async with store() as it:
        await it.leader.write("mode", "old")
        it.network.partition(["leader"], ["sync", "async"])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(it.network.promote, "sync")
            with trio.move_on_after(60) as reading:
                await it.leader.read("mode")
        assert it.network.current_leader == "sync"
        assert reading.cancelled_caught


@virtual
async def test_a_leader_cut_off_in_one_direction_is_no_better() -> None:
    async with store() as it:
        await it.leader.write("mode", "old")
        it.network.partition(["sync", "async"], ["leader"], one_way=True)  # it is heard, and hears nothing
        with trio.move_on_after(5) as writing:
            await it.leader.write("mode", "unheard")
        assert writing.cancelled_caught
        await it.network.promote("sync")
        assert await Leader("sync", it.network).read("mode") == "unheard"


@virtual
async def test_sessions_and_their_tokens_follow_a_promotion() -> None:
    async with store() as it:
        router = it.router()
        lsn = await router.write("mode", "safe", session="console")
        await it.network.promote("sync", old="crash")
        answer = await router.read("mode", "session-consistent", session="console")
        assert answer.value == "safe"
        assert answer.position >= lsn
        assert (await router.write("mode", "on", session="console")).epoch == 2
        assert it.network.states["token carried across promotion"] == 1
        assert it.verdict("monotonic-writes") == "holds"


@virtual
async def test_a_router_can_be_pointed_at_the_new_leader_and_its_followers() -> None:
    async with store(("one", "other"), ()) as it:
        router = it.router()
        await router.write("mode", "safe", session="console")
        await it.network.promote("one")
        promoted = Leader("one", it.network)
        router.repoint(promoted, [it.followers["other"]])
        assert router.leader is promoted
        assert (await router.read("mode", "leader", session="console")).node == "one"
        nodes = {(await router.read("mode", "any-follower")).node for _ in range(10)}
        assert nodes == {"other"}


@virtual
async def test_a_leader_read_waits_out_the_time_without_a_leader() -> None:
    async with store() as it:
        router = it.router()
        await router.write("mode", "safe", session="console")
        it.network.crash("leader")
        answers = []

        async def read() -> None:
            answers.append(await router.read("mode", "leader", session="console"))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(read)
            await trio.sleep(10)
            assert answers == []
            await it.network.promote("sync")
        assert [(answer.value, answer.node) for answer in answers] == [("safe", "sync")]


@virtual
async def test_promotions_are_refused_to_those_who_cannot_lead() -> None:
    async with store() as it:
        await it.leader.write("mode", "safe")
        with pytest.raises(PromotionRefused, match="async: it may lack acknowledged writes"):
            await it.network.promote("async")
        it.network.crash("sync")
        with pytest.raises(PromotionRefused, match="sync does not run"):
            await it.network.promote("sync")
        it.network.crash("async")
        with pytest.raises(PromotionRefused, match="no follower runs"):
            await it.network.promote("best")
        with pytest.raises(PromotionRefused, match="leader was the old leader, and has crashed"):
            await it.network.promote("leader", old="crash")
        with pytest.raises(ValueError, match="'moon' is no node; there are: leader, sync, async"):
            await it.network.promote("moon")


@virtual
async def test_each_promotion_starts_an_epoch_of_its_own() -> None:
    async with store(("one", "other"), ()) as it:
        await it.leader.write("mode", "first")
        await it.network.promote("one")
        await Leader("one", it.network).write("mode", "second")
        await it.network.promote("other")
        lsn = await Leader("other", it.network).write("mode", "third")
        assert lsn.epoch == 3
        assert it.network.current_leader == "other"
        assert await Leader("other", it.network).read("mode") == "third"
