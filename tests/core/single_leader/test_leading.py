"""A leader: writes in order, once each, acknowledged when the policy says so and not before."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.effects import Note, Persist, Reply, Send, SetTimer
from rts.core.single_leader.leading import HEARTBEAT
from rts.core.single_leader.log import AppendRecord, EpochRecord
from rts.core.single_leader.messages import (
    Append,
    Appended,
    Fenced,
    Refusal,
    Unknown,
    WriteDone,
    WriteRequest,
)
from rts.ids import Lsn
from rts.schedule import MILLISECOND, SECOND
from tests.core.single_leader.hand import (
    NONE,
    QUORUM,
    SYNC,
    Hand,
    answers,
    noted,
    promoted,
    put,
    spoken,
    told,
    written,
)


def leader(settings: dict[str, Any] = SYNC, **more: Any) -> Hand:
    return Hand("n0", settings, **more)


def done(request: int, index: int, *, epoch: int = 1) -> WriteDone:
    return WriteDone(request, epoch, Lsn(epoch, index))


# --- acknowledgement


def test_a_restarted_leader_leads_and_asks_how_far_the_others_are() -> None:
    ask = Append(1, Lsn(1, 1), (), 1, asks=True)
    assert leader().first == [
        Note("leads", 1),
        SetTimer(HEARTBEAT, 500 * MILLISECOND),
        Send("n1", ask),
        Send("n2", ask),
    ]


def test_a_write_goes_to_the_own_disk_and_to_every_follower_at_once() -> None:
    entry = put((1, 2), "v")
    append = Append(1, Lsn(1, 1), (entry,), 1)
    assert leader().write("v") == [
        Persist(1, AppendRecord(1, (entry,), 1)),
        Send("n1", append),
        Send("n2", append),
    ]


@pytest.mark.parametrize("first", ["own disk", "follower"])
def test_a_synchronous_write_needs_the_follower_and_the_own_disk(first: str) -> None:
    hand = leader()
    hand.write("v")
    early = hand.sync() if first == "own disk" else answers(hand, "n1", 2)
    assert (early, hand.value()) == ([], None)
    late = answers(hand, "n1", 2) if first == "own disk" else hand.sync()
    assert late == [
        Send("n1", Append(1, Lsn(1, 2), (), 2)),
        Send("n2", Append(1, Lsn(1, 2), (), 2)),
        Reply("c", done(1, 2)),
    ]
    assert hand.value() == "v"


def test_an_asynchronous_follower_acknowledges_nothing() -> None:
    hand = leader()
    hand.write("v")
    hand.sync()
    assert answers(hand, "n2", 2) == []


def test_with_two_synchronous_followers_both_are_waited_for() -> None:
    hand = leader(SYNC, synchronous=("n1", "n2"))
    hand.write("v")
    hand.sync()
    assert told(answers(hand, "n1", 2), "c") == []
    assert told(answers(hand, "n2", 2), "c") == [done(1, 2)]


@pytest.mark.parametrize("follower", ["n1", "n2"])
def test_a_quorum_of_two_is_the_leader_and_either_follower(follower: str) -> None:
    hand = leader(QUORUM)
    hand.write("v")
    assert told(hand.sync(), "c") == []
    assert told(answers(hand, follower, 2), "c") == [done(1, 2)]


def test_a_quorum_may_be_two_followers() -> None:
    hand = leader(QUORUM)
    hand.write("v")
    assert told(answers(hand, "n1", 2), "c") == []
    assert told(answers(hand, "n2", 2), "c") == [done(1, 2)]


def test_without_a_policy_the_own_disk_is_enough() -> None:
    hand = leader(NONE)
    assert told(hand.write("v"), "c") == []
    assert told(hand.sync(), "c") == [done(1, 2)]


def test_writes_are_acknowledged_in_order_up_to_the_position_confirmed() -> None:
    hand = leader()
    for request in (1, 2, 3):
        hand.write(request, request=request)
    hand.sync()
    assert told(answers(hand, "n1", 3), "c") == [done(1, 2), done(2, 3)]
    assert told(answers(hand, "n1", 4), "c") == [done(3, 4)]


def test_an_older_answer_takes_nothing_back() -> None:
    hand = leader()
    hand.write(1)
    hand.write(2, request=2)
    answers(hand, "n1", 3)
    assert answers(hand, "n1", 2) == []
    assert told(hand.sync(), "c") == [done(1, 2), done(2, 3)]


def test_an_answer_of_another_epoch_counts_for_nothing() -> None:
    hand = promoted("n1", settings=QUORUM)
    assert hand.get("n2", Appended(1, 2, 1)) == []
    assert noted(answers(hand, "n2", 2)) == []
    assert hand.replica.committed == 2


def test_an_answer_from_another_disk_counts_for_nothing() -> None:
    hand = leader()
    hand.write("v")
    hand.sync()
    assert told(answers(hand, "n1", 2, disk=2), "c") == []


def test_entries_of_earlier_epochs_are_safe_only_with_one_of_this_epoch() -> None:
    """Raft §5.4.2, Figure 8: two disks have the old entry, and a leader of epoch 3 could still replace it."""
    hand = promoted("n1", put((1, 2), "old"), settings=QUORUM)
    assert hand.log == ["1:1", "1:2", "2:3"]
    assert answers(hand, "n2", 2) == []
    assert (hand.replica.committed, hand.value()) == (1, None)
    assert spoken(answers(hand, "n2", 3)) == [
        ("n0", Append(2, Lsn(2, 3), (), 3)),
        ("n2", Append(2, Lsn(2, 3), (), 3)),
    ]
    assert hand.value() == "old"


def test_a_restarted_leader_answers_nothing_before_all_that_it_held_is_safe() -> None:
    hand = Hand("n0", SYNC, AppendRecord(1, (put((1, 2), "a"), put((1, 3), "b")), 1))
    assert answers(hand, "n1", 2) == []
    assert hand.replica.committed == 1
    answers(hand, "n1", 3)
    assert hand.replica.committed == 3


# --- requests


def test_a_repeated_request_is_appended_once_and_answered_when_it_is_acknowledged() -> None:
    hand = leader()
    hand.write("v")
    assert hand.write("v") == [Note("duplicate request")]
    answers(hand, "n1", 2)
    hand.sync()
    assert hand.write("v") == [Note("duplicate request"), Reply("c", done(1, 2))]
    assert hand.log == ["1:1", "1:2"]


def test_a_request_older_than_the_clients_last_is_left_alone() -> None:
    hand = leader(NONE)
    hand.write("a")
    hand.write("b", request=2)
    hand.sync()
    assert hand.write("a") == [Note("duplicate request")]
    assert hand.value() == "b"


def test_a_request_that_the_old_leader_took_is_known_to_the_new_one() -> None:
    hand = promoted("n1", put((1, 2), "v"), settings=QUORUM)
    assert hand.write("v") == [Note("duplicate request")]
    answers(hand, "n2", 3)
    assert told(hand.write("v"), "c") == [WriteDone(1, 2, Lsn(1, 2))]


def test_two_clients_count_their_requests_apart() -> None:
    hand = leader()
    hand.write("a", client="c")
    assert len(written(hand.write("b", client="d"))) == 1


def test_a_delete_writes_no_value() -> None:
    effects = leader().get("c", WriteRequest(1, 1, "delete", "k", "ignored"))
    assert written(effects) == [AppendRecord(1, (put((1, 2), None),), 1)]


def compare_and_set(request: int, expected: Any, value: Any) -> WriteRequest:
    return WriteRequest(1, request, "cas", "k", value, expected)


def test_compare_and_set_compares_with_the_last_entry_acknowledged_or_not() -> None:
    hand = leader()
    hand.write("a")
    assert hand.value() is None
    refused = Refusal(2, "compare-failed", 1, "n0", Lsn(1, 1))
    assert hand.get("c", compare_and_set(2, None, "b")) == [Reply("c", refused)]
    assert written(hand.get("c", compare_and_set(3, "a", "b"))) == [
        AppendRecord(2, (put((1, 3), "b", request=3),), 1)
    ]
    assert told(hand.get("d", compare_and_set(1, "b", "c")), "d") == []


def test_a_compare_and_set_that_failed_is_not_tried_again() -> None:
    hand = leader()
    hand.get("c", compare_and_set(1, "a", "b"))
    hand.get("d", WriteRequest(1, 1, "write", "k", "a"))
    assert hand.get("c", compare_and_set(1, "a", "b")) == [Note("duplicate request")]


@pytest.mark.parametrize(
    ("node", "request_", "refusal"),
    [
        ("n1", WriteRequest(1, 1, "write", "k", "v"), Refusal(1, "not-leader", 1, None, Lsn(1, 1))),
        ("n0", WriteRequest(2, 1, "write", "k", "v"), Refusal(1, "not-leader", 1, "n0", Lsn(1, 1))),
        ("n0", WriteRequest(0, 1, "write", "k", "v"), Refusal(1, "not-leader", 1, "n0", Lsn(1, 1))),
        (
            "n0",
            WriteRequest(1, 1, "write", "k", "v", at_least=Lsn(1, 2)),
            Refusal(1, "not-leader", 1, "n0", Lsn(1, 1)),
        ),
    ],
    ids=["follower", "later epoch", "earlier epoch", "lacks what the client depends on"],
)
def test_who_refuses_a_write(node: str, request_: WriteRequest, refusal: Refusal) -> None:
    assert Hand(node, SYNC).get("c", request_) == [Reply("c", refusal)]


def test_a_leader_that_has_what_the_client_depends_on_takes_the_write() -> None:
    effects = leader().get("c", WriteRequest(1, 1, "write", "k", "v", at_least=Lsn(1, 1)))
    assert len(written(effects)) == 1


# --- losing the lead, and losing patience


def test_a_fenced_leader_says_that_it_does_not_know() -> None:
    hand = leader()
    hand.write("a")
    effects = hand.get("n1", Fenced(2, "n1"))
    assert effects[0] == Persist(2, EpochRecord(2))
    assert noted(effects) == ["leader deposed"]
    assert spoken(effects) == [("c", Unknown(1, 2))]
    assert hand.replica.role == "follower"
    assert spoken(answers(hand, "n1", 2)) == []
    assert spoken(hand.sync()) == []


def test_a_deposed_leader_refuses_writes_and_names_the_new_one() -> None:
    hand = leader()
    hand.get("n1", Fenced(2, "n1"))
    assert hand.get("c", WriteRequest(1, 1, "write", "k", "v")) == [
        Reply("c", Refusal(1, "not-leader", 2, "n1", Lsn(1, 1)))
    ]


def test_a_deposed_leader_that_restarts_does_not_lead() -> None:
    hand = Hand("n0", SYNC, EpochRecord(2))
    assert hand.first == []
    assert hand.replica.role == "follower"


def test_a_fence_of_the_own_epoch_or_below_means_nothing() -> None:
    hand = leader()
    assert hand.get("n1", Fenced(1, "n1")) == []
    assert hand.replica.role == "leader"


def test_a_write_that_waited_too_long_is_unknown_and_never_acknowledged() -> None:
    hand = leader()
    hand.write("a")
    hand.sync()
    assert told(hand.fire(HEARTBEAT, after_ns=10 * SECOND - 1), "c") == []
    effects = hand.fire(HEARTBEAT, after_ns=1)
    assert told(effects, "c") == [Unknown(1, 1)]
    assert noted(effects) == ["wait timed out"]
    late = answers(hand, "n1", 2)
    assert told(late, "c") == []
    assert hand.value() == "a"
