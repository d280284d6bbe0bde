"""The fault budget: whether a schedule asks for more than its configuration claims to survive.

The reckoning is static: it reads the steps and runs nothing. Where it cannot know, it assumes the worst. A
promotion of `"best"` may have made any node the leader, or none (it was refused), so a later promotion that
crashes "the old leader" takes down one of several *suspects*: the outage counts until each of them was
started again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rts.harness.profile import Budget
from rts.harness.system import Configuration
from rts.schedule import (
    AnyStep,
    ChangeMembers,
    CorruptDisk,
    Crash,
    Heal,
    Pause,
    Promote,
    Rejoin,
    Restart,
    Resume,
    Schedule,
)

Cause = Literal["crash", "pause", "cut"]


@dataclass(frozen=True, slots=True)
class Outage:
    """One node is down, and it is one of `suspects`."""

    cause: Cause
    suspects: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of the cluster between two steps.

    `leaders` are the nodes that may lead, in the operator's eyes: a leader that crashed leads until another
    is promoted. `voters` are those that vote if every change of members succeeded.
    """

    nodes: tuple[str, ...]
    leaders: frozenset[str]
    voters: frozenset[str]
    outages: tuple[Outage, ...] = ()
    disks_lost: frozenset[str] = frozenset()

    @property
    def down(self) -> int:
        """How many nodes may be down at most."""
        known = {
            suspect for outage in self.outages if len(outage.suspects) == 1 for suspect in outage.suspects
        }
        return len(known) + sum(len(outage.suspects) > 1 for outage in self.outages)

    def is_down(self, node: str, cause: Cause) -> bool:
        """Whether `node` may be down for that cause."""
        return any(outage.cause == cause and node in outage.suspects for outage in self.outages)

    def after(self, step: AnyStep) -> Standing:
        """The standing once `step` has happened."""
        match step:
            case Crash(node=node, lose_disk=lose_disk):
                struck = self._with_outage("crash", frozenset((node,)))
                return replace(struck, disks_lost=self.disks_lost | {node}) if lose_disk else struck
            case CorruptDisk(node=node):
                return replace(self, disks_lost=self.disks_lost | {node})
            case Pause(node=node):
                return self._with_outage("pause", frozenset((node,)))
            case Restart(node=node):
                return self._cleared(node, ("crash",))
            case Resume(node=node):
                return self._cleared(node, ("pause",))
            case Rejoin(node=node):
                return self._cleared(node, ("crash", "pause", "cut"))
            case Heal():
                return replace(
                    self, outages=tuple(outage for outage in self.outages if outage.cause != "cut")
                )
            case Promote(candidate=candidate, old=old):
                struck = self if old == "leave" else self._with_outage(old, self.leaders)
                promoted = frozenset((candidate,)) if candidate in self.nodes else frozenset(self.nodes)
                return replace(struck, leaders=self.leaders | promoted)
            case ChangeMembers(action="add", node=node):
                return replace(self, voters=self.voters | {node})
            case ChangeMembers(action="remove", node=node):
                return replace(self, voters=self.voters - {node})
            case _:
                return self

    def _with_outage(self, cause: Cause, suspects: frozenset[str]) -> Standing:
        outage = Outage(cause, suspects)
        if len(suspects) == 1 and outage in self.outages:
            return self
        return replace(self, outages=(*self.outages, outage))

    def _cleared(self, node: str, causes: tuple[Cause, ...]) -> Standing:
        left = (
            Outage(outage.cause, outage.suspects - {node}) if outage.cause in causes else outage
            for outage in self.outages
        )
        return replace(self, outages=tuple(outage for outage in left if outage.suspects))


def first_standing(schedule: Schedule) -> Standing:
    """The standing before the first step: the first node leads, everything runs, and the setting `voters`
    says who votes (else every node does)."""
    nodes = schedule.nodes
    return Standing(
        nodes=nodes, leaders=frozenset(nodes[:1]), voters=frozenset(_listed_in(schedule, "voters"))
    )


def members_of(schedule: Schedule) -> tuple[str, ...]:
    """The nodes that `"member"` among a budget's promotions stands for: the setting `members`, else every
    node."""
    return _listed_in(schedule, "members")


def _listed_in(schedule: Schedule, setting: str) -> tuple[str, ...]:
    nodes = schedule.settings.get(setting)
    return tuple(nodes) if isinstance(nodes, list | tuple) else schedule.nodes


def admits_step(step: AnyStep, standing: Standing, budget: Budget, members: tuple[str, ...]) -> bool:
    """Whether `budget` allows `step` in this standing. A repair is always allowed."""
    if isinstance(step, Promote):
        chosen = step.candidate in budget.promotions or (
            "member" in budget.promotions and step.candidate in members
        )
        if not chosen or (step.forced and not budget.forced):
            return False
    after = standing.after(step)
    return (after.down <= budget.crashed or after.down <= standing.down) and len(
        after.disks_lost
    ) <= budget.disks_lost


def admits(schedule: Schedule, budget: Budget, configuration: Configuration) -> bool:
    """Whether `schedule` stays inside `budget` at each of its steps, on a cluster that `configuration` can
    have."""
    if not schedule.nodes or not set(schedule.nodes) <= set(configuration.profile.nodes):
        return False
    members = members_of(schedule)
    standing = first_standing(schedule)
    for step in schedule.steps:
        if not admits_step(step, standing, budget, members):
            return False
        standing = standing.after(step)
    return True
