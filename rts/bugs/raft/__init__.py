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
    "R8": "commit-old-term",
    "R9": "stale-append-truncates",
    "R10": "commit-beyond-match",
    "R11": "commit-regresses",
    "R12": "match-regresses",
    "R13": "nack-advances",
    "R14": "ack-whole-log",
    "R15": "first-entry-unchecked",
    "R16": "snapshot-overwrites-term",
    "R17": "snapshot-keeps-old-log",
    "R18": "empty-append-for-snapshot",
    "R19": "quorum-over-union",
    "R20": "change-before-commit",
    "R21": "removed-rejoins-wiped",
    "R22": "removed-leader-counts-itself",
    "R23": "local-read",
    "R24": "read-before-noop",
    "R25": "read-index-race",
    "R26": "lease-clock-jump",
    "R27": "serve-before-replay",
    "R28": "append-ack-aba",
    "R29": "count-self-before-fsync",
    "R30": "no-prevote",
    "R31": "commit-scan-stops",
    "R32": "apply-before-commit",
}
"""Number → name."""
