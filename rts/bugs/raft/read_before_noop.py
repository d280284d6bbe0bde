"""A leader answers reads before an entry of its own term is committed.

It may not know yet of all that was acknowledged in earlier terms. Seen in redisraft (#22). Breaks
`linearizable`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.raft.node import RaftCore


class ReadBeforeNoop(RaftCore):
    """Trusts the commit index that it brought along."""

    def may_answer_reads(self) -> bool:
        """Wrong: more may be committed than this node knows."""
        return True


BUG = Bug(
    name="read-before-noop",
    breaks="linearizable",
    description="reads are answered before an entry of the term is committed",
    seen_in="redisraft #22",
    replica=ReadBeforeNoop,
)
