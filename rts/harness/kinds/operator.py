"""What the operator does: how promotions, changes and returns are drawn, told and weighed."""

from __future__ import annotations

from typing import Literal

from rts.harness.drawing import Drawing
from rts.harness.kinds.kind import Kind, listed
from rts.harness.theme import pick
from rts.schedule import ChangeMembers, Promote, Rejoin, TransferLeadership

_OLD_DRAWS: tuple[Literal["crash", "cut", "leave"], ...] = ("leave", "cut", "crash", "crash")
_OLD_IN_WORDS = {"crash": "the old leader crashed", "cut": "the old leader cut off alive", "leave": ""}
_OLD_COSTS = {"leave": 0, "cut": 1, "crash": 2}
_ACTIONS: dict[Literal["add", "add-learner", "remove"], str] = {
    "add": "add {}",
    "add-learner": "add {} as a learner",
    "remove": "remove {}",
}


def _promotions(drawn: Drawing) -> tuple[Promote, ...]:
    budget, members = drawn.scene.profile.budget, drawn.scene.members
    if not budget.promotions:
        return ()
    candidate = budget.promotions[drawn.where % len(budget.promotions)]
    if candidate == "member":
        candidate = members[drawn.who % len(members)]
    forced = budget.forced and drawn.more & 1 == 1
    old = _OLD_DRAWS[drawn.how % len(_OLD_DRAWS)]
    return tuple(
        Promote(after_ns=drawn.after_ns, candidate=candidate, old=fate, forced=forced)
        for fate in dict.fromkeys((old, "leave"))
    )


def _changes(drawn: Drawing) -> tuple[ChangeMembers]:
    action = tuple(_ACTIONS)[pick(drawn.how, (4, 1, 3))]
    if drawn.standing.voters.issuperset(drawn.scene.profile.nodes):
        action = "remove"
    node = drawn.voter() if action == "remove" else drawn.outsider()
    return (ChangeMembers(after_ns=drawn.after_ns, action=action, node=node),)


PROMOTE = Kind(
    Promote,
    cost=5,
    draw=_promotions,
    words=lambda step: listed(step.candidate, _OLD_IN_WORDS[step.old], "forced" if step.forced else ""),
    details=lambda step: (step.candidate != "best") + _OLD_COSTS[step.old] + 4 * step.forced,
)
CHANGE_MEMBERS = Kind(
    ChangeMembers,
    cost=5,
    draw=_changes,
    words=lambda step: _ACTIONS[step.action].format(step.node),
    details=lambda step: int(step.action == "add-learner"),
)
TRANSFER_LEADERSHIP = Kind(
    TransferLeadership,
    cost=5,
    draw=lambda drawn: (TransferLeadership(after_ns=drawn.after_ns, node=drawn.voter()),),
    words=lambda step: f"to {step.node}",
)
REJOIN = Kind(
    Rejoin,
    cost=5,
    draw=lambda drawn: (Rejoin(after_ns=drawn.after_ns, node=drawn.down_node()),),
    words=lambda step: step.node,
)
