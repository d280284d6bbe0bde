"""Monotonic reads: a dashboard reloads, and time runs backwards."""

from __future__ import annotations

import trio

from rts.sim.virtual import run
from rts.telemetry.demos.story import Tell, store


def monotonic_reads(tell: Tell) -> None:
    """Tell how `any-follower` breaks monotonic reads, and `session-consistent` keeps them."""
    tell("Monotonic reads: can a dashboard go back in time?")
    tell("")
    tell("Set-up: a leader, and two asynchronous followers, near and far.")
    tell("Links take 2.5 ms one way. Time is virtual.")
    run(_act, tell, "any-follower")
    run(_act, tell, "session-consistent")
    tell("")
    tell("A session-consistent read carries the position that the session has seen. No")
    tell("follower behind it may answer, so what was seen once is never unseen.")


async def _act(tell: Tell, mode: str) -> None:
    async with store(tell, asynchronous=["near", "far"]) as story:
        tell("")
        tell(f"Reading with {mode}:")
        await story.write("sensor", "altitude", "400 km", waits_for="no synchronous follower")
        await trio.sleep(0.1)
        story.network.inject_lag("leader", "far", 0.5)
        tell("  lag injected: leader to far, 500 ms")
        await story.write("sensor", "altitude", "390 km", waits_for="no synchronous follower")
        await trio.sleep(0.05)
        await story.read("dashboard", "altitude", mode, "first read", follower="near")
        await story.read("dashboard", "altitude", mode, "second read", follower="far")
        await trio.sleep(0.6)
        await story.read("dashboard", "altitude", mode, "read after 600 ms", follower="far")
        story.verdict("monotonic-reads")
