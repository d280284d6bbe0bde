"""The same store under Trio's other clocks: a test's, the real one, and a virtual time that it was not made
in.
"""

from __future__ import annotations

import time

import pytest
import trio
from trio.testing import MockClock

from rts import Follower, Leader, Network, run
from rts.sim.virtual import Stalled
from tests.telemetry.store import store, timed


async def write_and_read(lag_s: float) -> tuple[float, list[object]]:
    """How long a write takes, and two reads of the follower that lags: at once, and when it has caught up."""
    async with store() as it:
        it.network.inject_lag("leader", "async", lag_s)
        await trio.sleep(0.001)
        _, seconds = await timed(it.leader.write("mode", "safe"))
        early = await it.followers["async"].read("mode")
        await trio.sleep(1.5 * lag_s)
        return seconds, [early, await it.followers["async"].read("mode")]


def test_a_mock_clock_jumps_from_event_to_event() -> None:
    begun = time.monotonic()
    seconds, values = trio.run(write_and_read, 60.0, clock=MockClock(autojump_threshold=0))
    assert 0.005 < seconds < 0.006
    assert values == [None, "safe"]
    assert time.monotonic() - begun < 30


def test_in_real_time_things_take_real_time() -> None:
    begun = time.monotonic()
    seconds, values = trio.run(write_and_read, 0.3)
    assert seconds > 0.005
    assert values == [None, "safe"]
    assert time.monotonic() - begun > 0.45


def test_real_time_shows_in_the_history() -> None:
    async def main() -> int:
        async with store() as it:
            await it.leader.write("mode", "safe")
            await trio.sleep(0.02)
            await it.leader.write("mode", "on")
            first, second = it.network.history.operations
            assert first.end is not None
            return second.start - first.end

    assert trio.run(main) >= 20_000_000


def test_a_network_lives_in_a_virtual_time_that_it_was_not_made_in() -> None:
    network = Network()
    leader = Leader("leader", network)
    leader.add_sync_follower("one")

    async def main() -> float:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(Follower("one", network).run)
            network.inject_lag("leader", "one", 1.0)
            begun = trio.current_time()
            await leader.write("mode", "safe")
            nursery.cancel_scope.cancel()
            return trio.current_time() - begun

    assert run(main) == pytest.approx(1.0052, abs=1e-6)
    with pytest.raises(Stalled):
        run(trio.sleep_forever)
    assert run(main) == pytest.approx(1.0052, abs=1e-6)
