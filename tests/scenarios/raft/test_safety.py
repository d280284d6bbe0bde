"""Safety, whatever happens: no term has two leaders, nothing committed is lost, no read is stale.

The watch of the laboratory looks after each event; these tests only let things happen.
"""

from __future__ import annotations

from collections import Counter

import pytest

from rts.ids import Lsn
from tests.core.raft.lab import Lab
from tests.core.raft.watch import Watch, logs_match
from tests.scenarios.raft.chaos import chaos

IN_EVERY_RUN = 200
EVERY_NIGHT = 1_000
TO_BE_REACHED = {
    "candidate",
    "crash lost unsynced records",
    "leader stepped down",
    "log compacted",
    "members change",
    "snapshot installed",
    "tail truncated",
    "transfer of leadership",
}


def test_chaos_breaks_nothing() -> None:
    reached: Counter[str] = Counter()
    shown = 0
    for seed in range(IN_EVERY_RUN):
        lab = chaos(seed)
        lab.check()
        reached.update(lab.trace.states)
        shown += lab.shown
    assert set(reached) >= TO_BE_REACHED
    assert shown > IN_EVERY_RUN


@pytest.mark.nightly
def test_much_chaos_breaks_nothing() -> None:
    for seed in range(IN_EVERY_RUN, EVERY_NIGHT):
        chaos(seed).check()


def test_a_run_is_the_same_every_time() -> None:
    first, second = chaos(7), chaos(7)
    assert first.trace.events == second.trace.events
    assert len(first.trace.events) > 500


# --- and the watch would see what goes wrong


def test_the_watch_sees_a_second_leader_of_a_term() -> None:
    lab = Lab(3)
    leader = lab.elected()
    other = next(name for name in lab.voters if name != leader)
    lab.core(other).role = "leader"
    with pytest.raises(AssertionError, match="two leaders in term 1"):
        lab.watch.look(lab.nodes[other])


def test_the_watch_sees_a_commitment_that_differs() -> None:
    lab = Lab(3)
    lab.agree("one")
    lab.watch.committed[1] = Lsn(9, 1)
    with pytest.raises(AssertionError, match="differs at 1"):
        lab.watch.look_at_committed(lab.core("n0"), 0)


def test_the_watch_sees_a_leader_that_lacks_what_is_committed() -> None:
    lab = Lab(3)
    leader = lab.elected()
    lab.watch.committed[9] = Lsn(1, 9)
    with pytest.raises(AssertionError, match=f"{leader} lacks 9"):
        lab.watch.look_at_new_leader(leader, lab.core(leader))


def test_the_watch_sees_state_machines_that_differ() -> None:
    watch = Watch()
    watch.apply(Lsn(1, 1), "one")
    with pytest.raises(AssertionError):
        watch.apply(Lsn(1, 1), "other")


def test_the_watch_sees_an_index_that_goes_back() -> None:
    lab = Lab(3)
    lab.agree("one")
    lab.core("n0").applied = 0
    with pytest.raises(AssertionError):
        lab.watch.look(lab.nodes["n0"])


def test_the_watch_sees_logs_that_do_not_match() -> None:
    lab = Lab(3)
    for command in ("one", "two"):
        lab.agree(command)
    entries = lab.core("n1").log.entries
    entries[0], entries[1] = entries[1], entries[0]
    with pytest.raises(AssertionError):
        logs_match(map(lab.core, lab.voters))
