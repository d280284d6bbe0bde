"""Every kind of step: how it is drawn, how it is told, and how complicated it is."""

from __future__ import annotations

from typing import Any, Final

from rts.harness.kinds.kind import Kind
from rts.harness.kinds.links import DUPLICATE, HEAL, LAG, LOSS, PARTITION, REORDER
from rts.harness.kinds.machines import (
    CORRUPT_DISK,
    CRASH,
    FULL_DISK,
    PAUSE,
    RESTART,
    RESUME,
    SKEW_CLOCK,
    SLOW_DISK,
)
from rts.harness.kinds.operations import COMPARE_AND_SET, DELETE, READ, WRITE
from rts.harness.kinds.operator import CHANGE_MEMBERS, PROMOTE, REJOIN, TRANSFER_LEADERSHIP
from rts.schedule import AnyStep

KINDS: Final[tuple[Kind[Any], ...]] = (
    *(LAG, LOSS, DUPLICATE, REORDER, PARTITION, PAUSE, CRASH),
    *(SLOW_DISK, FULL_DISK, CORRUPT_DISK, SKEW_CLOCK, PROMOTE, CHANGE_MEMBERS, TRANSFER_LEADERSHIP),
    *(WRITE, DELETE, COMPARE_AND_SET, READ),
    *(RESTART, RESUME, REJOIN, HEAL),
)
"""In the order in which a schedule tells them best: what goes wrong, what clients do, what is mended."""

PLACES: Final = {kind.step: place for place, kind in enumerate(KINDS)}
_BY_STEP: Final = {kind.step: kind for kind in KINDS}
_BY_TAG: Final = {kind.tag: kind for kind in KINDS}


def kind_of(step: AnyStep) -> Kind[Any]:
    """The kind of a step."""
    return _BY_STEP[type(step)]


def kind_named(tag: str) -> Kind[Any]:
    """The kind that schedule files and profiles call `tag`."""
    return _BY_TAG[tag]
