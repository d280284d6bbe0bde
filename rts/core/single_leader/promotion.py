"""Promotion: how an operator's command makes a follower lead, and what it must be sure of first."""

from __future__ import annotations

from typing import Any

from rts.core.single_leader.leading import HEARTBEAT, Leading
from rts.core.single_leader.messages import AskPromise, Message, Promise, PromoteCommand
from rts.ids import ORIGIN, Lsn, Member


class PromotionAnswer(Message, frozen=True):
    """To the operator: the candidate leads `epoch`, or why not."""

    epoch: int
    leads: bool
    reason: str = ""


class Promotion(Leading):
    """Leading a new epoch without losing what the old one acknowledged."""

    handlers = Leading.handlers | {
        PromoteCommand: "on_promote",
        AskPromise: "on_ask_promise",
        Promise: "on_promise",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.promises: dict[Member, Lsn] = {}
        self.operator = ""
        self.commanded = 0
        self.destroyed: tuple[Member, ...] = ()

    def resume(self) -> None:
        """A leader that restarts still leads if no higher epoch was promised.

        Others hold nothing of its epoch that its disk does not: it sends an entry only once it is durable
        here.
        """
        epoch, leader = self.log.leader_of_last_epoch()
        if leader == self.node and epoch == self.epoch:
            self.take_the_lead()
            self.replicate_from_scratch()

    def replicate_from_scratch(self) -> None:
        """Ask every follower how far it is: what was known of them is forgotten."""
        for peer in self.peers:
            self.send_entries(peer, self.progress[peer])
        self.advance()

    def on_promote(self, sender: str, message: PromoteCommand) -> None:
        """Lead the command's epoch, if that cannot lose what was acknowledged, or if forced to."""
        if message.epoch <= self.epoch:
            self.decline(sender, message.epoch, f"epoch {message.epoch} is not above {self.epoch}")
            return
        if self.log.last == ORIGIN:
            self.decline(sender, message.epoch, "its disk is blank: it does not know the cluster")
            return
        if not message.forced and not self.may_lead():
            self.decline(sender, message.epoch, "it may lack acknowledged writes")
            return
        self.observe(message.epoch, None)
        self.operator = sender
        self.commanded = message.epoch
        self.destroyed = message.destroyed
        if message.forced:
            self.lead(forced=True)
            return
        self.role = "candidate"
        self.promises = {self.own: self.log.last}
        self.ask_promises()
        self.count_promises()

    def may_lead(self) -> bool:
        """Whether this node is one that acknowledged writes wait for."""
        return self.policy.eligible(self.members, self.own)

    def decline(self, operator: str, epoch: int, reason: str) -> None:
        """Refuse to be promoted."""
        self.note("promotion refused", reason)
        self.reply(operator, PromotionAnswer(epoch, leads=False, reason=reason))

    def lead(self, *, forced: bool) -> None:
        """Start the epoch."""
        members = self.policy.members_of_new_epoch(self.members, self.own, self.destroyed)
        self.start_epoch(members, forced=forced)
        self.reply(self.operator, PromotionAnswer(self.epoch, leads=True))
        self.advance()

    # --- promises (quorum) ----------------------------------------------------------------------------------

    def ask_promises(self) -> None:
        """Ask the other members, and again until it is decided."""
        if self.lacks_promises():
            others = {member.node for members in self.configurations() for member in members} - {self.node}
            for node in sorted(others):
                self.send(node, AskPromise(self.epoch))
            self.set_timer(HEARTBEAT, self.settings.heartbeat_ns)

    def lacks_promises(self) -> bool:
        """Whether some configuration has not promised in sufficient number."""
        return any(
            sum(member in self.promises for member in members) < self.policy.promises_needed(members)
            for members in self.configurations()
            if self.policy.promises_needed(members) > 1
        )

    def on_ask_promise(self, sender: str, message: AskPromise) -> None:
        """Promise oneself to a candidate's epoch: durable before it is said."""
        if self.is_old(message.epoch) or (message.epoch == self.epoch and self.leader not in (None, sender)):
            self.fence(sender)
            return
        self.observe(message.epoch, sender)
        self.send(sender, Promise(message.epoch, self.log.last, self.own.disk))

    def on_promise(self, sender: str, message: Promise) -> None:
        """Count a promise: only those of members whose disk still holds what they acknowledged."""
        member = Member(sender, message.disk)
        known = any(member in members for members in self.configurations())
        if self.role == "candidate" and message.epoch == self.epoch and known:
            self.promises[member] = message.last
            self.count_promises()

    def count_promises(self) -> None:
        """Lead once enough members promised and none of them has a newer log; step back if one has."""
        if self.lacks_promises():
            return
        if self.is_most_up_to_date():
            self.lead(forced=False)
        else:
            self.role = "follower"
            self.cancel_timer(HEARTBEAT)
            self.decline(self.operator, self.epoch, "another member's log is newer")

    def is_most_up_to_date(self) -> bool:
        """Whether no member that promised has a newer log."""
        return all(last <= self.log.last for last in self.promises.values())

    def step_down(self) -> None:
        """See `Leading`; a candidate gives up as well."""
        if self.role == "candidate":
            self.cancel_timer(HEARTBEAT)
            self.decline(self.operator, self.commanded, "a higher epoch exists")
        super().step_down()
