"""The operator of a simulated cluster: asks whoever leads, again where that helps, one thing at a time."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.log import Configuration
from rts.core.raft.messages import Changed, ChangeMembers, Refused, TransferLeadership, Unknown
from rts.core.raft.settings import Settings
from rts.ids import Lsn
from rts.raft.simulated.cluster import Cluster
from rts.raft.simulated.operator import ADDRESS, MOST_ATTEMPTS, RETRY_NS, Operator
from rts.schedule import ChangeMembers as ChangeStep
from rts.schedule import TransferLeadership as TransferStep

NODES = ("n0", "n1", "n2")


class Asked:
    """An operator whose leader `n0` the test plays."""

    def __init__(self) -> None:
        self.cluster = Cluster(NODES, Settings(voters=NODES))
        self.operator: Operator = self.cluster.operator
        self.messages: list[Any] = []
        for node in self.cluster.nodes.values():
            node.start()
        self.cluster.nodes["n0"].core.role = "leader"
        self.cluster.network.send = self.take  # type: ignore[method-assign]  # what leaves is looked at
        self.steps = 0

    def take(self, source: str, target: str, message: Any) -> None:
        if source == ADDRESS:
            assert target == "n0"
            self.messages.append(message)

    def want(self, step: ChangeStep | TransferStep) -> None:
        self.steps += 1
        self.cluster.trace.draw(self.steps, "wish")
        self.operator.apply(self.steps, step)

    def answer(self, message: Any) -> None:
        self.operator.deliver("n0", message, 0)

    def refuse(self, reason: Any) -> None:
        self.answer(Refused(self.messages[-1].request, reason, 1, "n0"))

    def wait(self) -> None:
        self.cluster.pump.run(self.cluster.pump.now + 11 * RETRY_NS)


def changed(request: int) -> Changed:
    return Changed(request, Lsn(1, 3), Configuration())


def test_a_wish_is_asked_for_once_and_held_when_it_is_done() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="add", node="n3"))
    assert asked.messages == [ChangeMembers(1, "add", "n3")]
    asked.answer(changed(1))
    asked.wait()
    assert len(asked.messages) == 1
    assert asked.cluster.trace.took_hold == {1}


def test_wishes_wait_for_each_other() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    asked.want(TransferStep(node="n1"))
    assert len(asked.messages) == 1
    asked.answer(changed(1))
    assert asked.messages[1] == TransferLeadership(3, "n1")


@pytest.mark.parametrize("reason", ["not-leader", "change-under-way", "term-not-committed", "transferring"])
def test_what_may_be_taken_later_is_asked_for_again(reason: str) -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    asked.refuse(reason)
    asked.wait()
    assert [type(message) for message in asked.messages[:2]] == [ChangeMembers, ChangeMembers]


@pytest.mark.parametrize("reason", ["no-change", "last-voter", "not-a-voter", "silent", "timed-out"])
def test_what_would_only_hold_up_the_clients_is_not(reason: str) -> None:
    asked = Asked()
    asked.want(TransferStep(node="n2"))
    asked.refuse(reason)
    asked.wait()
    assert len(asked.messages) == 1
    assert asked.cluster.trace.took_hold == set()


def test_silence_and_an_unknown_outcome_are_asked_about_again() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    asked.wait()
    assert len(asked.messages) == 2
    asked.answer(Unknown(asked.messages[-1].request, 2))
    asked.wait()
    assert len(asked.messages) >= 3


def test_what_became_of_a_wish_is_left_open_where_another_waits() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    asked.want(TransferStep(node="n1"))
    asked.answer(Unknown(1, 2))
    assert type(asked.messages[-1]) is TransferLeadership
    assert asked.cluster.trace.took_hold == set()


def test_a_late_answer_to_an_earlier_attempt_counts() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    asked.wait()
    asked.answer(changed(1))
    assert asked.cluster.trace.took_hold == {1}


def test_it_gives_up_in_the_end() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    for _ in range(2 * MOST_ATTEMPTS):
        asked.wait()
    assert len(asked.messages) == MOST_ATTEMPTS


def test_it_wants_nothing_more_when_it_rests() -> None:
    asked = Asked()
    asked.want(ChangeStep(action="remove", node="n2"))
    asked.operator.rest()
    asked.wait()
    assert len(asked.messages) == 1
