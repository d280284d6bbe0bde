"""The operator: whom it promotes, what becomes of the old leader, and who hears of it."""

from __future__ import annotations

from typing import Literal

import pytest

from rts.core.single_leader.messages import PromoteCommand
from rts.core.single_leader.promotion import PromotionAnswer
from rts.errors import ScheduleError
from rts.ids import Member
from rts.schedule import (
    MILLISECOND,
    ChangeMembers,
    CommandStep,
    Crash,
    Lag,
    Pause,
    Promote,
    SlowDisk,
    TransferLeadership,
)
from tests.sim.lab import Lab, value_of

OPERATOR = "operator"


def commands(lab: Lab) -> dict[str, list[PromoteCommand]]:
    """The commands that arrived at each node."""
    found = {name: [command for _, command in lab.delivered(OPERATOR, name)] for name in lab.cluster.names}
    return {name: got for name, got in found.items() if got}


def answers(lab: Lab) -> list[tuple[str, PromotionAnswer]]:
    """What the candidates said."""
    return [(name, message) for name in lab.cluster.names for _, message in lab.delivered(name, OPERATOR)]


@pytest.mark.parametrize(
    ("candidate", "asked", "leads"), [("best", "n1", True), ("any", "n2", False), ("n2", "n2", False)]
)
def test_the_candidate(candidate: str, asked: str, leads: bool) -> None:
    lab = Lab()
    lab.fault(7, Promote(candidate=candidate))
    lab.run(10)
    assert commands(lab) == {asked: [PromoteCommand(2, False, ())]}
    assert [(node, answer.epoch, answer.leads) for node, answer in answers(lab)] == [(asked, 2, leads)]
    assert lab.held(7)
    assert (lab.node(asked).core.role == "leader") is leads


def test_the_best_is_one_whose_word_counts_however_far_the_others_are() -> None:
    lab = Lab()
    lab.fault(1, Lag(source="n0", target="n1", delay_ns=200 * MILLISECOND))
    lab.write("v")
    lab.fault(2, Lag(source="n0", target="n1", delay_ns=10_000 * MILLISECOND))
    lab.submit_write("w")
    lab.run(50)
    assert (lab.log("n1"), lab.log("n2")) == (["1:1", "1:2"], ["1:1", "1:2", "1:3"])
    lab.fault(3, Promote())
    assert lab.cluster.operator.choose("best") == "n1"


def test_of_a_quorum_the_best_has_the_newest_log() -> None:
    lab = Lab(policy="quorum")
    lab.fault(1, Lag(source="n0", target="n1", delay_ns=10_000 * MILLISECOND))
    lab.write("v")
    assert lab.cluster.operator.choose("best") == "n2"


def test_any_is_the_last_that_runs() -> None:
    lab = Lab(nodes=("n0", "n1", "n2", "n3"))
    lab.fault(1, Crash(node="n3"))
    assert lab.cluster.operator.choose("any") == "n2"
    lab.fault(2, Pause(node="n2"))
    assert lab.cluster.operator.choose("any") == "n1"
    lab.fault(3, Crash(node="n1"))
    assert lab.cluster.operator.choose("any") is None


def test_nobody_is_commanded_where_the_named_one_is_down() -> None:
    lab = Lab()
    lab.fault(1, Crash(node="n2"))
    lab.fault(2, Promote(candidate="n2"))
    lab.run(10)
    assert commands(lab) == {}
    assert not lab.held(2)


@pytest.mark.parametrize(
    ("old", "up", "hears_of_it"), [("crash", False, False), ("cut", True, False), ("leave", True, True)]
)
def test_what_becomes_of_the_old_leader(
    old: Literal["crash", "cut", "leave"], up: bool, hears_of_it: bool
) -> None:
    lab = Lab()
    lab.write("v")
    lab.fault(7, Promote(old=old))
    lab.run(1_000)
    assert lab.node("n0").up is up
    assert (lab.node("n0").core.epoch == 2) is hears_of_it
    assert lab.node("n1").core.role == "leader"
    assert lab.trace.states["two live leaders"] == (0 if old == "crash" else 1)


def test_a_leader_that_is_cut_off_is_cut_off_from_nodes_alone() -> None:
    lab = Lab()
    lab.write("v")
    lab.fault(7, Promote(old="cut"))
    lab.run(10)
    # a client that did not hear of the promotion still reaches the old leader, and has no answer from it
    lab.clients["s0"].session.leader, lab.clients["s0"].session.epoch = "n0", 1
    before = len(lab.delivered("s0", "n0"))
    lab.submit_write("w")
    lab.run(1_000)
    assert len(lab.delivered("s0", "n0")) == before + 1
    assert len(lab.outcomes) == 1


def test_force_is_commanded_and_remembered() -> None:
    lab = Lab()
    lab.fault(7, Promote(candidate="n2", forced=True))
    lab.run(10)
    assert commands(lab) == {"n2": [PromoteCommand(2, True, ())]}
    assert lab.node("n2").core.role == "leader"
    assert lab.cluster.operator.forced


def test_no_epoch_is_commanded_twice() -> None:
    lab = Lab()
    for number in range(3):
        lab.fault(number, Promote(candidate="n2", old="leave"))
    lab.run(10)
    assert [command.epoch for command in commands(lab)["n2"]] == [2, 3, 4]


def test_clients_hear_who_leads_and_go_there() -> None:
    lab = Lab()
    lab.write("v")
    lab.fault(7, Promote())
    lab.run(10)
    session = lab.clients["s0"].session
    assert (session.leader, session.epoch) == ("n1", 2)
    assert value_of(lab.read()) == "v"
    assert lab.outcomes[-1].node == "n1"


def test_clients_do_not_hear_of_a_refusal() -> None:
    lab = Lab()
    lab.write("v")
    lab.fault(7, Promote(candidate="n2", old="leave"))
    lab.run(10)
    session = lab.clients["s0"].session
    assert (session.leader, session.epoch) == ("n0", 1)


def test_destroyed_disks_are_named() -> None:
    lab = Lab(synchronous=("n1", "n2"))
    lab.fault(1, Crash(node="n2", lose_disk=True))
    lab.fault(2, Promote(candidate="n1"))
    lab.run(10)
    assert commands(lab) == {"n1": [PromoteCommand(2, False, (Member("n2", 1),))]}
    assert list(lab.node("n1").core.members) == []


def test_the_next_old_leader_is_the_promoted_one() -> None:
    lab = Lab(synchronous=("n1", "n2"))
    lab.fault(1, Promote(candidate="n1"))
    lab.run(10)
    lab.fault(2, Promote(candidate="n2"))
    assert not lab.node("n1").up


def test_a_slow_candidate_takes_hold_when_it_answers() -> None:
    lab = Lab()
    lab.fault(1, SlowDisk(node="n1", delay_ns=100 * MILLISECOND))
    lab.fault(2, Promote())
    lab.run(100)
    assert not lab.held(2)
    lab.run(200)
    assert lab.held(2)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (ChangeMembers(action="add", node="n3"), "change-members"),
        (TransferLeadership(node="n1"), "transfer-leadership"),
    ],
)
def test_what_needs_elections_is_refused(step: CommandStep, kind: str) -> None:
    with pytest.raises(ScheduleError) as raised:
        Lab().fault(4, step)
    assert str(raised.value) == f"steps[4]: this system has no fault of the kind '{kind}'"
