"""The settings of a single-leader cluster, as a schedule carries them."""

from __future__ import annotations

from typing import Literal

import msgspec

from rts.schedule import MICROSECOND, MILLISECOND, SECOND


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a cluster replicates and how its clients read. Times in nanoseconds.

    `policy`: `sync` (a write waits for every follower in `synchronous`), `quorum` (for `quorum` of `members`,
    leader counted) or `none`. `heartbeat_ns` is the period of heartbeats and of retransmission.
    `compact_after`: entries applied before a log is compacted (0: never). `wait_timeout_ns`: how long a write
    waits for its acknowledgements before the client hears that the outcome is unknown. `confirm`: one round
    of confirmation for each `leader` read, or for a batch of them.

    Readers: `needs` are the guarantees that session-consistent operations ask for where they name none
    themselves (none: all); `fallback` of session-consistent reads where a follower is behind; where session
    `tokens` are kept; `window_ns` of leader-window; `bound_ns` or `bound_entries` of bounded-staleness and
    what happens when no replica is fresh; `attempt_ns` until another replica is tried and `timeout_ns` until
    a client gives an operation up.
    """

    policy: Literal["sync", "quorum", "none"] = "sync"
    synchronous: tuple[str, ...] = ("n1",)
    members: tuple[str, ...] = ("n0", "n1", "n2")
    quorum: int = 2
    heartbeat_ns: int = 500 * MILLISECOND
    wait_timeout_ns: int = 10 * SECOND
    disk_sync_ns: int = 100 * MICROSECOND
    compact_after: int = 0
    confirm: Literal["batch", "each"] = "batch"
    needs: tuple[str, ...] = ()
    fallback: Literal["leader", "wait", "forward"] = "leader"
    tokens: Literal["client", "server", "user"] = "client"
    window_ns: int = 200 * MILLISECOND
    bound_ns: int = SECOND
    bound_entries: int = 0
    none_fresh: Literal["error", "leader"] = "error"
    attempt_ns: int = 300 * MILLISECOND
    timeout_ns: int = 2 * SECOND
    settle_ns: int = 20 * SECOND
