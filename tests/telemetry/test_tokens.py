"""Where session tokens are kept: by the client, by the server, under the user."""

from __future__ import annotations

import pytest

from rts import Lsn
from tests.telemetry.store import ForcedRouter, Store, store, virtual


async def second_device_reads(first: ForcedRouter, second: ForcedRouter, session: str) -> object:
    """What `session` sees through another router, of a follower that has nothing, after "console" wrote."""
    await first.write("mode", "safe", session="console")
    answer = await second.read("mode", "session-consistent", session=session)
    return answer.value


def lagging(it: Store) -> Store:
    it.network.inject_lag("leader", "async", 5)
    return it


@virtual
async def test_a_clients_token_is_its_own_and_may_be_handed_on() -> None:
    async with store() as it:
        lagging(it)
        first, second = it.forced("async"), it.forced("async")
        assert await second_device_reads(first, second, "console") is None
        token = first.token("console")
        assert token == Lsn(1, 2)
        second.record_session_write("tablet", token)
        assert (await second.read("mode", "session-consistent", session="tablet")).value == "safe"


@virtual
async def test_the_server_finds_a_token_under_the_sessions_name() -> None:
    async with store() as it:
        lagging(it)
        first, second = it.forced("async", tokens="server"), it.forced("async", tokens="server")
        assert await second_device_reads(first, second, "console") == "safe"
        assert (await second.read("mode", "session-consistent", session="stranger")).value is None


@virtual
async def test_a_users_second_device_sees_what_the_first_wrote() -> None:
    async with store() as it:
        lagging(it)
        users = {"console": "alice", "phone": "alice", "stranger": "bob"}
        first = it.forced("async", tokens="user", users=users)
        second = it.forced("async", tokens="user", users=users)
        assert await second_device_reads(first, second, "phone") == "safe"
        assert second.token("phone") == first.token("console") == Lsn(1, 2)
        assert (await second.read("mode", "session-consistent", session="stranger")).value is None


@virtual
async def test_a_read_advances_the_token_as_well() -> None:
    async with store() as it:
        lagging(it)
        router = it.forced("async")
        await it.leader.write("mode", "safe")
        assert router.token("dashboard") is None
        await router.read("mode", "leader", session="dashboard")
        assert router.token("dashboard") == Lsn(1, 2)
        answer = await router.read("mode", "session-consistent", session="dashboard")
        assert (answer.value, answer.node) == ("safe", "leader")


@virtual
async def test_who_keeps_them_has_to_be_known() -> None:
    async with store() as it:
        with pytest.raises(ValueError, match="Invalid enum value 'cloud'"):
            it.router(tokens="cloud")
