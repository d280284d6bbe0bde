"""A transport to which all messages are alike."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rts.core.raft.messages import (
    AppendEntries,
    FromNode,
    InstallSnapshot,
    PreVote,
    ReadIndex,
    RequestVote,
    TimeoutNow,
)
from rts.raft.transport.protocol import Answer


class UniformTransport(ABC):
    """See `rts.raft.transport.protocol.Transport`; every kind of message goes through `send`."""

    @abstractmethod
    def send(self, to: str, message: FromNode) -> None:
        """Send any message, or lose it."""

    def pre_vote(self, to: str, message: PreVote) -> None:
        """See `Transport`."""
        self.send(to, message)

    def request_vote(self, to: str, message: RequestVote) -> None:
        """See `Transport`."""
        self.send(to, message)

    def append_entries(self, to: str, message: AppendEntries) -> None:
        """See `Transport`."""
        self.send(to, message)

    def install_snapshot(self, to: str, message: InstallSnapshot) -> None:
        """See `Transport`."""
        self.send(to, message)

    def timeout_now(self, to: str, message: TimeoutNow) -> None:
        """See `Transport`."""
        self.send(to, message)

    def read_index(self, to: str, message: ReadIndex) -> None:
        """See `Transport`."""
        self.send(to, message)

    def reply(self, to: str, message: Answer) -> None:
        """See `Transport`."""
        self.send(to, message)
