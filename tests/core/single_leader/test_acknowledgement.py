"""The arithmetic of the policies, as tables."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from rts.core.single_leader.acknowledgement import Policy, Quorum, Synchronous, Unacknowledged
from rts.ids import Member

A, B, C = Member("a", 1), Member("b", 1), Member("c", 1)
NEW_B = Member("b", 2)


@pytest.mark.parametrize(
    ("members", "own_index", "matched", "acknowledged"),
    [
        ((B,), 9, {B: 7}, 7),
        ((B,), 5, {B: 7}, 5),  # the leader's own disk counts too
        ((B,), 9, {}, 0),
        ((B, C), 9, {B: 7, C: 3}, 3),
        ((B, C), 9, {B: 7}, 0),
        ((B,), 9, {C: 9}, 0),  # an asynchronous follower's word counts for nothing
        ((B,), 9, {NEW_B: 9}, 0),  # nor does another disk's
        ((), 9, {B: 9}, 0),
    ],
)
def test_synchronous_waits_for_every_member(
    members: tuple[Member, ...], own_index: int, matched: dict[Member, int], acknowledged: int
) -> None:
    assert Synchronous().acknowledged(members, A, own_index, matched) == acknowledged


@pytest.mark.parametrize(
    ("size", "own_index", "matched", "acknowledged"),
    [
        (2, 9, {B: 7}, 7),
        (2, 9, {B: 7, C: 8}, 8),
        (2, 5, {B: 7, C: 6}, 6),  # two others are enough: the leader's disk may be the slow one
        (2, 9, {}, 0),
        (1, 9, {}, 9),
        (3, 9, {B: 7, C: 8}, 7),
        (3, 9, {B: 7}, 0),
        (2, 9, {NEW_B: 9}, 0),
    ],
)
def test_quorum_waits_for_so_many(
    size: int, own_index: int, matched: dict[Member, int], acknowledged: int
) -> None:
    assert Quorum(size).acknowledged((A, B, C), A, own_index, matched) == acknowledged


def test_a_leader_that_is_no_member_is_not_counted() -> None:
    assert Quorum(2).acknowledged((B, C), A, 9, {B: 4, C: 3}) == 3
    assert not Quorum(2).confirmed((B, C), A, {B})
    assert Quorum(2).confirmed((B, C), A, {B, C})


def test_fewer_members_than_the_quorum_acknowledge_nothing() -> None:
    assert Quorum(2).acknowledged((A,), A, 9, {}) == 0


def test_quorum_acknowledges_the_highest_index_that_so_many_have() -> None:
    for size, own, b, c in product((1, 2, 3), range(4), range(4), range(4)):
        highest = max(
            index for index in range(4) if index == 0 or sum(at >= index for at in (own, b, c)) >= size
        )
        assert Quorum(size).acknowledged((A, B, C), A, own, {B: b, C: c}) == highest


def test_none_waits_for_the_leaders_disk_alone() -> None:
    assert Unacknowledged().acknowledged((), A, 9, {}) == 9
    assert Unacknowledged().confirmed((), A, ())


@pytest.mark.parametrize(
    ("policy", "members", "by", "confirmed"),
    [
        (Synchronous(), (B, C), {B, C}, True),
        (Synchronous(), (B, C), {B}, False),
        (Synchronous(), (B,), {NEW_B}, False),
        (Synchronous(), (), set(), False),  # an epoch without a member confirms nobody
        (Quorum(2), (A, B, C), {B}, True),
        (Quorum(2), (A, B, C), set(), False),
        (Quorum(2), (A, B, C), {NEW_B}, False),
        (Quorum(3), (A, B, C), {B}, False),
        (Quorum(1), (A, B, C), set(), True),
    ],
)
def test_who_confirms_a_leader(
    policy: Policy, members: tuple[Member, ...], by: set[Member], confirmed: bool
) -> None:
    assert policy.confirmed(members, A, by) is confirmed


@pytest.mark.parametrize(
    ("policy", "own", "eligible"),
    [
        (Synchronous(), B, True),
        (Synchronous(), NEW_B, False),
        (Synchronous(), C, False),
        (Quorum(2), B, True),
        (Quorum(2), NEW_B, False),
        (Unacknowledged(), B, False),
    ],
)
def test_who_may_lead(policy: Policy, own: Member, eligible: bool) -> None:
    assert policy.eligible((B,), own) is eligible


@pytest.mark.parametrize(
    ("policy", "promises"),
    [(Quorum(1), 3), (Quorum(2), 2), (Quorum(3), 1), (Synchronous(), 1), (Unacknowledged(), 1)],
)
def test_promises_needed_of_three_members(policy: Policy, promises: int) -> None:
    assert policy.promises_needed((A, B, C)) == promises


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_those_who_promised_share_a_member_with_every_quorum(count: int) -> None:
    """Flexible Paxos: sizes W and N - W + 1 meet, and one promise fewer would not do."""
    members = [Member(name, 1) for name in "abcde"[:count]]
    for size in range(1, count + 1):
        promises = Quorum(size).promises_needed(members)
        quorums = [set(quorum) for quorum in combinations(members, size)]
        assert all(quorum & set(heard) for quorum in quorums for heard in combinations(members, promises))
        assert any(
            not quorum & set(heard) for quorum in quorums for heard in combinations(members, promises - 1)
        )


def test_members_of_a_new_epoch() -> None:
    assert Synchronous().members_of_new_epoch((B, C), B, ()) == (C,)
    assert Synchronous().members_of_new_epoch((B, C), B, (C,)) == ()
    assert Synchronous().members_of_new_epoch((B, C), A, (NEW_B,)) == (B, C)
    assert Quorum(2).members_of_new_epoch((A, B, C), B, (A,)) == (A, B, C)
    assert Unacknowledged().members_of_new_epoch((B,), B, ()) == ()


def test_only_an_empty_synchronous_set_wants_another() -> None:
    assert Synchronous().wants_another(())
    assert not Synchronous().wants_another((B,))
    assert not Quorum(2).wants_another(())
    assert not Unacknowledged().wants_another(())


def test_only_a_quorum_replaces_members_and_one_at_a_time() -> None:
    policies: tuple[Policy, ...] = (Synchronous(), Quorum(2), Unacknowledged())
    assert [policy.replaces_members() for policy in policies] == [False, True, False]
    assert [policy.changes_one_at_a_time() for policy in policies] == [False, True, False]
