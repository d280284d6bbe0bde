"""Reads: what is visible here, what a confirmed leader has, and what is fresh enough."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.effects import Note, Reply, Send, SetTimer
from rts.core.single_leader.leading import HEARTBEAT
from rts.core.single_leader.messages import (
    Append,
    AskPosition,
    Confirm,
    Confirmed,
    Fenced,
    Item,
    Position,
    ReadDone,
    ReadRequest,
    Refusal,
)
from rts.core.single_leader.reading import FRESHNESS
from rts.ids import Lsn
from rts.schedule import MILLISECOND, SECOND
from tests.core.single_leader.hand import (
    QUORUM,
    SYNC,
    Hand,
    answers,
    noted,
    promoted,
    put,
    spoken,
    timers,
    told,
)

TWO, THREE = put((1, 2), "two"), put((1, 3), "three", request=2)
NOTHING = (Item("k", None, None),)


def follower(*entries: Any, committed: int = 1, **settings: Any) -> Hand:
    """`n1`, which knows that `n0` leads, and has these entries."""
    hand = Hand("n1", SYNC, **settings)
    hand.get("n0", Append(1, Lsn(1, 1), entries, committed))
    if entries:
        hand.sync()
    return hand


def two_of(hand: Hand) -> Hand:
    """A leader that has acknowledged the value `two`."""
    hand.write("two")
    hand.sync()
    answers(hand, "n1", 2)
    return hand


def read(request: int = 1, **named: Any) -> ReadRequest:
    return ReadRequest(request, ("k",), **named)


def seen(value: Any, position: tuple[int, int], *, request: int = 1, leads: bool = False) -> ReadDone:
    """The answer of a replica at `position`, which wrote the value there."""
    return ReadDone(request, position[0], (Item("k", value, Lsn(*position)),), Lsn(*position), leads)


# --- local reads


def test_a_local_read_answers_what_is_acknowledged() -> None:
    hand = follower(TWO, THREE, committed=2)
    assert hand.get("c", read()) == [Reply("c", seen("two", (1, 2)))]


def test_an_absent_key_has_no_version() -> None:
    assert Hand("n1", SYNC).get("c", read()) == [Reply("c", ReadDone(1, 1, NOTHING, Lsn(1, 1), False))]


def test_several_keys_are_read_at_one_position() -> None:
    other = put((1, 3), 7, key="a")
    hand = follower(TWO, other, committed=3)
    items = (Item("k", "two", Lsn(1, 2)), Item("a", 7, Lsn(1, 3)))
    assert hand.get("c", ReadRequest(1, ("k", "a"))) == [Reply("c", ReadDone(1, 1, items, Lsn(1, 3), False))]


def test_a_scan_gives_the_keys_of_a_prefix_in_order() -> None:
    entries = [put((1, 2 + i), i, key=key) for i, key in enumerate(("sat/2", "sat/1", "gnd/1"))]
    effects = follower(*entries, committed=4).get("c", ReadRequest(1, (), prefix="sat/"))
    assert [(item.key, item.value) for item in told(effects, "c")[0].items] == [("sat/1", 1), ("sat/2", 0)]


# --- session tokens


def test_a_replica_that_has_reached_the_token_answers() -> None:
    hand = follower(TWO, committed=2)
    assert told(hand.get("c", read(at_least=Lsn(1, 2))), "c") == [seen("two", (1, 2))]


def test_a_replica_behind_the_token_refuses() -> None:
    hand = follower(TWO)
    assert hand.get("c", read(at_least=Lsn(1, 2))) == [Reply("c", Refusal(1, "behind", 1, "n0", Lsn(1, 1)))]


def test_a_replica_behind_the_token_waits_until_it_gets_there() -> None:
    hand = follower()
    assert hand.get("c", read(at_least=Lsn(1, 3), behind="wait")) == [Note("read waits for a position")]
    assert told(hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 2)), "c") == []
    assert told(hand.get("n0", Append(1, Lsn(1, 3), (), 3)), "c") == [seen("three", (1, 3))]
    assert told(hand.get("n0", Append(1, Lsn(1, 3), (), 3)), "c") == []


def test_a_replica_behind_the_token_forwards_to_the_leader_which_answers_the_client() -> None:
    effects = follower().get("c", read(at_least=Lsn(1, 2), behind="forward"))
    forwarded = ReadRequest(1, ("k",), None, "local", Lsn(1, 2), "wait", client="c")
    assert effects == [Note("read forwarded"), Send("n0", forwarded)]
    answer = seen("two", (1, 2), leads=True)
    assert two_of(Hand("n0", SYNC)).get("n1", forwarded) == [Reply("c", answer)]


def test_nobody_to_forward_to_is_a_refusal() -> None:
    refusal = Reply("c", Refusal(1, "behind", 1, None, Lsn(1, 1)))
    assert Hand("n1", SYNC).get("c", read(at_least=Lsn(1, 2), behind="forward")) == [refusal]


def test_a_leader_does_not_forward_to_itself() -> None:
    effects = Hand("n0", SYNC).get("c", read(at_least=Lsn(1, 2), behind="forward"))
    assert spoken(effects) == [("c", Refusal(1, "behind", 1, "n0", Lsn(1, 1)))]


def test_a_position_of_a_later_epoch_is_ahead_of_every_earlier_one() -> None:
    hand = follower(TWO, THREE, committed=3)
    assert told(hand.get("c", read(at_least=Lsn(2, 2))), "c") == [Refusal(1, "behind", 1, "n0", Lsn(1, 3))]


# --- leader reads


def test_a_leader_read_waits_for_the_members_to_confirm() -> None:
    hand = two_of(Hand("n0", SYNC))
    assert hand.get("c", read(consistency="leader")) == [Send("n1", Confirm(1, 1, 2))]
    assert hand.get("n1", Confirmed(1, 1, 1)) == [Reply("c", seen("two", (1, 2), leads=True))]


def test_a_leader_read_does_not_see_what_is_not_acknowledged() -> None:
    hand = Hand("n0", SYNC)
    hand.write("two")
    hand.sync()
    hand.get("c", read(consistency="leader"))
    assert told(hand.get("n1", Confirmed(1, 1, 1)), "c")[0].items == NOTHING


@pytest.mark.parametrize(
    ("sender", "answer"),
    [
        ("n2", Confirmed(1, 1, 1)),
        ("n1", Confirmed(1, 1, 2)),
        ("n1", Confirmed(2, 1, 1)),
        ("n1", Confirmed(1, 0, 1)),
    ],
    ids=["not a member", "another disk", "another epoch", "an earlier round"],
)
def test_other_answers_confirm_nothing(sender: str, answer: Confirmed) -> None:
    hand = two_of(Hand("n0", SYNC))
    hand.get("c", read(consistency="leader"))
    assert hand.get(sender, answer) == []


def test_any_other_member_makes_a_quorum_of_two() -> None:
    hand = Hand("n0", QUORUM)
    effects = hand.get("c", read(consistency="leader"))
    assert effects == [Send("n1", Confirm(1, 1, 1)), Send("n2", Confirm(1, 1, 1))]
    assert len(told(hand.get("n2", Confirmed(1, 1, 1)), "c")) == 1


def test_in_a_batch_a_read_waits_for_a_round_that_begins_after_it() -> None:
    hand = two_of(Hand("n0", SYNC, confirm="batch"))
    hand.get("c", read(1, consistency="leader"))
    assert hand.get("d", read(1, consistency="leader")) == []
    assert hand.get("e", read(1, consistency="leader")) == []
    first = hand.get("n1", Confirmed(1, 1, 1))
    assert first == [Reply("c", seen("two", (1, 2), leads=True)), Send("n1", Confirm(1, 2, 2))]
    assert hand.get("n1", Confirmed(1, 1, 1)) == []
    assert [to for to, _ in spoken(hand.get("n1", Confirmed(1, 2, 1)))] == ["d", "e"]


def test_confirmed_each_a_read_has_a_round_of_its_own() -> None:
    hand = two_of(Hand("n0", SYNC, confirm="each"))
    hand.get("c", read(1, consistency="leader"))
    assert hand.get("d", read(1, consistency="leader")) == [Send("n1", Confirm(1, 2, 2))]
    assert [to for to, _ in spoken(hand.get("n1", Confirmed(1, 1, 1)))] == ["c"]
    assert [to for to, _ in spoken(hand.get("n1", Confirmed(1, 2, 1)))] == ["d"]


def test_a_later_round_answers_the_earlier_ones_too() -> None:
    hand = two_of(Hand("n0", SYNC, confirm="each"))
    hand.get("c", read(1, consistency="leader"))
    hand.get("d", read(1, consistency="leader"))
    assert [to for to, _ in spoken(hand.get("n1", Confirmed(1, 2, 1)))] == ["c", "d"]


def test_an_unanswered_round_is_asked_again_with_the_heartbeat() -> None:
    hand = two_of(Hand("n0", SYNC))
    hand.get("c", read(consistency="leader"))
    assert Confirm(1, 1, 2) in told(hand.fire(HEARTBEAT), "n1")
    hand.get("n1", Confirmed(1, 1, 1))
    assert Confirm(1, 1, 2) not in told(hand.fire(HEARTBEAT), "n1")


def test_a_deposed_leader_refuses_the_reads_that_wait() -> None:
    hand = two_of(Hand("n0", SYNC, confirm="batch"))
    hand.get("c", read(consistency="leader"))
    hand.get("d", read(consistency="leader"))
    effects = hand.get("n1", Fenced(2, "n1"))
    refusal = Refusal(1, "not-leader", 2, None, Lsn(1, 2))
    assert spoken(effects) == [("c", refusal), ("d", refusal)]
    assert spoken(hand.get("n1", Confirmed(1, 1, 1))) == []


def test_who_does_not_lead_refuses_leader_reads_and_names_the_leader() -> None:
    refusal = Refusal(1, "not-leader", 1, "n0", Lsn(1, 1))
    assert follower().get("c", read(consistency="leader")) == [Reply("c", refusal)]


def test_a_new_leader_answers_only_after_an_entry_of_its_own_epoch_is_acknowledged() -> None:
    """Ongaro §6.4: it may not know yet what its predecessor acknowledged."""
    hand = promoted("n1", TWO, settings=QUORUM)
    hand.get("c", read(consistency="leader"))
    assert hand.get("n2", Confirmed(2, 1, 1)) == []
    answer = ReadDone(1, 2, (Item("k", "two", Lsn(1, 2)),), Lsn(2, 3), True)
    assert told(answers(hand, "n2", 3), "c") == [answer]


def test_a_leader_without_members_cannot_be_confirmed() -> None:
    hand = promoted("n1", settings=SYNC)
    assert hand.get("c", read(consistency="leader")) == []


# --- freshness by time


def fresh(request: int = 1, *, bound_ns: int = SECOND, bound_entries: int = 0) -> ReadRequest:
    return read(request, consistency="fresh", bound_ns=bound_ns, bound_entries=bound_entries)


def test_a_follower_asks_the_leader_and_then_answers() -> None:
    hand = follower(TWO, committed=2)
    assert hand.get("c", fresh()) == [
        Send("n0", AskPosition(1, 1)),
        SetTimer(FRESHNESS, 150 * MILLISECOND),
    ]
    assert hand.get("n0", Position(1, 1, Lsn(1, 2))) == [Reply("c", seen("two", (1, 2)))]


def test_the_leader_says_its_position_once_it_is_confirmed() -> None:
    hand = two_of(Hand("n0", SYNC))
    assert hand.get("n2", AskPosition(1, 7)) == [Send("n1", Confirm(1, 1, 2))]
    assert hand.get("n1", Confirmed(1, 1, 1)) == [Send("n2", Position(1, 7, Lsn(1, 2)))]


def test_a_deposed_leader_says_no_position() -> None:
    hand = two_of(Hand("n0", SYNC))
    hand.get("n2", AskPosition(1, 7))
    assert spoken(hand.get("n1", Fenced(2, "n1"))) == []
    assert hand.get("n2", AskPosition(1, 8)) == [Send("n2", Fenced(2, "n1"))]


def test_freshness_counts_from_the_asking_and_ends_a_clocks_error_before_the_bound() -> None:
    hand = follower()
    hand.now = 1_000 * MILLISECOND
    hand.get("c", fresh(1))
    hand.now = 1_140 * MILLISECOND
    hand.get("n0", Position(1, 1, Lsn(1, 1)))
    hand.now = 1_999 * MILLISECOND
    assert len(told(hand.get("c", fresh(2)), "c")) == 1
    hand.now += 1
    assert spoken(hand.get("c", fresh(3))) == [("n0", AskPosition(1, 2))]


def test_a_follower_is_fresh_only_when_it_has_reached_the_leaders_position() -> None:
    hand = follower()
    hand.get("c", fresh())
    assert hand.get("n0", Position(1, 1, Lsn(1, 3))) == []
    assert told(hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 2)), "c") == []
    assert told(hand.get("n0", Append(1, Lsn(1, 3), (), 3)), "c") == [seen("three", (1, 3))]


def test_the_leaders_heartbeats_make_nobody_fresh() -> None:
    hand = follower()
    hand.get("c", fresh())
    assert hand.get("n0", Append(1, Lsn(1, 1), (), 1)) == []


def test_an_answer_of_another_epoch_or_to_no_question_counts_for_nothing() -> None:
    hand = follower()
    hand.get("c", fresh())
    hand.get("d", fresh(bound_entries=1))
    assert hand.get("n0", Position(1, 3, Lsn(1, 1))) == []
    assert hand.get("n0", Position(2, 1, Lsn(1, 1))) == []


def test_a_follower_that_cannot_show_that_it_is_fresh_refuses_in_time() -> None:
    hand = follower()
    hand.get("c", fresh())
    hand.now = 50 * MILLISECOND
    hand.get("d", fresh())
    effects = hand.fire(FRESHNESS, after_ns=100 * MILLISECOND)
    assert spoken(effects) == [("c", Refusal(1, "not-fresh", 1, "n0", Lsn(1, 1)))]
    assert noted(effects) == ["replica over the bound"]
    assert timers(effects) == [(FRESHNESS, 50 * MILLISECOND)]
    assert [to for to, _ in spoken(hand.fire(FRESHNESS, after_ns=50 * MILLISECOND))] == ["d"]
    assert told(hand.get("n0", Position(1, 1, Lsn(1, 1))), "c") == []


def test_an_answer_that_came_late_still_counts_from_the_asking() -> None:
    hand = follower()
    hand.get("c", fresh(1))
    hand.fire(FRESHNESS, after_ns=150 * MILLISECOND)
    hand.now = 900 * MILLISECOND
    hand.get("n0", Position(1, 1, Lsn(1, 1)))
    hand.now = 999 * MILLISECOND
    assert len(told(hand.get("c", fresh(2)), "c")) == 1
    hand.now = 1_000 * MILLISECOND
    assert told(hand.get("c", fresh(3)), "c") == []


def test_who_knows_no_leader_refuses_in_time() -> None:
    hand = Hand("n1", SYNC)
    assert spoken(hand.get("c", fresh())) == []
    assert spoken(hand.fire(FRESHNESS, after_ns=150 * MILLISECOND)) == [
        ("c", Refusal(1, "not-fresh", 1, None, Lsn(1, 1)))
    ]


def test_a_leader_that_is_asked_for_a_fresh_read_is_confirmed_first() -> None:
    hand = two_of(Hand("n0", SYNC))
    assert hand.get("c", fresh()) == [Send("n1", Confirm(1, 1, 2))]
    assert told(hand.get("n1", Confirmed(1, 1, 1)), "c") == [seen("two", (1, 2), leads=True)]


# --- freshness by entries


def test_a_bound_in_entries_asks_after_the_read_began() -> None:
    hand = follower()
    hand.get("c", fresh(1, bound_entries=1))
    hand.get("n0", Position(1, 1, Lsn(1, 1)))
    assert spoken(hand.get("c", fresh(2, bound_entries=1))) == [("n0", AskPosition(1, 2))]
    assert hand.get("n0", Position(1, 1, Lsn(1, 1))) == []


@pytest.mark.parametrize(("behind", "answered"), [(0, True), (1, True), (2, False)])
def test_a_follower_within_the_bound_in_entries_answers(behind: int, answered: bool) -> None:
    hand = follower()
    hand.get("c", fresh(bound_entries=1))
    effects = hand.get("n0", Position(1, 1, Lsn(1, 1 + behind)))
    assert bool(told(effects, "c")) is answered


def test_a_follower_over_the_bound_in_entries_answers_once_it_has_caught_up_far_enough() -> None:
    hand = follower()
    hand.get("c", fresh(bound_entries=1))
    hand.get("n0", Position(1, 1, Lsn(1, 3)))
    assert told(hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 2)), "c") == [seen("two", (1, 2))]


def test_an_answer_to_an_earlier_read_says_nothing_to_a_later_one() -> None:
    entries = tuple(put((1, index), index, request=index) for index in range(2, 5))
    hand = follower()
    hand.get("c", fresh(1, bound_entries=1))
    hand.get("n0", Position(1, 1, Lsn(1, 5)))
    hand.get("d", fresh(1, bound_entries=1))
    hand.get("n0", Position(1, 2, Lsn(1, 9)))
    effects = hand.get("n0", Append(1, Lsn(1, 1), entries, 4))
    assert told(effects, "c") == [seen(4, (1, 4))]
    assert told(effects, "d") == []
