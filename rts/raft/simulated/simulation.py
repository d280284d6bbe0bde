"""One schedule, run on a simulated Raft cluster, from the first election to the last read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from rts.client.raft import RaftSession
from rts.client.requests import Outcome, Request
from rts.core.raft.node import RaftCore
from rts.core.raft.quorum import reached
from rts.core.raft.settings import Settings
from rts.errors import ScheduleError
from rts.raft.simulated.cluster import Cluster, check_mode
from rts.raft.simulated.connected import has_ailing_node, has_connected_majority, has_cut_links
from rts.runs import Breach
from rts.schedule import MILLISECOND, SECOND, Read, Schedule, sessions_of
from rts.sim.invariants import Invariants
from rts.sim.invariants.log_matching import LogMatching
from rts.sim.invariants.one_leader import OneLeader
from rts.sim.invariants.raft import mark_of
from rts.sim.invariants.raft.answered import NAME as ANSWERED
from rts.sim.invariants.raft.answered import wrong_answer
from rts.sim.invariants.raft.append_only import LeaderAppendOnly
from rts.sim.invariants.raft.applied import StateMachineSafety
from rts.sim.invariants.raft.completeness import LeaderCompleteness
from rts.sim.invariants.raft.monotonic import RaftMonotonic
from rts.sim.invariants.raft.one_vote import OneVote
from rts.sim.whole_run import LIVENESS, WholeRun

LASTING = "lasting-fault"

PATIENCE = 14
"""How many upper election time-outs a lasting fault is watched for."""
CALM = 4
"""After so many of them a mutually connected majority has a leader."""
MOST_TERMS = 4
"""So many terms after that are elections without end: a split vote or two are bad luck."""


class Simulation(WholeRun):
    """See `WholeRun`. Nobody promotes anybody here: the nodes elect."""

    start_ns = 40 * MILLISECOND
    """By then the first leader is elected, if nothing is drawn that hinders it."""

    def __init__(
        self,
        schedule: Schedule,
        *,
        bug: str | None = None,
        replica: type[RaftCore] = RaftCore,
        session: type[RaftSession] = RaftSession,
    ) -> None:
        try:
            settings = msgspec.convert(schedule.settings, Settings)
        except msgspec.ValidationError as error:
            raise ScheduleError(f"settings: {error}") from None
        for mode in {schedule.mode, *(step.mode for step in schedule.steps if isinstance(step, Read))}:
            if mode is not None:
                check_mode(mode)
        self.settings = settings
        invariants = Invariants(
            (
                OneLeader("election-safety"),
                OneVote(),
                LeaderAppendOnly(),
                LogMatching(),
                LeaderCompleteness(),
                StateMachineSafety(),
                RaftMonotonic(),
            ),
            mark_of,
        )
        self.cluster = Cluster(
            schedule.nodes,
            settings,
            jitter=schedule.jitter,
            replica=replica,
            session=session,
            watch=invariants.watch,
        )
        self.answers = 0
        super().__init__(
            schedule,
            self.cluster,
            invariants,
            bug=bug,
            sessions=sessions_of(schedule),
            settle_ns=settings.settle_ns,
        )

    # --- what is watched beside the nodes -------------------------------------------------------------------

    def answered(self, request: Request, outcome: Outcome) -> None:
        """See `WholeRun`. What a client is told is done is on a majority's disks."""
        if outcome.status != "ok" or request.operation == "read":
            return
        self.answers += 1
        assert outcome.position is not None
        assert outcome.node is not None
        wrong = wrong_answer(self.nodes, outcome.node, outcome.position)
        if wrong is not None and not any(breach.guarantee == ANSWERED for breach in self.breaches):
            self.breaches.append(Breach(ANSWERED, wrong, self.pump.now, outcome.node))

    def watched(self) -> Mapping[str, int]:
        """See `WholeRun`."""
        return {**super().watched(), ANSWERED: self.answers}

    # --- liveness -------------------------------------------------------------------------------------------

    def before_healing(self) -> None:
        """While a fault lasts that leaves a mutually connected majority, that majority has one leader,
        keeps it and takes writes."""
        if not self.schedule.steps:
            return
        if not self.has_lasting_fault():
            return
        self.trace.reach("a majority connected in a lasting fault")
        self.cluster.operator.rest()
        timeout_ns = self.settings.election_ns[1]
        self.wait(CALM * timeout_ns)
        before, began = self.term_of_majority(), self.pump.now
        client = self.cluster.client(LASTING, self.begun, self.ended)
        self.do(client, Request(operation="write", keys=(LIVENESS,), value=-1))
        written = self.recorder.operations[-1].status == "ok"
        self.wait(max(1, (PATIENCE - CALM) * timeout_ns - (self.pump.now - began)))
        if not self.has_lasting_fault():  # a change of members that was under way made it another one
            return
        terms = self.term_of_majority() - before
        if terms >= MOST_TERMS:
            self.breach_liveness(
                f"{terms} terms in {(self.pump.now - began) / SECOND:g} s, although a majority was connected "
                "and nothing changed: elections without end"
            )
        elif not written:
            self.breach_liveness(
                f"no write succeeded within {self.settings.timeout_ns / SECOND:g} s, although a majority was "
                "connected"
            )

    def has_lasting_fault(self) -> bool:
        """Whether voters are cut off from each other, and yet a majority is connected of every configuration
        that a log names: one that is not committed counts as well."""
        network = self.cluster.network
        if has_ailing_node(self.nodes):
            return False
        groups = {node.core.configuration.voters for node in self.nodes.values()} - {()}
        return any(has_cut_links(group, network) for group in groups) and all(
            has_connected_majority(group, self.nodes, network) for group in groups
        )

    def newest_term(self) -> int:
        """The highest term that any node is in."""
        return max(int(node.core.term) for node in self.nodes.values())

    def term_of_majority(self) -> int:
        """The highest term that a majority of the voters is in: one that is cut off and counts up alone
        disturbs nobody."""
        return reached(int(node.core.term) for node in self.nodes.values() if node.core.is_voter())

    def see_to_a_leader(self) -> None:
        """See `WholeRun`. The nodes do that."""

    def settled_late(self) -> None:
        """See `WholeRun`. Every member catches up within the bound."""
        leader = self.cluster.leader()
        if leader is None:
            return
        behind = [
            node.name for node in self.cluster.members() if node.core.applied < leader.core.log.last_index
        ]
        self.breach_liveness(
            f"{', '.join(behind) or 'the leader'} did not catch up within "
            f"{self.settle_ns / SECOND:g} s after all faults had ended"
        )

    def read_at_the_end(self) -> list[int]:
        """See `WholeRun`. The members are read: nobody promised anything of those that were removed."""
        members = {node.name for node in self.cluster.members()}
        return [place for place, name in enumerate(self.cluster.names) if name in members]

    # --- guidance -------------------------------------------------------------------------------------------

    def scores(self) -> dict[str, float]:
        """See `WholeRun`."""
        states = self.trace.states
        return {
            "faults that took hold": float(sum(held for _, held in self.trace.faults().values())),
            "terms": float(self.newest_term()),
            "rare states": float(len(states)),
            "logs apart": float(states["tail truncated"] + states["two live leaders"]),
            "snapshots": float(states["snapshot installed"]),
        }
