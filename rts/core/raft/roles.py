"""The roles of a node and what leads from one to another (Raft, figure 4; thesis, §9.6 for the pre-vote).

The table is the protocol's state diagram: the node takes no other way, and the diagram in the documentation
is drawn from it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Role: TypeAlias = Literal["follower", "pre-candidate", "candidate", "leader"]

Cause: TypeAlias = Literal[
    "election time-out",
    "majority of pre-votes",
    "majority of votes",
    "told to campaign",
    "higher term",
    "leader of the term",
    "quorum lost",
    "removed",
]

TRANSITIONS: dict[tuple[Role, Cause], Role] = {
    ("follower", "election time-out"): "pre-candidate",
    ("follower", "told to campaign"): "candidate",
    ("follower", "higher term"): "follower",
    ("pre-candidate", "election time-out"): "pre-candidate",
    ("pre-candidate", "majority of pre-votes"): "candidate",
    ("pre-candidate", "told to campaign"): "candidate",
    ("pre-candidate", "higher term"): "follower",
    ("pre-candidate", "leader of the term"): "follower",
    ("candidate", "election time-out"): "pre-candidate",
    ("candidate", "majority of votes"): "leader",
    ("candidate", "higher term"): "follower",
    ("candidate", "leader of the term"): "follower",
    ("leader", "higher term"): "follower",
    ("leader", "quorum lost"): "follower",
    ("leader", "removed"): "follower",
}
"""(role, cause) → the role after it."""
