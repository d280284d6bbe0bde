"""What a search may take: configurations looked at, configurations held at one time, and time."""

from __future__ import annotations

from time import perf_counter

_EACH = 64
"""Configurations between two looks at the clock."""


class Meter:
    """Counts the configurations that a search looks at, and says when it has to stop.

    `most` bounds their number, `held` the number of those held at one time, `deadline` is a time of
    `perf_counter`; None leaves it open.
    """

    def __init__(
        self, *, most: int | None = None, held: int | None = None, deadline: float | None = None
    ) -> None:
        self.count = 0
        self.pause = 0
        """The count at which to ask `is_spent` again."""
        self.crowded = False
        """Whether it was for their number that the search had to stop, and not for the time."""
        self._most, self._held, self._deadline = most, held, deadline

    def is_spent(self, held: int) -> bool:
        """Return whether to stop, where so many configurations are held."""
        self.pause = self.count + _EACH
        if self._most is not None:
            self.pause = min(self.pause, self._most + 1)
        many = self._most is not None and self.count > self._most
        if many or (self._held is not None and held > self._held):
            self.crowded = True
        return self.crowded or (self._deadline is not None and perf_counter() > self._deadline)
