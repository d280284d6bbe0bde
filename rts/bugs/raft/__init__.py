"""Raft's seeded bugs, R1 to R32: each a node that breaks one rule."""

from __future__ import annotations

NUMBERS: dict[str, str] = {
    "R1": "vote-forgotten",
    "R2": "term-reset",
    "R3": "voter-counted-twice",
    "R4": "stale-term-accepted",
    "R5": "step-down-clears-vote",
    "R6": "leader-grants-vote",
    "R7": "no-up-to-date-check",
    "R9": "stale-append-truncates",
    "R10": "commit-beyond-match",
    "R11": "commit-regresses",
    "R12": "match-regresses",
    "R13": "nack-advances",
    "R14": "ack-whole-log",
    "R15": "first-entry-unchecked",
    "R16": "snapshot-overwrites-term",
}
"""Number → name."""
