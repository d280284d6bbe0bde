"""One schedule, run on a simulated cluster of the telemetry store, from the first step to the last read."""

from __future__ import annotations

import msgspec

from rts.client.session import ClientSession
from rts.core.single_leader.replica import Replica
from rts.core.single_leader.settings import Settings
from rts.errors import ScheduleError
from rts.ids import ORIGIN, Lsn
from rts.schedule import Promote, Schedule, sessions_of
from rts.sim.invariants import Invariants
from rts.sim.invariants.leader_completeness import LeaderCompleteness
from rts.sim.invariants.log_matching import LogMatching
from rts.sim.invariants.monotonic import Monotonic
from rts.sim.invariants.one_leader import OneLeader
from rts.sim.invariants.state_machine_safety import StateMachineSafety
from rts.sim.whole_run import POLL_NS, WholeRun
from rts.telemetry.cluster import Cluster


class Simulation(WholeRun):
    """See `WholeRun`. If no leader lives when the faults have ended, the operator promotes one."""

    def __init__(
        self,
        schedule: Schedule,
        *,
        bug: str | None = None,
        replica: type[Replica] = Replica,
        session: type[ClientSession] = ClientSession,
    ) -> None:
        try:
            settings = msgspec.convert(schedule.settings, Settings)
        except msgspec.ValidationError as error:
            raise ScheduleError(f"settings: {error}") from None
        self.settings = settings
        names = sessions_of(schedule)
        self.completeness = LeaderCompleteness(self.was_forced)
        invariants = Invariants(
            (
                LogMatching(),
                StateMachineSafety(),
                self.completeness,
                OneLeader(),
                Monotonic(self.was_forced),
            )
        )
        self.cluster = Cluster(
            schedule.nodes,
            settings,
            jitter=schedule.jitter,
            replica=replica,
            session=session,
            watch=invariants.watch,
            users={name: f"user-{place // 2}" for place, name in enumerate(sorted(names))},
        )
        self.fewest_copies = len(schedule.nodes)
        super().__init__(
            schedule, self.cluster, invariants, bug=bug, sessions=names, settle_ns=settings.settle_ns
        )

    def was_forced(self) -> bool:
        """Whether the operator forced a promotion."""
        return self.cluster.operator.forced

    def acknowledged(self, position: Lsn) -> None:
        """See `WholeRun`."""
        self.completeness.acknowledged.append(position)

    def after_fault(self) -> None:
        """See how few disks ever held the newest acknowledged write: the fewer, the closer to a loss."""
        newest = self.newest
        if newest == ORIGIN:
            return
        held = 0
        for node in self.cluster.nodes.values():
            core = node.core
            if core is not None and core.own.disk == node.disk.identity and core.persisted >= newest.index:
                held += core.log.base >= newest.index or core.log.lsn_at(newest.index) == newest
        self.fewest_copies = min(self.fewest_copies, held)

    def see_to_a_leader(self) -> None:
        """If no leader lives, the operator promotes the best that is eligible."""
        operator = self.cluster.operator
        candidates = [node.name for node in operator.by_merit(list(self.cluster.nodes.values()))]
        for name in candidates:
            if self._is_led():
                return
            operator.command(name, forced=self.settings.policy == "none" or operator.forced)
            self.run_for(10 * POLL_NS)
        if not self._is_led():
            # Nobody is eligible. The operator, who sees every disk that is left, forces the newest log.
            self.trace.reach("operator had to force")
            newest = max(self.cluster.nodes.values(), key=lambda node: (node.up, node.core.log.last))
            operator.command(newest.name, forced=True)
            self.run_for(10 * POLL_NS)

    def _is_led(self) -> bool:
        """Whether the newest leader that anybody heard of leads, and does not wait for a disk that is gone
        for good."""
        operator = self.cluster.operator
        leader = self.cluster.leader()
        heard_of = max(node.core.epoch for node in self.cluster.nodes.values())
        if leader is None or leader.core.epoch < max(operator.led, heard_of):
            return False
        waits_for_all = self.settings.policy == "sync"
        return not (waits_for_all and set(leader.core.members) & set(operator.destroyed()))

    def scores(self) -> dict[str, float]:
        """See `WholeRun`."""
        states = self.trace.states
        stale = sum(states[name] for name in ("tail truncated", "two live leaders", "info write seen later"))
        promoted = sum(isinstance(step, Promote) for step in self.schedule.steps)
        return {
            "faults that took hold": float(sum(held for _, held in self.trace.faults().values())),
            "few copies": float(len(self.schedule.nodes) - self.fewest_copies),
            "rare states": float(len(states)),
            "close to a loss": float(stale * (1 + promoted)),
        }
