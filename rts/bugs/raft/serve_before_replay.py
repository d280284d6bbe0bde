"""A node that restarted answers local reads before its log is applied again.

It shows less than it has shown. Seen in etcd (#3879). Breaks `monotonic-reads`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class ServeBeforeReplay(RaftCore):
    """Answers from the first moment."""

    def serves_local_reads(self) -> bool:
        """Wrong: an earlier life may have shown more."""
        return True


BUG = Bug(
    name="serve-before-replay",
    breaks="monotonic-reads",
    description="local reads are answered before the log is applied again",
    seen_in="etcd #3879",
    replica=ServeBeforeReplay,
)
