"""Changes of the members, one voter more or one less at a time (thesis, §4.1)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from rts.core.raft.messages import ChangeMembers


class AddVoter(msgspec.Struct, frozen=True):
    """`node_id` votes, once it has caught up as a learner."""

    node_id: str


class AddLearner(msgspec.Struct, frozen=True):
    """`node_id` follows without a vote."""

    node_id: str


class Remove(msgspec.Struct, frozen=True):
    """`node_id` is no member any more."""

    node_id: str


Change: TypeAlias = AddVoter | AddLearner | Remove


def as_message(change: Change) -> ChangeMembers:
    """What the leader is told. Raises `TypeError` for what is no change."""
    match change:
        case AddVoter(node_id):
            return ChangeMembers(0, "add", node_id)
        case AddLearner(node_id):
            return ChangeMembers(0, "add-learner", node_id)
        case Remove(node_id):
            return ChangeMembers(0, "remove", node_id)
    raise TypeError(f"a change is AddVoter, AddLearner or Remove, not {change!r}")
