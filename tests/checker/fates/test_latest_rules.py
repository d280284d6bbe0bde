"""Lines of things against one look at each: near one another, and so far apart that they are renumbered."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from checker.fates.latest import Line

KEYS = 4
FAR = 2**59
APART = 2**57
"""Not so far, but no floating-point number tells such numbers from those beside them."""


@pytest.mark.parametrize("unit", [1, 1_000, APART, FAR])
@pytest.mark.parametrize("seed", range(4))
def test_the_latest_below_and_above_and_what_is_within(unit: int, seed: int) -> None:
    chance = Random(seed)
    things = [
        (chance.randrange(KEYS), chance.randint(-3, 3) * unit, chance.randint(1, 9)) for _ in range(12 * seed)
    ]
    asked = [
        (key, low * unit + off, high * unit)
        for key in range(KEYS)
        for low in range(-4, 5)
        for high in (low, low + 2)
        for off in (-1, 0, 1)
        if low * unit + off > -(2**62) and high * unit < 2**62
    ]
    key, number, rank = (np.array([thing[part] for thing in things], dtype=np.int64) for part in range(3))
    line = Line(key, number, rank, key_count=KEYS)
    of, first, last = (np.array([question[part] for question in asked], dtype=np.int64) for part in range(3))

    def best(which: int, key: int, bound: int) -> int:
        return max((r for k, n, r in things if k == key and which * n < which * bound), default=0)

    assert line.below(of, first).tolist() == [best(1, key, bound) for key, bound, _ in asked]
    assert line.above(of, first).tolist() == [best(-1, key, bound) for key, bound, _ in asked]
    pairs = line.within(of, first, last, most=10**6)
    assert pairs is not None
    wanted = {
        (row, thing)
        for row, (key, low, high) in enumerate(asked)
        for thing, (k, n, _) in enumerate(things)
        if k == key and low <= n <= high
    }
    assert len(pairs[0]) == len(wanted)
    assert set(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)) == wanted
    assert line.within(of, first, last, most=len(wanted)) is not None
    assert not wanted or line.within(of, first, last, most=len(wanted) - 1) is None


def test_many_things_are_put_in_line_by_their_digits() -> None:
    """With their rows the slots of key 1 take more than 31 bits, those of key 0 do not."""
    number = np.concatenate((np.arange(2_000) * 200, np.arange(100) * 4_000))
    key, rank = np.repeat([0, 1], [2_000, 100]), np.arange(1, 2_101)
    line = Line(key, number, rank, key_count=2)
    asked, bound = np.array([0, 0, 1, 1, 1]), np.array([400_000, 200, 400_000, 8_000, 0])
    assert line.below(asked, bound).tolist() == [2_000, 1, 2_100, 2_002, 0]
    assert line.above(asked, bound).tolist() == [0, 2_000, 0, 2_100, 2_100]
