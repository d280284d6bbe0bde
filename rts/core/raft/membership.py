"""Changing the members one at a time, and handing leadership over (thesis, §4.1–4.3 and §3.10).

Joint consensus is not there: one voter more or one less at a time is all that the operator needs, because the
majorities of two such configurations always meet.

An addition begins with the newcomer saying which disk it is on; it is a learner until it has caught up. A
removed leader leads until the change is committed, without counting itself, and then hands over.
"""

from __future__ import annotations

from typing import Any, Literal

from rts.core.raft.log import Configuration, Configure
from rts.core.raft.messages import (
    Appended,
    Changed,
    ChangeMembers,
    Reason,
    TimeoutNow,
    TransferLeadership,
    Transferred,
    Unknown,
)
from rts.core.raft.progress import Progress
from rts.core.raft.reading import Reading
from rts.core.raft.roles import Role
from rts.ids import ORIGIN, Lsn


class Change:
    """A change of the members that is under way at the leader.

    `stage`: the newcomer is asked who it is, catches up as a learner, or the last entry waits to be
    committed. `position` is that of the newest entry of the change. `target` is the index that ends the round
    of catching up that began at `since`. A newcomer that is silent until `deadline` is given up.
    """

    __slots__ = (
        "action",
        "client",
        "deadline",
        "node",
        "position",
        "request",
        "round",
        "since",
        "stage",
        "target",
    )

    def __init__(self, client: str, message: ChangeMembers, deadline: int) -> None:
        self.client = client
        self.request = message.request
        self.action = message.action
        self.node = message.node
        self.deadline = deadline
        self.stage: Literal["introduction", "catching up", "commitment"] = "introduction"
        self.position = ORIGIN
        self.round = 0
        self.since = 0
        self.target = 0


class Transfer:
    """A transfer of leadership that is under way at the leader of `term`."""

    __slots__ = ("client", "deadline", "node", "request", "term", "told")

    def __init__(self, client: str, message: TransferLeadership, term: int, deadline: int) -> None:
        self.client = client
        self.request = message.request
        self.node = message.node
        self.term = term
        self.deadline = deadline
        self.told = False


