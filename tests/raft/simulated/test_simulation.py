"""Whole runs of a simulated Raft cluster: what they refuse, what they watch, how they end."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.node import RaftCore
from rts.errors import InvariantBroken, ScheduleError
from rts.harness.judge import judge_at
from rts.raft.simulated.simulation import Simulation
from rts.runs import Run
from rts.schedule import (
    MILLISECOND,
    SECOND,
    ChangeMembers,
    CompareAndSet,
    Crash,
    FullDisk,
    Lag,
    Partition,
    Promote,
    Read,
    Reorder,
    Schedule,
    TransferLeadership,
    Write,
)

NODES = ("n0", "n1", "n2", "n3")
QUICK = {"heartbeat_ns": 100 * MILLISECOND, "election_ns": [300 * MILLISECOND, 600 * MILLISECOND]}


def schedule(*steps: Any, mode: str = "leader", jitter: int = 0, **settings: Any) -> Schedule:
    return Schedule(
        system="raft",
        configuration="test",
        mode=mode,
        nodes=NODES,
        settings={**QUICK, **settings},
        steps=steps,
        jitter=jitter,
    )


def run(*steps: Any, core: type[RaftCore] = RaftCore, **named: Any) -> Run:
    return Simulation(schedule(*steps, **named), replica=core).run()


def write(after_ns: int = 0, *, session: str = "s0") -> Write:
    return Write(after_ns=after_ns, session=session, key="k0")


def breaches(found: Run) -> dict[str, str]:
    return {breach.guarantee: breach.explanation for breach in found.breaches}


# --- what is refused


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"voters": ["n0", "n9"]}, "settings.voters: n9 is not one of the nodes n0, n1, n2, n3"),
        ({"voters": []}, "settings.voters: somebody has to vote"),
        ({"learners": ["n1"]}, "settings.learners: n1 cannot be a voter as well"),
        ({"election_ns": [100 * MILLISECOND, 50 * MILLISECOND]}, "settings.election_ns: "),
        ({"quorum": 2}, "settings: Object contains unknown field `quorum`"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ScheduleError, match=message):
        run(write(), **settings)


def test_modes_and_steps_of_other_stores_are_refused() -> None:
    with pytest.raises(ScheduleError, match="mode: 'pinned' is none of leader, lease, read-index, follower"):
        run(write(), mode="pinned")
    with pytest.raises(ScheduleError, match="mode: 'pinned' is none of"):
        run(Read(session="s0", key="k0", mode="pinned"))
    with pytest.raises(ScheduleError, match=r"steps\[0\]: this system has no fault of the kind 'promote'"):
        run(Promote())


# --- runs that go well


@pytest.mark.parametrize("mode", ["leader", "read-index", "lease", "follower"])
def test_a_write_is_read_in_every_mode(mode: str) -> None:
    read = Read(after_ns=SECOND, session="s1", key="k0", replica=1)
    found = run(write(), read, mode=mode)
    assert next(done.value for done in found.operations if done.op == "read") == 1
    assert found.breaches == ()
    assert judge_at(found, "1s").violated == ()


def test_a_compare_and_set_finds_what_the_session_saw() -> None:
    late = CompareAndSet(after_ns=SECOND, session="s1", key="k0")
    found = run(write(), CompareAndSet(session="s0", key="k0"), late)
    assert [done.status for done in found.operations if done.op == "cas"] == ["ok", "fail"]


def test_the_same_schedule_gives_the_same_bytes() -> None:
    steps = (write(), Partition(group=("n0",)), write(100 * MILLISECOND, session="s1"))
    assert run(*steps, jitter=5).digest == run(*steps, jitter=5).digest
    assert run(*steps, jitter=5).digest != run(*steps, jitter=6).digest


def test_members_and_leader_change_on_request() -> None:
    found = run(
        write(),
        ChangeMembers(action="add", node="n3"),
        TransferLeadership(after_ns=SECOND, node="n1"),
        ChangeMembers(after_ns=SECOND, action="remove", node="n0"),
        write(SECOND),
    )
    assert found.faults["change-members"] == (2, 2)
    assert found.faults["transfer-leadership"] == (1, 1)
    assert found.breaches == ()
    finally_read = {done.node for done in found.operations if done.phase == "final"}
    assert finally_read == {"n1", "n2", "n3"}


def test_a_run_says_how_often_it_looked() -> None:
    found = run(write())
    assert found.watched["answered-was-committed"] == 2
    assert found.watched["election-safety"] == found.watched["log-matching"] > 10
    assert found.watched["liveness"] == 1


# --- liveness


class Mute(RaftCore):
    """Never commits anything."""

    def may_commit(self, index: int) -> bool:
        return False


class Restless(RaftCore):
    """Stands for election whenever its timer runs, and lets everyone."""

    def count_pre_votes(self) -> None:
        self.become("majority of pre-votes")
        self.campaign()

    def has_recent_leader(self) -> bool:
        return False


class Forgetful(RaftCore):
    """Sends followers that are behind nothing at all."""

    def send_entries(self, progress: Any) -> None:
        if progress.node != "n2":
            super().send_entries(progress)


def test_a_store_that_never_commits_is_not_alive() -> None:
    found = run(write(), core=Mute, settle_ns=3 * SECOND)
    assert breaches(found)["liveness"] == "no write succeeded within 3 s after all faults had ended"


def test_elections_without_end_are_found_while_the_fault_lasts() -> None:
    found = run(write(), Partition(group=("n2",), direction="into"), core=Restless)
    assert breaches(found)["liveness"].endswith(
        "although a majority was connected and nothing changed: elections without end"
    )
    calm = run(write(), Partition(group=("n2",), direction="into"))
    assert calm.breaches == ()
    assert calm.states["a majority connected in a lasting fault"] == 1


def test_a_node_that_counts_up_terms_alone_disturbs_nobody() -> None:
    found = run(write(), Partition(group=("n2",)), core=Restless)
    assert found.states["a majority connected in a lasting fault"] == 1
    assert found.breaches == ()


def test_a_majority_that_takes_no_write_is_found_while_the_fault_lasts() -> None:
    found = run(write(), Partition(group=("n2",)), core=Mute, settle_ns=3 * SECOND)
    assert breaches(found)["liveness"] == "no write succeeded within 2 s, although a majority was connected"


def test_a_member_that_never_catches_up_is_found() -> None:
    found = run(write(), core=Forgetful, settle_ns=3 * SECOND)
    assert breaches(found)["liveness"] == "n2 did not catch up within 3 s after all faults had ended"


def test_nothing_is_promised_where_no_majority_is_connected() -> None:
    found = run(write(), Crash(node="n0"), Partition(group=("n1",)))
    assert "a majority connected in a lasting fault" not in found.states
    assert found.breaches == ()


class Torn(RaftCore):
    """Finds its own state contradictory when it leads."""

    def lead(self) -> None:
        raise InvariantBroken(f"{self.node} contradicts itself")


def test_a_node_that_stops_itself_is_reported() -> None:
    found = breaches(run(write(), core=Torn, settle_ns=SECOND))
    assert found["self-check"].endswith("contradicts itself")


def test_what_was_committed_by_members_since_removed_may_be_answered_after_it_was_compacted() -> None:
    """The leader's disk is full before it has an entry that both others have; one of these is removed, and
    the other, which has compacted the entry, answers when it is asked again."""
    ran = run(
        FullDisk(node="n0", after_ns=200 * MILLISECOND),
        write(100 * MILLISECOND),
        ChangeMembers(action="remove", node="n1", after_ns=100 * MILLISECOND),
        write(session="s1"),
        compact_after=2,
    )
    (first, *_) = ran.operations
    assert (first.status, first.position) == ("ok", (1, 2))
    assert ran.breaches == ()


def test_who_leads_again_takes_no_late_answer_to_its_first_term_for_one_to_the_new() -> None:
    """`n0` leads, is deposed, leads again, and then heartbeats of its first term arrive."""
    ran = run(
        Lag(source="n0", target="n2", delay_ns=5 * MILLISECOND),
        Reorder(source="*", target="*", delay_ns=5 * SECOND),
        write(),
        Read(session="s0", key="k0"),
        write(),
        write(),
    )
    led = [event[2] for event in ran.events if event[1] == "note" and event[3] == "leads"]
    assert led[:1] == ["n0"]
    assert "n0" in led[1:]
    assert ran.breaches == ()
