"""Promotion: an epoch is never used twice, and nobody leads who may lack what was acknowledged."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.effects import CancelTimer, Note, Persist, Reply, Send, SetTimer
from rts.core.single_leader.leading import HEARTBEAT
from rts.core.single_leader.log import AppendRecord, EpochRecord
from rts.core.single_leader.messages import (
    Append,
    AskPromise,
    Confirm,
    Fenced,
    Promise,
    PromoteCommand,
    WriteDone,
    WriteRequest,
)
from rts.core.single_leader.promotion import PromotionAnswer
from rts.ids import Lsn, Member
from rts.schedule import MILLISECOND
from tests.core.single_leader.hand import (
    N0,
    N1,
    N2,
    NONE,
    QUORUM,
    SYNC,
    Hand,
    answers,
    noted,
    opening,
    promoted,
    put,
    spoken,
    told,
    written,
)

TWO = put((1, 2), "two")


def promote(epoch: int = 2, *, forced: bool = False, destroyed: tuple[Member, ...] = ()) -> PromoteCommand:
    return PromoteCommand(epoch, forced, destroyed)


def refused(epoch: int, reason: str) -> list[Any]:
    return [
        Note("promotion refused", reason),
        Reply("operator", PromotionAnswer(epoch, leads=False, reason=reason)),
    ]


# --- which epoch


@pytest.mark.parametrize("forced", [False, True])
def test_an_epoch_that_was_used_before_is_refused_even_by_force(forced: bool) -> None:
    hand = Hand("n1", SYNC)
    assert hand.get("operator", promote(1, forced=forced)) == refused(1, "epoch 1 is not above 1")
    assert hand.replica.role == "follower"


def test_an_epoch_that_was_promised_to_another_is_refused() -> None:
    hand = Hand("n1", SYNC)
    hand.get("n2", Confirm(5, 1, 1))
    assert hand.get("operator", promote(5)) == refused(5, "epoch 5 is not above 5")


def test_an_epoch_promised_before_a_restart_is_refused() -> None:
    hand = Hand("n1", SYNC, EpochRecord(5))
    assert hand.get("operator", promote(5)) == refused(5, "epoch 5 is not above 5")


# --- who, with synchronous followers


def test_a_synchronous_follower_leads_at_once_and_opens_the_epoch_with_a_no_op() -> None:
    hand = Hand("n1", SYNC, synchronous=("n1", "n2"))
    first = opening((2, 2), "n1", N2)
    append = Append(2, Lsn(1, 1), (first,), 1)
    assert hand.get("operator", promote()) == [
        Persist(1, EpochRecord(2)),
        Note("leads", 2),
        SetTimer(HEARTBEAT, 500 * MILLISECOND),
        Persist(2, AppendRecord(1, (first,), 1)),
        Send("n0", append),
        Send("n2", append),
        Reply("operator", PromotionAnswer(2, leads=True)),
    ]


def test_an_asynchronous_follower_is_refused() -> None:
    hand = Hand("n2", SYNC)
    assert hand.get("operator", promote()) == refused(2, "it may lack acknowledged writes")
    assert hand.replica.epoch == 1


def test_a_node_on_another_disk_is_refused() -> None:
    hand = Hand("n1", SYNC, disk=2)
    assert hand.get("operator", promote()) == refused(2, "it may lack acknowledged writes")


def test_the_old_leader_is_no_candidate_either() -> None:
    assert noted(Hand("n0", SYNC).get("operator", promote())) == ["promotion refused"]


def test_force_makes_anybody_lead_and_says_so_in_the_log() -> None:
    hand = Hand("n2", SYNC)
    effects = hand.get("operator", promote(forced=True))
    assert written(effects) == [
        EpochRecord(2),
        AppendRecord(1, (opening((2, 2), "n2", N1, forced=True),), 1),
    ]
    assert told(effects, "operator") == [PromotionAnswer(2, leads=True)]


def test_destroyed_members_are_not_waited_for() -> None:
    hand = Hand("n1", SYNC, synchronous=("n1", "n2"))
    hand.get("operator", promote(destroyed=(N2,)))
    assert hand.replica.members == ()


def test_an_epoch_without_a_member_acknowledges_nothing() -> None:
    hand = promoted("n1", TWO)
    hand.write("v", request=2)
    assert told(hand.sync(), "c") == []
    assert (hand.replica.committed, hand.value()) == (1, None)
    assert told(hand.get("d", WriteRequest(2, 1, "write", "other", "w")), "d") == []
    # n2 has all that the epoch opened with, though not yet the writes after it
    effects = answers(hand, "n2", 3)
    assert list(hand.replica.members) == [N2]
    assert (told(effects, "c"), hand.value()) == ([], None)
    hand.sync()
    # it counts from the entry on that makes it a member: before, it could not be promoted
    assert told(answers(hand, "n2", 5), "c") == []
    assert told(answers(hand, "n2", 6), "c") == [WriteDone(2, 2, Lsn(2, 4))]
    assert hand.value() == "v"


def test_a_new_leader_restarts_as_the_leader_of_its_epoch() -> None:
    first = opening((2, 3), "n1")
    hand = Hand("n1", SYNC, AppendRecord(1, (TWO,), 1), EpochRecord(2), AppendRecord(2, (first,), 1))
    assert noted(hand.first) == ["leads"]
    assert hand.replica.barrier == 3


def test_a_candidate_that_crashed_before_its_epoch_opened_is_a_follower() -> None:
    hand = Hand("n1", SYNC, EpochRecord(2))
    assert hand.first == []
    assert hand.get("operator", promote(2)) == refused(2, "epoch 2 is not above 2")
    assert told(hand.get("operator", promote(3)), "operator") == [PromotionAnswer(3, leads=True)]


def test_without_a_policy_only_force_promotes() -> None:
    hand = Hand("n1", NONE)
    assert noted(hand.get("operator", promote())) == ["promotion refused"]
    hand.get("operator", promote(forced=True))
    assert hand.replica.role == "leader"
    hand.sync()
    assert hand.replica.committed == 2


# --- who, with a quorum


def candidate(*entries: Any, quorum: int = 2) -> Hand:
    """`n1`, commanded to lead epoch 2."""
    hand = Hand("n1", QUORUM, quorum=quorum)
    if entries:
        hand.get("n0", Append(1, Lsn(1, 1), entries, 1))
    hand.get("operator", promote())
    return hand


def test_a_candidate_asks_the_others_to_promise() -> None:
    assert Hand("n1", QUORUM).get("operator", promote()) == [
        Persist(1, EpochRecord(2)),
        Send("n0", AskPromise(2)),
        Send("n2", AskPromise(2)),
        SetTimer(HEARTBEAT, 500 * MILLISECOND),
    ]


def test_one_promise_besides_its_own_is_enough_of_three() -> None:
    hand = candidate()
    effects = hand.get("n2", Promise(2, Lsn(1, 1), 1))
    assert written(effects) == [AppendRecord(1, (opening((2, 2), "n1", N0, N1, N2),), 1)]
    assert told(effects, "operator") == [PromotionAnswer(2, leads=True)]


@pytest.mark.parametrize(("quorum", "needed"), [(1, 2), (2, 1), (3, 0)])
def test_as_many_promise_as_meet_every_quorum(quorum: int, needed: int) -> None:
    hand = candidate(quorum=quorum)
    roles = [hand.replica.role]
    for node in ("n0", "n2"):
        hand.get(node, Promise(2, Lsn(1, 1), 1))
        roles.append(hand.replica.role)
    assert roles.index("leader") == needed


@pytest.mark.parametrize(
    "promise",
    [Promise(2, Lsn(1, 1), 2), Promise(3, Lsn(1, 1), 1), Promise(1, Lsn(1, 1), 1)],
    ids=["another disk", "a later epoch", "an earlier epoch"],
)
def test_other_promises_count_for_nothing(promise: Promise) -> None:
    hand = candidate()
    assert hand.get("n2", promise) == []
    assert hand.replica.role == "candidate"


def test_the_log_of_who_is_no_member_stops_nobody() -> None:
    hand = candidate()
    hand.get("n2", Promise(2, Lsn(1, 9), 2))
    assert noted(hand.get("n0", Promise(2, Lsn(1, 1), 1))) == ["leads"]


def test_one_member_that_promises_twice_is_counted_once() -> None:
    hand = candidate(quorum=1)
    hand.get("n2", Promise(2, Lsn(1, 1), 1))
    assert hand.get("n2", Promise(2, Lsn(1, 1), 1)) == []
    assert hand.replica.role == "candidate"


def test_a_candidate_steps_back_if_a_member_has_a_newer_log() -> None:
    hand = candidate()
    assert hand.get("n2", Promise(2, Lsn(1, 2), 1)) == [
        CancelTimer(HEARTBEAT),
        *refused(2, "another member's log is newer"),
    ]
    assert hand.replica.role == "follower"


def test_a_log_as_new_or_older_is_no_reason_to_step_back() -> None:
    hand = candidate(TWO)
    assert noted(hand.get("n2", Promise(2, Lsn(1, 2), 1))) == ["leads"]
    hand = candidate(TWO)
    assert noted(hand.get("n2", Promise(2, Lsn(1, 1), 1))) == ["leads"]


def test_a_later_epoch_makes_a_log_newer_however_short() -> None:
    hand = candidate(TWO, put((1, 3), "three", request=2))
    assert "promotion refused" in noted(hand.get("n2", Promise(2, Lsn(2, 2), 1)))


def test_promises_are_asked_for_again() -> None:
    hand = candidate()
    assert spoken(hand.fire(HEARTBEAT)) == [("n0", AskPromise(2)), ("n2", AskPromise(2))]


def test_a_candidate_neither_takes_nor_refuses_writes() -> None:
    assert candidate().write("v") == []


def test_a_candidate_gives_up_for_a_higher_epoch() -> None:
    hand = candidate()
    effects = hand.get("n2", AskPromise(3))
    assert [effect for effect in effects if not isinstance(effect, Persist)] == [
        CancelTimer(HEARTBEAT),
        Note("promotion refused", "a higher epoch exists"),
        Reply("operator", PromotionAnswer(2, leads=False, reason="a higher epoch exists")),
        Send("n2", Promise(3, Lsn(1, 1), 1)),
    ]


def test_a_promise_is_durable_before_it_is_said() -> None:
    assert Hand("n2", QUORUM).get("n1", AskPromise(2)) == [
        Persist(1, EpochRecord(2)),
        Send("n1", Promise(2, Lsn(1, 1), 1)),
    ]


def test_a_promise_is_repeated_to_who_asked_and_given_to_no_other() -> None:
    hand = Hand("n2", QUORUM)
    hand.get("n1", AskPromise(2))
    assert hand.get("n1", AskPromise(2)) == [Send("n1", Promise(2, Lsn(1, 1), 1))]
    assert hand.get("n0", AskPromise(2)) == [Send("n0", Fenced(2, "n1"))]


def test_who_promised_takes_nothing_from_the_old_leader() -> None:
    hand = Hand("n2", QUORUM)
    hand.get("n1", AskPromise(2))
    assert hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 2)) == [Send("n0", Fenced(2, "n1"))]
    assert hand.value() is None
