"""Errors, by whose fault they are."""

from __future__ import annotations


class RtsError(Exception):
    """Every error that this package raises on purpose."""


class Refused(RtsError):
    """The operation was certainly not applied (recorded as `fail`)."""


class NotLeader(Refused):
    """The node that was asked does not lead; `leader` is the one it knows of, if any."""

    def __init__(self, message: str, *, leader: str | None = None) -> None:
        super().__init__(message)
        self.leader = leader


class CompareFailed(Refused):
    """A compare-and-set found another value than it expected."""


class NotFresh(Refused):
    """No replica could show that it is fresh enough for the read that was asked for."""


class PromotionRefused(Refused):
    """The candidate may lack acknowledged writes, or the epoch was used before."""


class OutcomeUnknown(RtsError):
    """The operation may or may not take effect (recorded as `info`): it timed out, or its connection was
    lost."""


class InvariantBroken(RtsError):
    """A store's own state contradicts itself: the node stops loudly rather than go on."""


class DiskFailed(RtsError):
    """A disk did not take what it was given: nothing is known of what is on it, so the node stops (never
    retries)."""


class ScheduleError(RtsError):
    """A schedule that the system cannot run; the message names the field."""