class Membership(Reading):
    """Changes of members and of the leader, on request."""

    handlers = Reading.handlers | {
        ChangeMembers: "on_change_members",
        TransferLeadership: "on_transfer_leadership",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.change: Change | None = None
        self.transfer: Transfer | None = None
        self.told_to_campaign = False

    def lead(self) -> None:
        """See `Leading`. Nobody was told to campaign in this term yet."""
        self.told_to_campaign = False
        super().lead()

    # --- changes of members ---------------------------------------------------------------------------------

    def on_change_members(self, client: str, message: ChangeMembers) -> None:
        """Begin a change, if none is under way and it changes anything."""
        reason = self.reason_against(message)
        if reason is not None:
            self.refuse(client, message.request, reason)
            return
        change = Change(client, message, self.end_of_patience())
        self.change = change
        known = self.configuration.member(message.node)
        if message.action == "remove":
            self.configure(self.configuration.without(message.node))
            change.stage = "commitment"
        elif known is not None:
            self.begin_catching_up(change)
        else:
            progress = Progress(message.node, None, self.log.last_index + 1)
            self.progress[message.node] = progress
            self.send_append(message.node, self.log.last_index)

    def reason_against(self, message: ChangeMembers) -> Reason | None:
        """Why a change cannot begin now, if it cannot."""
        if self.role != "leader":
            return "not-leader"
        if self.transfer is not None:
            return "transferring"
        if self.change is not None or self.configured_at > self.committed:
            return "change-under-way"
        if not self.may_change_members():
            return "term-not-committed"
        voters = [member.node for member in self.voters]
        learners = [member.node for member in self.configuration.learners]
        is_member = message.node in voters or message.node in learners
        match message.action:
            case "add":
                return "no-change" if message.node in voters else None
            case "add-learner":
                return "no-change" if is_member else None
            case "remove":
                if not is_member:
                    return "no-change"
                return "last-voter" if voters == [message.node] else None

    def may_change_members(self) -> bool:
        """Not before an entry of this term is committed: else two leaders' changes could each have a
        majority that does not meet the other's (Ongaro, *bug in single-server membership changes*, 2015)."""
        return self.is_settled_in_term()

    def configure(self, configuration: Configuration) -> None:
        """Append the new members, which count from now on."""
        self.note("members change", configuration)
        index = self.append_command(Configure(configuration))
        if self.change is not None:
            self.change.position = Lsn(self.term, index)
        for member in configuration.members:
            if member.node != self.node and member.node not in self.progress:
                self.progress[member.node] = Progress(member.node, member, self.log.last_index)
        self.replicate()
        self.advance_commit()

    def on_appended(self, sender: str, message: Appended) -> None:
        """See `Leading`. The newcomer of a change may have said who it is, or have caught up."""
        super().on_appended(sender, message)
        if self.role != "leader":
            return
        self.on_newcomer_answer(sender)
        self.hand_over()

    def on_other_answer(self, sender: str) -> None:
        """See `Leading`. A newcomer that lacks entries has said who it is, too."""
        super().on_other_answer(sender)
        self.on_newcomer_answer(sender)

    def on_newcomer_answer(self, sender: str) -> None:
        """If the newcomer of a change spoke, it is alive, and the change may go on."""
        change = self.change
        if change is not None and sender == change.node:
            change.deadline = self.end_of_patience()
            self.advance_change(change)

    def end_of_patience(self) -> int:
        """Until when a newcomer may say nothing before its change is given up."""
        return self.now + 4 * self.settings.election_ns[1]

    def advance_change(self, change: Change) -> None:
        """Go on with an addition as far as what is known of the newcomer lets it."""
        progress = self.progress[change.node]
        if change.stage == "introduction" and progress.member is not None:
            self.configure(self.configuration.with_learner(progress.member))
            self.begin_catching_up(change)
        if change.stage == "catching up" and self.configured_at <= self.committed:
            self.look_whether_caught_up(change, progress)

    def begin_catching_up(self, change: Change) -> None:
        """The newcomer gets the log in rounds, each up to where the log ends as it begins. The first brings
        the members: a voter that does not know them votes for nobody."""
        change.stage = "catching up"
        change.round += 1
        change.since = self.now
        change.target = self.log.last_index

    def look_whether_caught_up(self, change: Change, progress: Progress) -> None:
        """A round that took less than a minimal election time-out is the last: the newcomer is no burden
        (thesis, §4.2.1). A learner that is to stay one need not catch up."""
        if change.action == "add-learner":
            self.conclude_change(change)
        elif progress.matched >= change.target and progress.member is not None:
            if self.now - change.since < self.settings.election_ns[0]:
                change.stage = "commitment"
                self.configure(self.configuration.with_voter(progress.member))
            elif change.round >= self.settings.catch_up_rounds:
                self.abandon_change(change, "too-slow")
            else:
                self.begin_catching_up(change)

    def conclude_change(self, change: Change) -> None:
        """The last entry of the change is committed."""
        self.change = None
        self.reply(change.client, Changed(change.request, change.position, self.configuration))

    def abandon_change(self, change: Change, reason: Reason) -> None:
        """Give an addition up. A newcomer that became a learner stays one."""
        self.change = None
        if self.configuration.member(change.node) is None:
            self.progress.pop(change.node, None)
        self.refuse(change.client, change.request, reason)

    def on_committed(self) -> None:
        """See `Leading`. A configuration may be committed now."""
        super().on_committed()
        if self.role != "leader" or self.configured_at > self.committed:
            return
        change = self.change
        if change is not None and change.stage == "commitment":
            self.conclude_change(change)
        elif change is not None and change.stage == "catching up" and change.node in self.progress:
            self.advance_change(change)
        self.part_from_removed()

    def part_from_removed(self) -> None:
        """Those that the committed configuration leaves out hear of it, then no more; a leader among them
        hands over (thesis, §4.2.2)."""
        nodes = {member.node for member in self.configuration.members}
        newcomer = self.change.node if self.change is not None else None
        for node in [node for node in self.progress if node not in nodes and node != newcomer]:
            self.send_append(node, self.last_sent_to(node))
            del self.progress[node]
        if not self.is_voter():
            self.step_aside()

    def last_sent_to(self, node: str) -> int:
        """The index up to which a follower was sent all, as far as this log still has it."""
        return max(self.progress[node].next - 1, self.log.base.index)

    def step_aside(self) -> None:
        """This leader was removed: all learn what is committed, and the voter with the longest log is told to
        stand."""
        for node in self.progress:
            self.send_append(node, self.last_sent_to(node))
        best = max(self.other_voters(), key=lambda voter: (self.durable_up_to(voter), voter), default=None)
        if best is not None:
            self.tell_to_campaign(best.node)
        self.become("removed")

    # --- transfers of leadership ----------------------------------------------------------------------------

    def on_transfer_leadership(self, client: str, message: TransferLeadership) -> None:
        """Stop taking commands, bring the target up to date, and tell it to campaign."""
        if self.role != "leader":
            self.refuse(client, message.request, "not-leader")
        elif self.transfer is not None:
            self.refuse(client, message.request, "transferring")
        elif message.node == self.node or message.node not in {voter.node for voter in self.voters}:
            self.refuse(client, message.request, "not-a-voter")
        else:
            deadline = self.now + self.settings.election_ns[1]
            self.transfer = Transfer(client, message, self.term, deadline)
            self.note("transfer of leadership", message.node)
            self.hand_over()

    def hand_over(self) -> None:
        """Tell the target of a transfer to campaign, once, when it has the whole log."""
        transfer = self.transfer
        if transfer is None or transfer.told or transfer.node not in self.progress:
            return
        if self.progress[transfer.node].matched == self.log.last_index:
            transfer.told = True
            self.tell_to_campaign(transfer.node)

    def tell_to_campaign(self, node: str) -> None:
        """Another node may be elected from now on, whatever patience the voters promised: no lease holds any
        more in this term."""
        self.told_to_campaign = True
        self.send(node, TimeoutNow(self.term))

    def has_lease(self) -> bool:
        """See `Reading`."""
        return not self.told_to_campaign and super().has_lease()

    def reason_to_refuse(self) -> Reason | None:
        """See `Leading`. Commands would keep the target from catching up."""
        return super().reason_to_refuse() or ("transferring" if self.transfer is not None else None)

    # --- ends -----------------------------------------------------------------------------------------------

    def on_heartbeat(self) -> None:
        """See `Leading`. What does not get on is given up."""
        change, transfer = self.change, self.transfer
        if change is not None and change.stage != "commitment" and self.now > change.deadline:
            self.abandon_change(change, "silent")
        if transfer is not None and self.now > transfer.deadline:
            self.transfer = None
            self.refuse(transfer.client, transfer.request, "timed-out")
        super().on_heartbeat()

    def on_role_left(self, role: Role) -> None:
        """See `Leading`. Who began a change does not learn here what became of it; nor who began a transfer,
        unless a higher term shows it."""
        super().on_role_left(role)
        change, self.change = self.change, None
        if change is not None:
            self.reply(change.client, Unknown(change.request, self.term))
        transfer, self.transfer = self.transfer, None
        if transfer is not None:
            kind = Transferred if self.term > transfer.term else Unknown
            self.reply(transfer.client, kind(transfer.request, self.term))
