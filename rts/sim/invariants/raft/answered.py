"""What was answered was committed: when a client hears that its command is done, a majority of the voters has
it on disk (Raft, §5.3)."""

from __future__ import annotations

from collections.abc import Mapping

from rts.core.raft.log import Configuration
from rts.core.raft.quorum import majority
from rts.ids import Lsn, Member
from rts.sim.node import SimNode

NAME = "answered-was-committed"


def wrong_answer(nodes: Mapping[str, SimNode], answered_by: str, position: Lsn) -> str | None:
    """What is wrong with an answer that speaks of the entry at `position`, if anything is.

    The members are those of the entry, or the newest that the node knows that answered: a change that was
    appended since needs no majority of the new ones for what came before it.
    """
    core = nodes[answered_by].core
    if not core.voters:  # on a blank disk a node follows, and answers, without knowing who the founders are
        core = max((node.core for node in nodes.values() if node.core.voters), key=lambda core: core.term)
    then = core.log.configuration(min(position.index, core.log.last_index))[1]
    now = core.configuration
    holders = {member for member in {*then.voters, *now.voters} if _has(nodes, member, position)}
    if any(_is_majority(configuration, holders) for configuration in (then, now)):
        return None
    names = ", ".join(sorted(member.node for member in holders)) or "nobody"
    voters = ", ".join(member.node for member in now.voters)
    return f"{answered_by} answered for the entry at {position}; of {voters} it is on the disks of {names}"


def _is_majority(configuration: Configuration, holders: set[Member]) -> bool:
    voters = set(configuration.voters)
    return len(voters & holders) >= majority(len(voters))


def _has(nodes: Mapping[str, SimNode], member: Member, position: Lsn) -> bool:
    """Whether a member's disk holds the entry, or a snapshot that it went into, or may have before it was
    lost."""
    node = nodes[member.node]
    core = node.core
    if node.disk.identity != member.disk:
        return True
    if core is None or core.own != member:
        return False
    if position.index <= core.log.beginning.index:
        return True
    durable: bool = core.persisted >= position.index
    return durable and core.log.lsn_at(position.index) == position
