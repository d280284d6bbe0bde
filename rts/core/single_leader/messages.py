"""What the nodes of a single-leader store and their clients say to each other.

Epoch and log position travel in every message between nodes: a node never acts on one without knowing which
leader's it is.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from rts.core.single_leader.log import Entry, Snapshot
from rts.ids import Lsn, Member


class Message(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The base of all messages."""


# --- replication --------------------------------------------------------------------------------------------


class Append(Message, frozen=True):
    """From a leader: the entries after `previous`, and the last index known to be acknowledged.

    `asks`: the follower is to answer even if nothing is new to it. `forced` is the newest epoch in the
    leader's log that was forced.
    """

    epoch: int
    previous: Lsn
    entries: tuple[Entry, ...]
    committed: int
    asks: bool = False
    forced: int = 0


class Appended(Message, frozen=True):
    """From a follower: its log equals the leader's up to `index`, durably, on the disk `disk`."""

    epoch: int
    index: int
    disk: int


class AppendRejected(Message, frozen=True):
    """From a follower: it has no such previous entry; the leader may try again after index `hint`."""

    epoch: int
    hint: int
    disk: int


class InstallSnapshot(Message, frozen=True):
    """From a leader to a follower whose next entry was compacted away."""

    epoch: int
    snapshot: Snapshot
    committed: int


class Fenced(Message, frozen=True):
    """The sender has promised itself to the higher `epoch`; `leader` is the one it knows there."""

    epoch: int
    leader: str | None


# --- confirmation that a leader still leads -----------------------------------------------------------------


class Confirm(Message, frozen=True):
    """From a leader: is this epoch still yours? `round` counts the leader's questions."""

    epoch: int
    round: int
    committed: int


class Confirmed(Message, frozen=True):
    """From a member: yes, as of this `round`."""

    epoch: int
    round: int
    disk: int


class AskPosition(Message, frozen=True):
    """From a follower: which position is acknowledged, now that you have been asked? `round` is the
    asker's."""

    epoch: int
    round: int


class Position(Message, frozen=True):
    """From a leader that confirmed its epoch after it was asked: `committed` covers all that was acknowledged
    before."""

    epoch: int
    round: int
    committed: Lsn


# --- promotion ----------------------------------------------------------------------------------------------


class PromoteCommand(Message, frozen=True):
    """From the operator: lead `epoch`, a number never used before; `destroyed` members will not come back."""

    epoch: int
    forced: bool
    destroyed: tuple[Member, ...]


class AskPromise(Message, frozen=True):
    """From a candidate: promise yourself to `epoch`."""

    epoch: int


class Promise(Message, frozen=True):
    """From a member: promised, durably; its log ends at `last`."""

    epoch: int
    last: Lsn
    disk: int


# --- clients ------------------------------------------------------------------------------------------------


class WriteRequest(Message, frozen=True):
    """A client's write, meant for the leader of `epoch`; `request` counts a client's requests.

    `at_least`: a position that must be in the leader's log (writes-follow-reads and monotonic-writes, asked
    for one by one).
    """

    epoch: int
    request: int
    operation: Literal["write", "delete", "cas"]
    key: str
    value: Any = None
    expected: Any = None
    at_least: Lsn | None = None


class ReadRequest(Message, frozen=True):
    """A client's read of `keys`, or of all keys that start with `prefix`, at one position of one replica.

    `consistency`: `local` (what this replica has), `leader` (the leader confirms its epoch first) or `fresh`
    (at most `bound_ns` or `bound_entries` behind). `at_least` is a session token: a replica behind it
    refuses, waits or forwards, as `behind` says.
    """

    request: int
    keys: tuple[str, ...]
    prefix: str | None = None
    consistency: Literal["local", "leader", "fresh"] = "local"
    at_least: Lsn | None = None
    behind: Literal["refuse", "wait", "forward"] = "refuse"
    bound_ns: int = 0
    bound_entries: int = 0
    client: str | None = None


class WriteDone(Message, frozen=True):
    """The write is acknowledged under the policy, at `position`."""

    request: int
    epoch: int
    position: Lsn


class Item(Message, frozen=True):
    """A key's value, and the position of the write it came from (none: nobody's)."""

    key: str
    value: Any
    version: Lsn | None


class ReadDone(Message, frozen=True):
    """The values, all as of `position`, from a replica that leads or not."""

    request: int
    epoch: int
    items: tuple[Item, ...]
    position: Lsn
    leads: bool


class Refusal(Message, frozen=True):
    """Certainly not done. `leader` and `epoch` say where the replica thinks it could be."""

    request: int
    reason: Literal["not-leader", "behind", "not-fresh", "compare-failed"]
    epoch: int
    leader: str | None
    position: Lsn


class Unknown(Message, frozen=True):
    """The outcome is not known and will not be: the leader stopped leading, or gave up waiting."""

    request: int
    epoch: int


class Repoint(Message, frozen=True):
    """From the operator to clients: `leader` leads `epoch`."""

    epoch: int
    leader: str


Answer: TypeAlias = WriteDone | ReadDone | Refusal | Unknown
