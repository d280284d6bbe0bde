"""Partition and durability: a leader dies while a follower is cut off, and somebody has to take over."""

from __future__ import annotations

import trio

from rts.errors import PromotionRefused
from rts.sim.virtual import run
from rts.telemetry.demos.story import Story, Tell, store

SAMPLES = 100


def partition_durability(tell: Tell) -> None:
    """Tell how promoting the synchronous follower keeps what was acknowledged, and forcing the other one
    loses it.
    """
    tell("Partition and durability: what does a new leader know of the old one's writes?")
    tell("")
    tell("Set-up: a leader, follower-1 (synchronous), follower-2 (asynchronous).")
    tell("Links take 2.5 ms one way. Time is virtual.")
    run(_act, tell, "follower-1")
    run(_act, tell, "follower-2")
    tell("")
    tell("What was acknowledged is on the follower that the writes waited for.")


async def _act(tell: Tell, candidate: str) -> None:
    async with store(tell, synchronous=["follower-1"], asynchronous=["follower-2"]) as story:
        network = story.network
        tell("")
        tell(f"Promoting {candidate}:")
        await _write(story, 1, SAMPLES // 2)
        network.partition(["follower-2"], ["leader", "follower-1"])
        tell("  follower-2 is cut off")
        await _write(story, SAMPLES // 2 + 1, SAMPLES)
        await trio.sleep(0.01)
        tell(f"  lag of follower-2: {network.lag()['follower-2']} log entries")
        network.crash("leader")
        tell("  the leader crashes")
        await _promote(story, candidate)
        network.heal()
        network.restart("leader")
        tell("  the partition heals, the old leader comes back and follows")
        await _look(story)
        await trio.sleep(2)
        first = len(network.history)
        for number, (node, values) in enumerate((await network.read_finally()).items(), first):
            tell(f"  #{number}: {node} has {values['sample']!r}")
        story.verdict("no-lost-acknowledged-writes", "read-your-writes")


async def _write(story: Story, first: int, last: int) -> None:
    for number in range(first, last + 1):
        await story.router.write("sample", f"{number} of {SAMPLES}", session="sensor")
    numbers = f"#{first - 1} to #{last - 1}"
    story.tell(f"  {numbers}: sensor writes samples {first} to {last}, follower-1 has them all")


async def _promote(story: Story, candidate: str) -> None:
    try:
        await story.network.promote(candidate)
    except PromotionRefused as refusal:
        story.tell(f"  promotion refused ({refusal})")
        await story.network.promote(candidate, forced=True)
        story.tell(f"  the operator forces it: {candidate} leads")
    else:
        story.tell(f"  {candidate} leads a new epoch")


async def _look(story: Story) -> None:
    answer = await story.router.read("sample", "session-consistent", session="sensor")
    story.operation(f"sensor reads {answer.value!r} (session-consistent), served by {answer.node}")
