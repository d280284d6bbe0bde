"""Guidance for a search: schedules that came closer to trouble, or went where none had been, are varied.

A run says how close it came (`scores`) and which rare states it reached (`states`). The guide keeps the drawn
bytes of the best run for each score and of a run for each combination of states, and mixes new bytes into one
of them, in the manner of coverage-guided fuzzing (Zalewski's AFL). It knows names and numbers, never a
sequence of steps. It draws nothing itself: what is mixed and how is decided by drawn bytes, so one seed gives
one search.
"""

from __future__ import annotations

from rts.harness.drawing import STEP_SIZE
from rts.runs import Run

CONTROL_SIZE = 8
MOST_COMBINATIONS = 64

_FRESH_SHARE = 96  # of 256
_BEST_SCORE_SHARE = 128  # of 256

_Niche = tuple[float, bytes]


class Guide:
    """The bytes worth varying, for draws of one size: a header of `header_size` bytes, then the steps."""

    def __init__(self, header_size: int, steps: int) -> None:
        self._header_size = header_size
        self._steps = steps
        self._best: dict[str, _Niche] = {}
        self._reached: dict[tuple[str, ...], bytes] = {}

    def mix(self, drawn: bytes, control: bytes) -> bytes:
        """The bytes to run: those drawn, or a kept schedule with some of them mixed in.

        `control` has `CONTROL_SIZE` bytes and decides.
        """
        kept = self._chosen(control)
        if kept is None:
            return drawn
        split, steps = self._header_size, self._steps
        header = drawn[:split] if control[3] >= 224 else kept[:split]
        old, new = kept[split:], drawn[split:]
        start = control[4] * steps >> 8
        count = 1 + (control[5] * control[5] * steps >> 17)
        fresh = new[start * STEP_SIZE : (start + count) * STEP_SIZE]
        before, after = old[: start * STEP_SIZE], old[start * STEP_SIZE :]
        match control[6] >> 6:
            case 0 | 1:  # in the place of steps
                body = before + fresh + after[count * STEP_SIZE :]
            case 2:  # between steps: the last ones fall off the end
                body = before + fresh + after
            case _:  # before a tail of fresh ones
                body = before + new[start * STEP_SIZE :]
        return header + body[: steps * STEP_SIZE] + drawn[split + steps * STEP_SIZE :]

    def learn(self, mixed: bytes, run: Run) -> None:
        """Keep the bytes of a run that came as close as any before it, or reached a new combination of
        states."""
        for name, score in run.scores.items():
            if score > 0 and (name not in self._best or score >= self._best[name][0]):
                self._best[name] = (score, mixed)
        reached = tuple(sorted(name for name, count in run.states.items() if count))
        if reached and (reached in self._reached or len(self._reached) < MOST_COMBINATIONS):
            self._reached[reached] = mixed

    def _chosen(self, control: bytes) -> bytes | None:
        if control[0] < _FRESH_SHARE:
            return None
        best = [kept for _, kept in self._best.values()]
        reached = list(self._reached.values())
        pool = best if best and (not reached or control[1] < _BEST_SCORE_SHARE) else reached
        return pool[control[2] * len(pool) >> 8] if pool else None
