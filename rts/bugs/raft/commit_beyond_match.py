"""A follower commits up to its last entry, not to the last that the message speaks of.

What it commits beyond may be left from a leader that was deposed. The leader has to ask with an earlier entry
than the first that differs, as Scylla's did (#9965), so this one probes with empty appends. Breaks
`state-machine-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.bugs.raft.empty_probes import EmptyProbes
from rts.core.raft.messages import AppendEntries


class CommitBeyondMatch(EmptyProbes):
    """Takes its whole log for the leader's."""

    def committed_here(self, message: AppendEntries) -> int:
        """Wrong: what follows the message's last entry may be no part of the leader's log."""
        return min(message.committed, self.log.last_index)


BUG = Bug(
    name="commit-beyond-match",
    breaks="state-machine-safety",
    description="the commit index is the lower of the leader's and the log's end",
    seen_in="scylla #9965",
    replica=CommitBeyondMatch,
)
