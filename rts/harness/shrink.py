"""Shrinking: from a schedule that fails to the smallest one that can be reached and still fails.

Delta debugging (Zeller and Hildebrandt, 2002) on the schedule as data, then simplification of what is left.
Every accepted candidate is simpler by `rts.harness.measure`, nothing is tried twice, and nothing is random:
the same schedule and the same verdicts give the same result. docs/decisions/0001-shrinking.md says why
Hypothesis' own shrinker is not used here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from rts.harness.measure import measure
from rts.harness.profile import Profile
from rts.harness.simplify import (
    plainer,
    renamings,
    simpler_steps,
    with_fewer_nodes,
    with_followers_swapped,
    with_lag_instead,
    with_steps,
    without,
)
from rts.schedule import AnyStep, Schedule, dumps

MOST_SIMULATIONS = 1_000
_MOST_STEPS_FOR_PAIRS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """The smallest schedule reached, by how many simulations, and whether nothing smaller was left to try."""

    schedule: Schedule
    simulations: int
    complete: bool


class _OutOfBudget(Exception):
    """No simulation is left."""


def shrink(
    schedule: Schedule,
    still_fails: Callable[[Schedule], bool],
    *,
    profile: Profile,
    most_simulations: int = MOST_SIMULATIONS,
) -> Shrunk:
    """The smallest schedule, by `rts.harness.measure`, that can be reached from `schedule` and still fails.

    `still_fails` is called at most `most_simulations` times. Raises `ValueError` if `schedule` does not fail.
    """
    search = _Search(schedule, still_fails, profile, most_simulations)
    if not search.fails(schedule):
        raise ValueError("the schedule to shrink does not fail")
    try:
        search.run()
    except _OutOfBudget:
        return Shrunk(schedule=search.best, simulations=search.simulations, complete=False)
    return Shrunk(schedule=search.best, simulations=search.simulations, complete=True)


class _Search:
    """The best schedule so far, and the passes that look for a better one."""

    def __init__(
        self,
        schedule: Schedule,
        still_fails: Callable[[Schedule], bool],
        profile: Profile,
        most_simulations: int,
    ) -> None:
        self.best = schedule
        self.simulations = 0
        self._still_fails = still_fails
        self._profile = profile
        self._most_simulations = most_simulations
        self._size = measure(schedule, profile)
        self._tried: set[bytes] = set()

    def fails(self, schedule: Schedule) -> bool:
        if self.simulations >= self._most_simulations:
            raise _OutOfBudget
        self.simulations += 1
        return self._still_fails(schedule)

    def try_(self, candidate: Schedule) -> bool:
        """Make `candidate` the best schedule if it is simpler and still fails."""
        size = measure(candidate, self._profile)
        if size >= self._size:
            return False
        encoded = dumps(candidate)
        if encoded in self._tried:
            return False
        self._tried.add(encoded)
        if not self.fails(candidate):
            return False
        self.best, self._size = candidate, size
        return True

    def run(self) -> None:
        """All passes, until none of them finds anything."""
        while True:
            before = self._size
            self.drop_chunks()
            self.first_of(lambda: plainer(self.best, self._profile))
            self.simplify_steps()
            self.first_of(lambda: renamings(self.best))
            self.first_of(self._swaps)
            if self._size == before:
                self.first_of(self._with_pause_for_step)
                self.first_of(self._without_pairs)
                self.first_of(lambda: with_lag_instead(self.best, self._profile))
                self.first_of(lambda: with_fewer_nodes(self.best))
                if self._size == before:
                    return

    def first_of(self, candidates: Callable[[], Iterator[Schedule]]) -> None:
        """Take the first candidate that is better, and ask for new ones, until there is none."""
        while any(map(self.try_, candidates())):
            pass

    def drop_chunks(self) -> None:
        """Drop runs of steps, the longest first, from the end: what comes last is the least likely cause."""
        length = max(1, len(self.best.steps) // 2)
        while length:
            end = len(self.best.steps)
            while end > 0:
                start = max(0, end - length)
                chunk = range(start, end)
                for keep_times in (True, False):
                    if self.try_(without(self.best, chunk.__contains__, keep_times=keep_times)):
                        break
                end = start
            length //= 2

    def simplify_steps(self) -> None:
        """Put the simplest possible step in each place."""
        for place in range(len(self.best.steps)):
            self.first_of(lambda place=place: self._simpler_at(place))  # type: ignore[misc]  # a bound default

    def _simpler_at(self, place: int) -> Iterator[Schedule]:
        steps = self.best.steps
        for step in simpler_steps(steps[place], self.best, self._profile):
            yield with_steps(self.best, (*steps[:place], step, *steps[place + 1 :]))

    def _swaps(self) -> Iterator[Schedule]:
        """Neighbours in each other's place, with the pause that belongs to the step or to the place."""
        steps = self.best.steps
        for place in range(len(steps) - 1):
            first, second = steps[place], steps[place + 1]
            for early, late in (
                (_at(second, first.after_ns), _at(first, second.after_ns)),
                (second, first),
            ):
                yield with_steps(self.best, (*steps[:place], early, late, *steps[place + 2 :]))

    def _with_pause_for_step(self) -> Iterator[Schedule]:
        """A pause before the next step in the place of a step that did nothing but take time.

        Perhaps with two followers in each other's place: neither change alone may be enough.
        """
        steps = self.best.steps
        if len(steps) > _MOST_STEPS_FOR_PAIRS:
            return
        for place in range(len(steps) - 1):
            fewer = [self._paused(place, pause_ns) for pause_ns in self._pauses_ns(steps[place + 1].after_ns)]
            yield from fewer
            for schedule in fewer:
                yield from with_followers_swapped(schedule)

    def _pauses_ns(self, at_least_ns: int) -> list[int]:
        """The pauses worth trying where there is one of `at_least_ns` already: just over what is drawn."""
        pauses_ns = sorted({2 * delay_ns for delay_ns in self._profile.delays_ns})
        return [at_least_ns, *(pause_ns for pause_ns in pauses_ns if pause_ns > at_least_ns)]

    def _paused(self, place: int, pause_ns: int) -> Schedule:
        """The best schedule without the step at `place`, and with this pause before the one after it."""
        steps = self.best.steps
        return with_steps(self.best, (*steps[:place], _at(steps[place + 1], pause_ns), *steps[place + 2 :]))

    def _without_pairs(self) -> Iterator[Schedule]:
        """Two steps fewer: a fault and its repair, which cannot go one by one."""
        count = len(self.best.steps)
        if count > _MOST_STEPS_FOR_PAIRS:
            return
        for first in range(count):
            for second in range(first + 1, count):
                yield without(self.best, (first, second).__contains__, keep_times=False)


def _at(step: AnyStep, after_ns: int) -> AnyStep:
    return msgspec.structs.replace(step, after_ns=after_ns)
