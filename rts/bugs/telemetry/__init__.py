"""The telemetry store's seeded bugs, S1 to S18: each a replica or a client session that breaks one rule."""

from __future__ import annotations

NUMBERS: dict[str, str] = {
    "S1": "ack-before-sync-persist",
    "S2": "sync-timeout-acks",
    "S3": "visible-before-replicated",
    "S4": "promote-stale",
    "S5": "no-fencing",
    "S6": "keep-divergent-tail",
    "S7": "truncate-to-own-mark",
    "S8": "accept-gaps",
    "S9": "accept-old-epoch",
    "S10": "promotion-offset",
    "S11": "token-not-updated",
    "S12": "token-not-sent",
    "S13": "token-lost-at-failover",
    "S14": "minority-ack-rolled-back",
    "S15": "stale-cached-position",
    "S16": "duplicate-applied",
    "S17": "delete-dropped",
    "S18": "commit-order-differs",
}
"""Number → name."""
