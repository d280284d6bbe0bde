"""The settings of a Raft cluster, as a schedule carries them."""

from __future__ import annotations

from typing import Protocol

import msgspec

from rts.schedule import MICROSECOND, MILLISECOND, SECOND


class Chance(Protocol):
    """Where a node's randomness comes from (`random.Random` is one)."""

    def randrange(self, start: int, stop: int) -> int:
        """A whole number, at least `start` and below `stop`."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a cluster elects, replicates and compacts, and how its clients wait. Times in nanoseconds.

    `voters` and `learners` are the founding members; other nodes start outside and may be added.
    `heartbeat_ns` is the period of a leader's rounds; an election time-out is drawn between the two
    `election_ns`, and a leader without a majority for the longer one steps down. `drift_ppm` bounds how far
    two nodes' monotonic clocks run apart: a lease is shorter by twice as much.

    `window`: appends under way to one follower; `batch`: entries in one append; `pending`: entries that a
    leader takes before they are committed, then it refuses; `chunk_bytes`: of a snapshot in one message.
    `compact_after`: entries applied before the log is compacted (0: never), of which the last `compact_keep`
    stay for followers that are a little behind. `catch_up_rounds`: how many rounds a new voter has to catch
    up (thesis, §4.2.1).

    Clients: `attempt_ns` until another node is tried, `timeout_ns` until an operation is given up.
    """

    voters: tuple[str, ...] = ("n0", "n1", "n2")
    learners: tuple[str, ...] = ()
    heartbeat_ns: int = 50 * MILLISECOND
    election_ns: tuple[int, int] = (150 * MILLISECOND, 300 * MILLISECOND)
    drift_ppm: int = 1000
    window: int = 16
    batch: int = 64
    pending: int = 10_000
    chunk_bytes: int = 65_536
    compact_after: int = 0
    compact_keep: int = 0
    catch_up_rounds: int = 10
    disk_sync_ns: int = 100 * MICROSECOND
    attempt_ns: int = 300 * MILLISECOND
    timeout_ns: int = 2 * SECOND
    settle_ns: int = 20 * SECOND

    @property
    def lease_ns(self) -> int:
        """How long after a round of contact was sent no other node can have been elected, by this clock."""
        return self.election_ns[0] * (1_000_000 - 2 * self.drift_ppm) // 1_000_000
