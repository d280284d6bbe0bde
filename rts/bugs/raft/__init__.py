"""Raft's seeded bugs, R1 to R32: each a node that breaks one rule."""

from __future__ import annotations

NUMBERS: dict[str, str] = {}
"""Number → name."""
