"""Narrated scenarios of Raft for `rts demo`."""

from __future__ import annotations

from collections.abc import Callable

from rts.raft.demos.leader_election import leader_election

__all__ = ["DEMOS"]

DEMOS: dict[str, Callable[[Callable[[str], None]], None]] = {"leader_election": leader_election}
"""Name → the scenario."""
