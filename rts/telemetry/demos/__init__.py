"""Narrated scenarios for `rts demo`: each shows what one read mode or policy breaks, and what another keeps.

A scenario is given a function that takes one line of text. It runs in virtual time, and its lines are the
same every time.
"""

from __future__ import annotations

from collections.abc import Callable

from rts.telemetry.demos.consistent_prefix import consistent_prefix
from rts.telemetry.demos.monotonic_reads import monotonic_reads
from rts.telemetry.demos.partition_durability import partition_durability
from rts.telemetry.demos.read_after_write import read_after_write

__all__ = ["DEMOS"]

DEMOS: dict[str, Callable[[Callable[[str], None]], None]] = {
    "read_after_write": read_after_write,
    "monotonic_reads": monotonic_reads,
    "consistent_prefix": consistent_prefix,
    "partition_durability": partition_durability,
}
"""Name → the scenario."""
