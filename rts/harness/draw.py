"""The Hypothesis strategy that draws schedules.

A schedule is one draw of a fixed number of bytes, decoded by `rts.harness.decode`. One draw, for three
reasons that were measured: it takes half the time of one draw a step; Hypothesis mutates what consists of
parts, and then spends five of six examples on copies of the same header; and it takes no constants from the
modules that happen to be loaded as long as what is drawn is longer than 50 bytes, so what a seed finds does
not depend on what else was imported.
"""

from __future__ import annotations

from hypothesis import strategies
from hypothesis.strategies import SearchStrategy

from rts.harness.decode import decode
from rts.harness.drawing import STEP_SIZE
from rts.harness.system import Configuration
from rts.harness.theme import header_size
from rts.schedule import Schedule

LONGEST_MINED_CONSTANT = 50


def schedules(
    system_name: str, configuration: Configuration, *, steps: int | None = None
) -> SearchStrategy[Schedule]:
    """Schedules of at most `steps` steps (default: the profile's) for one configuration of a system.

    They stay inside the configuration's fault budget, and so does what Hypothesis shrinks them to.
    """
    size = drawn_size(configuration, steps)

    def decoded(drawn: bytes) -> Schedule:
        return decode_drawn(drawn, system_name, configuration, steps)

    return strategies.binary(min_size=size, max_size=size).map(decoded)


def drawn_size(configuration: Configuration, steps: int | None) -> int:
    """How many bytes are drawn for a schedule."""
    count = configuration.profile.steps if steps is None else steps
    return max(header_size(configuration.profile) + count * STEP_SIZE, LONGEST_MINED_CONSTANT + 1)


def decode_drawn(drawn: bytes, system_name: str, configuration: Configuration, steps: int | None) -> Schedule:
    """The schedule that a draw of `drawn_size` bytes stands for."""
    count = configuration.profile.steps if steps is None else steps
    start = header_size(configuration.profile)
    parts = [drawn[start + number * STEP_SIZE : start + (number + 1) * STEP_SIZE] for number in range(count)]
    return decode(drawn[:start], parts, configuration, system=system_name)
