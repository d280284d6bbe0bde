"""What machines do: how faults of nodes, disks and clocks are drawn, told and weighed."""

from __future__ import annotations

from checker.describe import duration
from rts.harness.drawing import Drawing
from rts.harness.kinds.kind import Kind, listed
from rts.schedule import (
    MILLISECOND,
    CorruptDisk,
    Crash,
    FullDisk,
    Pause,
    Restart,
    Resume,
    SkewClock,
    SlowDisk,
)

_DRIFTS_PPM = (0, 100, -100, 500, -500)


def _crashes(drawn: Drawing) -> tuple[Crash, ...]:
    after_ns, node, tear = drawn.after_ns, drawn.node(), drawn.flags & 3 == 3
    at_effect = drawn.how % 4 if drawn.how >= 128 else None
    mild = Crash(after_ns=after_ns, node=node, tear=tear, at_effect=at_effect)
    if drawn.more < 256 - drawn.scene.profile.disk_loss_percent * 256 // 100:
        return (mild,)
    return Crash(after_ns=after_ns, node=node, lose_disk=True, at_effect=at_effect), mild


def _crash_in_words(step: Crash) -> str:
    return listed(
        step.node,
        "" if step.at_effect is None else f"after {step.at_effect} effects",
        "its disk lost" if step.lose_disk else "",
        "its last write torn" if step.tear else "",
    )


def _skews(drawn: Drawing) -> tuple[SkewClock]:
    jump_ns = (0, drawn.lag_ns, -drawn.lag_ns)[drawn.flags % 3]
    drift_ppm = _DRIFTS_PPM[drawn.more % len(_DRIFTS_PPM)]
    if not jump_ns and not drift_ppm:
        jump_ns = MILLISECOND
    return (SkewClock(after_ns=drawn.after_ns, node=drawn.node(), jump_ns=jump_ns, drift_ppm=drift_ppm),)


def _skew_in_words(step: SkewClock) -> str:
    sign = "-" if step.jump_ns < 0 else ""
    jump = f"jumps {sign}{duration(abs(step.jump_ns))}" if step.jump_ns else ""
    return listed(step.node, jump, f"drifts {step.drift_ppm} ppm" if step.drift_ppm else "")


CRASH = Kind(
    Crash,
    cost=4,
    draw=_crashes,
    words=_crash_in_words,
    details=lambda step: (
        4 * step.lose_disk + 2 * step.tear + (0 if step.at_effect is None else 1 + step.at_effect)
    ),
)
RESTART = Kind(
    Restart,
    cost=4,
    draw=lambda drawn: (Restart(after_ns=drawn.after_ns, node=drawn.down_node()),),
    words=lambda step: step.node,
)
PAUSE = Kind(
    Pause,
    cost=5,
    draw=lambda drawn: (Pause(after_ns=drawn.after_ns, node=drawn.node()),),
    words=lambda step: step.node,
)
RESUME = Kind(
    Resume,
    cost=5,
    draw=lambda drawn: (Resume(after_ns=drawn.after_ns, node=drawn.down_node()),),
    words=lambda step: step.node,
)
SLOW_DISK = Kind(
    SlowDisk,
    cost=6,
    draw=lambda drawn: (SlowDisk(after_ns=drawn.after_ns, node=drawn.node(), delay_ns=drawn.lag_ns),),
    words=lambda step: f"{step.node} by {duration(step.delay_ns)}",
)
FULL_DISK = Kind(
    FullDisk,
    cost=6,
    draw=lambda drawn: (FullDisk(after_ns=drawn.after_ns, node=drawn.node()),),
    words=lambda step: step.node,
)
CORRUPT_DISK = Kind(
    CorruptDisk,
    cost=6,
    draw=lambda drawn: (CorruptDisk(after_ns=drawn.after_ns, node=drawn.node()),),
    words=lambda step: step.node,
)
SKEW_CLOCK = Kind(
    SkewClock,
    cost=6,
    draw=_skews,
    words=_skew_in_words,
    details=lambda step: abs(step.drift_ppm),
)
