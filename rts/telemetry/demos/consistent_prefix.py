"""Consistent prefix: an effect without its cause."""

from __future__ import annotations

import trio

from rts.sim.virtual import run
from rts.telemetry.demos.story import Tell, store


def consistent_prefix(tell: Tell) -> None:
    """Tell how `any-follower` breaks consistent prefix, and `session-consistent` keeps it."""
    tell("Consistent prefix: can one see an effect and, after it, not its cause?")
    tell("")
    tell("Set-up: a leader, and two asynchronous followers, near and far.")
    tell("Links take 2.5 ms one way. Time is virtual.")
    run(_act, tell, "any-follower")
    run(_act, tell, "session-consistent")
    tell("")
    tell("The effect is read first, the cause second. The other order proves nothing:")
    tell("both writes may have landed between the two reads, on any correct store.")


async def _act(tell: Tell, mode: str) -> None:
    async with store(tell, asynchronous=["near", "far"]) as story:
        tell("")
        tell(f"Reading with {mode}:")
        story.network.inject_lag("leader", "far", 5)
        tell("  lag injected: leader to far, 5 s")
        await story.write("ground", "command", "burn", waits_for="no synchronous follower", role="the cause")
        await story.read("thruster", "command", "leader", "the thruster reads command")
        await story.write(
            "thruster", "orbit", "raised", waits_for="no synchronous follower", role="the effect"
        )
        await trio.sleep(0.1)
        await story.read("dashboard", "orbit", mode, "a dashboard reads orbit", follower="near")
        await story.read("dashboard", "command", mode, "then it reads command", follower="far")
        story.verdict("consistent-prefix")
