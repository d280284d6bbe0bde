"""Read after write: a user saves, reloads, and the change is gone."""

from __future__ import annotations

import trio

from rts.sim.virtual import run
from rts.telemetry.demos.story import Tell, store


def read_after_write(tell: Tell) -> None:
    """Tell how `any-follower` breaks read-your-writes, and `session-consistent` keeps it."""
    tell("Read after write: does alice see what she has just saved?")
    tell("")
    tell("Set-up: a leader, follower-1 (synchronous), follower-2 (asynchronous).")
    tell("Links take 2.5 ms one way. Time is virtual.")
    run(_act, tell, "any-follower")
    run(_act, tell, "session-consistent")
    tell("")
    tell("A session-consistent read carries the position of alice's last write. A")
    tell("follower that has not reached it says so, and the leader serves instead.")


async def _act(tell: Tell, mode: str) -> None:
    async with store(tell, synchronous=["follower-1"], asynchronous=["follower-2"]) as story:
        tell("")
        tell(f"Reading with {mode}:")
        story.network.inject_lag("leader", "follower-2", 0.2)
        tell("  lag injected: leader to follower-2, 200 ms")
        await story.write("alice", "status", "active", waits_for="synchronous follower only")
        await story.read("alice", "status", mode, "immediate read", follower="follower-2")
        await trio.sleep(0.25)
        await story.read("alice", "status", mode, "read after 250 ms", follower="follower-2")
        story.verdict("read-your-writes")
