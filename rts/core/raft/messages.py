"""What Raft's nodes and their clients say to each other.

Every message between nodes carries a term. A reply says which member gives it (the node and its disk): a node
that lost its disk is another member, and its word does not count for the one that it was.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from rts.core.raft.log import Configuration, Entry
from rts.ids import Lsn, Member


class Message(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The base of all messages."""


# --- elections ----------------------------------------------------------------------------------------------


class PreVote(Message, frozen=True):
    """Would you vote for me in `term`? Asking changes nothing (thesis, §9.6)."""

    term: int
    candidate: Member
    last: Lsn


class PreVoted(Message, frozen=True):
    """The answer: granted for `term`, or not, and then `term` is the one that the voter is in."""

    term: int
    voter: Member
    granted: bool


class RequestVote(Message, frozen=True):
    """Vote for me in `term`; my log ends at `last`. `transfer`: the leader asked me to (thesis, §4.2.3)."""

    term: int
    candidate: Member
    last: Lsn
    transfer: bool = False


class Voted(Message, frozen=True):
    """The answer, in the voter's term."""

    term: int
    voter: Member
    granted: bool


class TimeoutNow(Message, frozen=True):
    """From the leader of `term`: campaign at once (thesis, §3.10)."""

    term: int


# --- replication --------------------------------------------------------------------------------------------


class AppendEntries(Message, frozen=True):
    """From the leader of `term`: the entries after `previous` (none: a heartbeat), and the index up to which
    all is committed. `round` counts the leader's rounds of contact."""

    term: int
    previous: Lsn
    entries: tuple[Entry, ...]
    committed: int
    round: int


class Appended(Message, frozen=True):
    """The follower's log equals the leader's up to index `matched`, durably."""

    term: int
    follower: Member
    matched: int
    round: int


class AppendRejected(Message, frozen=True):
    """The follower has no such entry at index `previous`, or is in a higher term.

    `conflict` is its own term there and the first index of that term, or term 0 and the index after its last
    (Raft, §5.3, the optimisation). `round` is 0 in answer to an older term.
    """

    term: int
    follower: Member
    previous: int
    conflict: Lsn
    round: int


class InstallSnapshot(Message, frozen=True):
    """A piece of the snapshot of all up to `last`, from byte `offset` on; `done`: the last piece (Raft,
    §7)."""

    term: int
    last: Lsn
    configuration: Configuration
    offset: int
    data: bytes
    done: bool
    round: int


class SnapshotReceived(Message, frozen=True):
    """The follower has the snapshot of all up to index `last` below byte `offset`, and wants what follows.
    `round` is 0 in answer to an older term."""

    term: int
    follower: Member
    last: int
    offset: int
    round: int


# --- reads --------------------------------------------------------------------------------------------------


class ReadIndex(Message, frozen=True):
    """From a follower: how far must I have applied to answer the read `number`, which starts now? (thesis,
    §6.4)"""

    number: tuple[int, int]


class ReadIndexed(Message, frozen=True):
    """That far; or `None`: the one that was asked does not lead."""

    number: tuple[int, int]
    index: int | None


# --- clients ------------------------------------------------------------------------------------------------


class Submit(Message, frozen=True):
    """Do `command` once, however often it is sent. See `rts.core.raft.log.Apply`."""

    client: str
    request: int
    answered: int
    command: Any


class Submitted(Message, frozen=True):
    """It is committed at `position` (where it was done for the first time), with this result."""

    request: int
    position: Lsn
    result: Any


ReadMode: TypeAlias = Literal["leader", "read-index", "lease", "local"]


class Query(Message, frozen=True):
    """Read: through the leader's round of contact, through ReadIndex at any node, by the leader's lease, or
    what the node has."""

    request: int
    query: Any
    mode: ReadMode = "leader"


class Answered(Message, frozen=True):
    """The answer to a query, from the state as of `position`."""

    request: int
    position: Lsn
    result: Any
    leads: bool


class ChangeMembers(Message, frozen=True):
    """Add `node` as a voter (it catches up first) or as a learner, or remove it."""

    request: int
    action: Literal["add", "add-learner", "remove"]
    node: str


class Changed(Message, frozen=True):
    """The change is committed: the members from here on."""

    request: int
    position: Lsn
    configuration: Configuration


class TransferLeadership(Message, frozen=True):
    """Let the voter on `node` lead in this leader's place."""

    request: int
    node: str


class Transferred(Message, frozen=True):
    """The node that was asked leads no more, because a higher term began while it was handing over."""

    request: int
    term: int


Reason: TypeAlias = Literal[
    "not-leader",
    "transferring",
    "busy",
    "replaying",
    "change-under-way",
    "term-not-committed",
    "no-change",
    "last-voter",
    "not-a-voter",
    "silent",
    "too-slow",
    "timed-out",
]


class Refused(Message, frozen=True):
    """Certainly not done, and why; `leader` is the one that the node knows of, in `term`."""

    request: int
    reason: Reason
    term: int
    leader: str | None


class Unknown(Message, frozen=True):
    """The node stopped leading while the request was under way: it may or may not be done."""

    request: int
    term: int


FromNode: TypeAlias = (
    PreVote
    | PreVoted
    | RequestVote
    | Voted
    | TimeoutNow
    | AppendEntries
    | Appended
    | AppendRejected
    | InstallSnapshot
    | SnapshotReceived
    | ReadIndex
    | ReadIndexed
)
"""What nodes send to each other."""

ToClient: TypeAlias = Submitted | Answered | Changed | Transferred | Refused | Unknown
"""What nodes send to clients."""
