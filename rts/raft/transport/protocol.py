"""What a node needs of the network between nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias, get_args

import trio

from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    AppendRejected,
    FromNode,
    InstallSnapshot,
    PreVote,
    PreVoted,
    ReadIndex,
    ReadIndexed,
    RequestVote,
    SnapshotReceived,
    TimeoutNow,
    Voted,
)

Answer: TypeAlias = PreVoted | Voted | Appended | AppendRejected | SnapshotReceived | ReadIndexed
"""What nodes reply."""

Deliver: TypeAlias = Callable[[str, FromNode], None]
"""Takes in a message: who sent it, and what it says."""


class Transport(Protocol):
    """One node's way to the others. Messages may be lost, repeated and overtaken, but not altered.

    All but `run` return at once and never wait: what cannot be sent soon is lost. An answer is a message like
    any other; who sends a request does not wait for it.
    """

    def pre_vote(self, to: str, message: PreVote) -> None:
        """Ask whether `to` would vote for this node."""

    def request_vote(self, to: str, message: RequestVote) -> None:
        """Ask `to` for its vote."""

    def append_entries(self, to: str, message: AppendEntries) -> None:
        """Send entries, or a heartbeat."""

    def install_snapshot(self, to: str, message: InstallSnapshot) -> None:
        """Send a piece of a snapshot."""

    def timeout_now(self, to: str, message: TimeoutNow) -> None:
        """Tell `to` to campaign at once."""

    def read_index(self, to: str, message: ReadIndex) -> None:
        """Ask the leader `to` how far a read must see."""

    def reply(self, to: str, message: Answer) -> None:
        """Answer one of these."""

    async def run(
        self, deliver: Deliver, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Carry messages until cancelled; `deliver` is called, from this task, with each one that arrives."""


def ways(transport: Transport) -> dict[type[Any], Callable[[str, Any], None]]:
    """By the kind of a message, the method that sends it."""
    return {
        PreVote: transport.pre_vote,
        RequestVote: transport.request_vote,
        AppendEntries: transport.append_entries,
        InstallSnapshot: transport.install_snapshot,
        TimeoutNow: transport.timeout_now,
        ReadIndex: transport.read_index,
        **dict.fromkeys(get_args(Answer), transport.reply),
    }
