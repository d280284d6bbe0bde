"""When a write is acknowledged, a leader confirmed and a candidate eligible: the arithmetic of the policies,
and nothing else.

                 members         a write waits for     a leader asks      a candidate needs
    sync         followers       all of them           all of them        to be one of them
    quorum W/N   all, leader in  W of N                W of N             N - W + 1 promises, the newest log
    none         nobody          the leader's disk     nobody             force

Any two of "those a write waited for" and "those a candidate heard" share a member; the same for "those a
leader asked". That is all the safety there is (Lamport, *Paxos Made Simple*, 2001; Howard et al., *Flexible
Paxos*, 2016, for sizes other than a majority).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from rts.ids import Member


class Policy(Protocol):
    """One way to acknowledge writes. Indices are log indices; `own` is the leader or candidate that asks."""

    def acknowledged(
        self, members: Collection[Member], own: Member, own_index: int, matched: Mapping[Member, int]
    ) -> int:
        """The highest index that enough members have on disk; `matched` lacks those that nothing is known
        of."""

    def confirmed(self, members: Collection[Member], own: Member, by: Collection[Member]) -> bool:
        """Whether the answers of `by` show that `own` still led when it asked them."""

    def eligible(self, members: Collection[Member], own: Member) -> bool:
        """Whether `own` may become leader, unforced, if the promises needed come in."""

    def promises_needed(self, members: Collection[Member]) -> int:
        """How many members, the candidate counted, must promise themselves to a new epoch."""

    def members_of_new_epoch(
        self, members: tuple[Member, ...], own: Member, destroyed: Collection[Member]
    ) -> tuple[Member, ...]:
        """The members that an epoch led by `own` starts with."""

    def wants_another(self, members: Collection[Member]) -> bool:
        """Whether a caught-up node is to be made a member before anything can be acknowledged."""

    def replaces_members(self) -> bool:
        """Whether a leader may replace a member that came back with another disk, within its epoch."""

    def changes_one_at_a_time(self) -> bool:
        """Whether a change must be acknowledged by the members before it, and before the next may start."""


class Synchronous:
    """A write waits for every member; the members are followers."""

    def acknowledged(
        self, members: Collection[Member], own: Member, own_index: int, matched: Mapping[Member, int]
    ) -> int:
        """See `Policy`; with no member yet, nothing is."""
        if not members:
            return 0
        return min(own_index, *[matched.get(member, 0) for member in members])

    def confirmed(self, members: Collection[Member], own: Member, by: Collection[Member]) -> bool:
        """See `Policy`."""
        return bool(members) and all(member in by for member in members)

    def eligible(self, members: Collection[Member], own: Member) -> bool:
        """A member has everything that was acknowledged while it was one."""
        return own in members

    def promises_needed(self, members: Collection[Member]) -> int:
        """Its own: no write is acknowledged, and no leader confirmed, without it."""
        return 1

    def members_of_new_epoch(
        self, members: tuple[Member, ...], own: Member, destroyed: Collection[Member]
    ) -> tuple[Member, ...]:
        """The old ones but the candidate and the destroyed."""
        return tuple(member for member in members if member != own and member not in destroyed)

    def wants_another(self, members: Collection[Member]) -> bool:
        """An epoch in which nobody but the leader has the data acknowledges nothing."""
        return not members

    def replaces_members(self) -> bool:
        """Never: the lost disk may have held a promise to a higher epoch, and nobody else need know of it."""
        return False

    def changes_one_at_a_time(self) -> bool:
        """The set only grows within an epoch, so that each holds the ones before."""
        return False


class Quorum:
    """A write waits for `size` members, the leader counted."""

    def __init__(self, size: int) -> None:
        self.size = size

    def acknowledged(
        self, members: Collection[Member], own: Member, own_index: int, matched: Mapping[Member, int]
    ) -> int:
        """See `Policy`: the `size`-th highest."""
        indices = sorted(
            (own_index if member == own else matched.get(member, 0) for member in members), reverse=True
        )
        return indices[self.size - 1] if len(indices) >= self.size else 0

    def confirmed(self, members: Collection[Member], own: Member, by: Collection[Member]) -> bool:
        """See `Policy`: the leader counts itself."""
        return sum(member == own or member in by for member in members) >= self.size

    def eligible(self, members: Collection[Member], own: Member) -> bool:
        """See `Policy`."""
        return own in members

    def promises_needed(self, members: Collection[Member]) -> int:
        """So many that every quorum of the old epoch has one of them."""
        return len(members) - self.size + 1

    def members_of_new_epoch(
        self, members: tuple[Member, ...], own: Member, destroyed: Collection[Member]
    ) -> tuple[Member, ...]:
        """The same: a lost one is replaced when it is readmitted."""
        return members

    def wants_another(self, members: Collection[Member]) -> bool:
        """Never: the members are fixed."""
        return False

    def replaces_members(self) -> bool:
        """Yes: enough of the other members must agree."""
        return True

    def changes_one_at_a_time(self) -> bool:
        """So that the quorums before and after a change meet (Ongaro, *Consensus*, 2014, §4.1)."""
        return True


class Unacknowledged:
    """A write waits for nobody but the leader's own disk."""

    def acknowledged(
        self, members: Collection[Member], own: Member, own_index: int, matched: Mapping[Member, int]
    ) -> int:
        """See `Policy`."""
        return own_index

    def confirmed(self, members: Collection[Member], own: Member, by: Collection[Member]) -> bool:
        """Nobody could say otherwise."""
        return True

    def eligible(self, members: Collection[Member], own: Member) -> bool:
        """Any other node may lack acknowledged writes."""
        return False

    def promises_needed(self, members: Collection[Member]) -> int:
        """See `Policy`."""
        return 1

    def members_of_new_epoch(
        self, members: tuple[Member, ...], own: Member, destroyed: Collection[Member]
    ) -> tuple[Member, ...]:
        """See `Policy`."""
        return ()

    def wants_another(self, members: Collection[Member]) -> bool:
        """See `Policy`."""
        return False

    def replaces_members(self) -> bool:
        """See `Policy`."""
        return False

    def changes_one_at_a_time(self) -> bool:
        """See `Policy`."""
        return False
