"""Trio's scheduler made deterministic: the only place that touches Trio's private names.

Trio shuffles the tasks that are ready by a random generator of its own, and has no public way to seed it. A
contract test (tests/runtime/test_scheduling.py) fails where a new version of Trio renames what is used here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import trio._core._run as trio_run

ALLOWED = "_ALLOW_DETERMINISTIC_SCHEDULING"
GENERATOR = "_r"


@contextmanager
def deterministic(seed: int) -> Iterator[None]:
    """Inside, `trio.run` schedules tasks as `seed` says; afterwards all is as it was."""
    names = vars(trio_run)
    before = {name: names[name] for name in (ALLOWED, GENERATOR)}
    names.update({ALLOWED: True, GENERATOR: random.Random(seed)})
    try:
        yield
    finally:
        names.update(before)
