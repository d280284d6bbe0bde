"""Exit statuses: the same for every command that judges."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command's exit status says."""

    HOLDS = 0
    VIOLATED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    INTERNAL = 4
    NOTHING = 5
    INTERRUPTED = 130


_PRECEDENCE = (
    ExitStatus.INTERRUPTED,
    ExitStatus.INTERNAL,
    ExitStatus.USAGE,
    ExitStatus.VIOLATED,
    ExitStatus.INCONCLUSIVE,
    ExitStatus.NOTHING,
    ExitStatus.HOLDS,
)


def combined(statuses: Iterable[int]) -> ExitStatus:
    """The status of a command that handled several files; of none, that there was nothing to do."""
    seen = set(statuses)
    return next((status for status in _PRECEDENCE if status in seen), ExitStatus.NOTHING)
