"""Elections: time-outs, pre-votes and votes (Raft, §5.2 and §5.4.1; thesis, §9.6 and §4.2.3)."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rts.core.raft.base import RaftBase
from rts.core.raft.messages import PreVote, PreVoted, RequestVote, TimeoutNow, Voted
from rts.core.raft.quorum import majority
from rts.ids import Lsn, Member

ELECTION = "election"


class Election(RaftBase):
    """Becoming a candidate, and voting for others."""

    handlers = RaftBase.handlers | {
        PreVote: "on_pre_vote",
        PreVoted: "on_pre_voted",
        RequestVote: "on_request_vote",
        Voted: "on_voted",
        TimeoutNow: "on_timeout_now",
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.heard_at = 0
        self.deadline = 0
        self.votes: set[Member] = set()
        self.own_vote = 0

    # --- time-outs ------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        """Follow. What this node promised a leader before it crashed may hold for a minimal time-out yet."""
        self.heard_at = self.now
        self.put_off_election()
        self.set_timer(ELECTION, self.deadline - self.now)

    def put_off_election(self) -> None:
        """Wait for a time-out drawn anew: apart from the others', most of the time (Raft, §5.2)."""
        low, high = self.settings.election_ns
        self.deadline = self.now + self.chance.randrange(low, high + 1)

    def on_election_timer(self) -> None:
        """The timer is not set anew at each heartbeat: it looks whether it was put off, and waits for the
        rest."""
        if self.role == "leader":
            return
        if self.now >= self.deadline:
            self.put_off_election()
            if self.may_stand():
                self.on_election_timeout()
        self.set_timer(ELECTION, self.deadline - self.now)

    def on_election_timeout(self) -> None:
        """No leader was heard of: see whether an election could be won, then stand (thesis, §9.6)."""
        self.become("election time-out")
        self.leader = None
        self.note("election time-out", self.term)
        self.votes = {self.own}
        for voter in self.other_voters():
            self.send(voter.node, PreVote(self.term + 1, self.own, self.log.last))
        self.count_pre_votes()

    def has_recent_leader(self) -> bool:
        """Whether a leader was heard of within a minimal time-out: then nobody else is to be elected (thesis,
        §4.2.3, and for leases §6.4.1)."""
        return self.now - self.heard_at < self.settings.election_ns[0]

    def may_stand(self) -> bool:
        """Whether this node is a voter, or was one and the entry that leaves it out is not committed: its log
        may be the only one that is long enough (thesis, §4.2.2)."""
        if self.configured_at <= self.committed:
            return self.is_voter()
        return self.is_voter() or self.own in self.log.configuration(self.committed)[1].voters

    # --- standing -------------------------------------------------------------------------------------------

    def other_voters(self) -> list[Member]:
        """The voters on other nodes."""
        return [voter for voter in self.voters if voter.node != self.node]

    def campaign(self, *, transfer: bool = False) -> None:
        """Enter a new term and ask for votes, the own one first of all on disk."""
        self.leader = None
        self.term += 1
        self.vote = self.own
        self.persist_state()
        self.own_vote = self.persists
        self.votes = set()
        self.put_off_election()
        self.note("candidate", self.term)
        for voter in self.other_voters():
            self.send(voter.node, RequestVote(self.term, self.own, self.log.last, transfer))

    def count_pre_votes(self) -> None:
        """Stand for election once a majority would vote for this node."""
        if self.is_majority(self.votes):
            self.become("majority of pre-votes")
            self.campaign()

    def count_votes(self) -> None:
        """Lead once a majority voted for this node, and this node's own vote is durable."""
        if self.own in self.votes and self.is_majority(self.votes):
            self.become("majority of votes")
            self.lead()

    def is_majority(self, votes: set[Member]) -> bool:
        """Whether these are more than half of the voters."""
        voters = set(self.voters)
        return len(votes & voters) >= majority(len(voters))

    @abstractmethod
    def lead(self) -> None:
        """Begin to lead the current term."""

    def on_pre_voted(self, sender: str, message: PreVoted) -> None:
        """A voter says whether it would vote for this node."""
        if not message.granted:
            self.observe(message.term)
        elif self.role == "pre-candidate" and message.term == self.term + 1:
            self.votes.add(message.voter)
            self.count_pre_votes()

    def on_voted(self, sender: str, message: Voted) -> None:
        """A voter has voted, for this node or not."""
        self.observe(message.term)
        if self.role == "candidate" and not self.is_old(message.term) and message.granted:
            self.votes.add(message.voter)
            self.count_votes()

    def on_own_vote(self) -> None:
        """The own vote is durable, and counts."""
        self.votes.add(self.own)
        self.count_votes()

    def on_timeout_now(self, sender: str, message: TimeoutNow) -> None:
        """The leader hands over: stand at once, without asking first (thesis, §3.10)."""
        stands = self.role in ("follower", "pre-candidate") and self.may_stand()
        if message.term == self.term and stands:
            self.become("told to campaign")
            self.campaign(transfer=True)

    # --- voting ---------------------------------------------------------------------------------------------

    def on_pre_vote(self, sender: str, message: PreVote) -> None:
        """Say whether this node would vote so. It promises nothing and changes nothing."""
        granted = (
            message.term > self.term
            and not self.has_recent_leader()
            and self.is_up_to_date(message.last)
            and self.may_vote()
        )
        self.send(sender, PreVoted(message.term if granted else self.term, self.own, granted))

    def on_request_vote(self, sender: str, message: RequestVote) -> None:
        """Vote, at most once a term and durably (Raft, §5.2)."""
        if self.has_recent_leader() and not message.transfer:
            return
        self.observe(message.term)
        granted = self.grants(message)
        if granted and self.vote is None:
            self.vote = message.candidate
            self.persist_state()
            self.put_off_election()
        self.send(sender, Voted(self.term, self.own, granted))

    def grants(self, message: RequestVote) -> bool:
        """Whether the candidate gets this node's vote."""
        return (
            not self.is_old(message.term)
            and self.vote in (None, message.candidate)
            and self.is_up_to_date(message.last)
            and self.may_vote()
        )

    def is_up_to_date(self, last: Lsn) -> bool:
        """The election restriction: a log that ends at `last` has all that is committed here (Raft,
        §5.4.1)."""
        return last >= self.log.last

    def may_vote(self) -> bool:
        """Not on a blank disk: one that was here before it may have promised something else."""
        return bool(self.configuration.members)
