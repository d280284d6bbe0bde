"""Changes of members one at a time: thesis §4.1 to §4.2.3 with the erratum of 2015; transfers: §3.10."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.messages import (
    Changed,
    ChangeMembers,
    Refused,
    RequestVote,
    Submit,
    TimeoutNow,
    TransferLeadership,
    Transferred,
)
from rts.ids import ORIGIN
from tests.core.raft.hand import LOWER, N0, N1, N2, N3, Hand, append, entry, leader, members, told
from tests.core.raft.table import Table


def change(table: Table, name: str, action: Any, node: str) -> None:
    table.give(name, "operator", ChangeMembers(1, action, node))


def voters(table: Table, name: str) -> list[str]:
    return [member.node for member in table.core(name).voters]


def last_said(table: Table) -> Any:
    return table.said[-1][2]


def test_4_1_a_configuration_counts_as_soon_as_it_is_in_the_log() -> None:
    hand = Hand("n1")
    hand.get("n0", append(1, (0, 0), entry(1, 1, members(N0, N1))))
    assert hand.core.committed == 0
    assert hand.core.voters == (N0, N1)


def test_4_1_a_configuration_that_is_overwritten_gives_way_to_the_one_before() -> None:
    hand = Hand("n1")
    hand.get("n0", append(1, (0, 0), entry(1, 1, members(N0, N1))))
    hand.get("n2", append(2, (0, 0), entry(2, 1)))
    assert hand.core.voters == (N0, N1, N2)


def test_4_1_the_next_change_waits_until_this_one_is_committed() -> None:
    table = Table(("n0", "n1", "n2", "n3"))
    table.elect("n0")
    change(table, "n0", "remove", "n3")
    change(table, "n0", "remove", "n2")
    assert last_said(table) == Refused(1, "change-under-way", 1, "n0")
    table.settle()
    change(table, "n0", "remove", "n2")
    table.settle()
    assert voters(table, "n1") == ["n0", "n1"]


def test_4_1_a_server_outside_the_configuration_votes_and_takes_entries_all_the_same() -> None:
    hand = Hand("n3", blank=True)
    hand.get("n0", append(1, (0, 0), entry(1, 1, members(N0, N1, N2))))
    assert hand.log == ["1:1"]
    hand.wait(LOWER)
    hand.get("n1", RequestVote(2, N1, hand.core.log.last))
    assert hand.core.vote == N1


def test_4_2_1_a_new_server_catches_up_before_it_votes() -> None:
    table = Table(outside=("n3",))
    table.elect("n0")
    for value in range(3):
        table.give("n0", "c", Submit("c", value, 0, ("k", value)))
    table.settle()
    change(table, "n0", "add", "n3")
    seen = []
    while any(table.links.values()):
        link = next(link for link, messages in table.links.items() if messages)
        table.deliver(*link)
        seen.append((table.core("n3").log.last_index >= 4, "n3" in voters(table, "n0")))
    assert (False, True) not in seen, "no vote before it had what was there"
    assert seen[-1] == (True, True)
    assert isinstance(last_said(table), Changed)


def test_4_2_2_a_leader_that_removes_itself_commits_that_without_its_own_vote() -> None:
    table = Table()
    table.elect("n0")
    change(table, "n0", "remove", "n0")
    table.deliver("n0", "n1")
    table.deliver("n1", "n0")
    assert table.core("n0").committed == 1, "n0 and n1 have it, and n0 does not count"
    table.deliver("n0", "n2")
    table.deliver("n2", "n0")
    assert (table.core("n0").committed, table.core("n0").role) == (2, "follower")
    table.settle()
    assert [name for name in ("n1", "n2") if table.core(name).role == "leader"] == ["n2"]


def test_4_2_2_a_removed_leader_manages_the_others_until_it_steps_down() -> None:
    hand = leader()
    hand.get("operator", ChangeMembers(1, "remove", "n0"))
    effects = hand.submit("more")
    assert told(effects, "n1") != []
    assert hand.core.role == "leader"


def test_4_2_3_a_removed_server_does_not_disturb_the_cluster() -> None:
    table = Table(("n0", "n1", "n2", "n3"))
    table.elect("n0")
    change(table, "n0", "remove", "n3")
    for _ in range(3):
        table.drop("n0", "n3")
        table.settle("n0", "n1", "n2")
    assert voters(table, "n3") == ["n0", "n1", "n2", "n3"], "it has not heard"
    for _ in range(3):
        table.time_out("n3")
        table.beat("n0")
        table.settle()
    assert (table.core("n0").role, table.core("n0").term) == ("leader", 1)


def erratum() -> Table:
    """n0 of four nodes makes n4 a voter, which n4 alone hears; then n1 leads term 2 with votes of n2 and
    n3."""
    table = Table(("n0", "n1", "n2", "n3"), outside=("n4",))
    table.elect("n0")
    change(table, "n0", "add-learner", "n4")
    table.settle()
    table.beat("n0")
    table.settle()
    change(table, "n0", "add", "n4")
    table.beat("n0")
    table.settle("n0", "n4")
    assert voters(table, "n4") == voters(table, "n0") == ["n0", "n1", "n2", "n3", "n4"]
    table.crash("n0")
    table.win("n1", "n2", "n3")
    assert voters(table, "n1") == ["n0", "n1", "n2", "n3"]
    table.start("n0")
    return table


def test_erratum_2015_no_change_before_an_entry_of_the_leaders_term_is_committed() -> None:
    """Ongaro, *bug in single-server membership changes*, raft-dev, 10 July 2015."""
    table = erratum()
    change(table, "n1", "remove", "n0")
    assert last_said(table) == Refused(1, "term-not-committed", table.core("n1").term, "n1")


def test_erratum_2015_then_the_two_changes_cannot_both_be_committed() -> None:
    table = erratum()
    table.settle("n1", "n2", "n3")
    change(table, "n1", "remove", "n0")
    table.settle("n1", "n2")
    assert isinstance(last_said(table), Changed)
    assert voters(table, "n2") == ["n1", "n2", "n3"]
    with pytest.raises(AssertionError, match=r"n0 is a (follower|pre-candidate) of term"):
        table.win("n0", "n3", "n4")


# --- leadership transfer (§3.10)


def test_3_10_the_leader_takes_no_commands_brings_the_target_up_to_date_and_tells_it() -> None:
    hand = leader()
    hand.submit("one")
    assert told(hand.get("operator", TransferLeadership(2, "n1")), "n1") == []
    assert told(hand.submit("two", request=2), "c") == [Refused(2, "transferring", 1, "n0")]
    assert told(hand.answer("n1"), "n1") == [TimeoutNow(1)]


def test_3_10_the_target_stands_at_once_without_a_pre_vote() -> None:
    hand = Hand("n1")
    hand.get("n0", append(1, (0, 0)))
    effects = hand.get("n0", TimeoutNow(1))
    assert told(effects, "n0") == [RequestVote(2, N1, ORIGIN, transfer=True)]
    assert (hand.core.role, hand.core.term) == ("candidate", 2)


def test_3_10_a_transfer_of_an_old_term_is_no_order() -> None:
    hand = Hand("n1", term=3)
    assert hand.get("n0", TimeoutNow(2)) == []
    assert hand.core.role == "follower"


def test_3_10_the_target_leads_and_the_old_leader_follows() -> None:
    table = Table()
    table.elect("n0")
    table.give("n0", "operator", TransferLeadership(2, "n2"))
    table.settle()
    assert [table.core(name).role for name in table.seats] == ["follower", "follower", "leader"]
    assert last_said(table) == Transferred(2, 2)
    assert table.now == LOWER, "no time-out passed"


def test_3_10_a_transfer_that_does_not_come_about_is_given_up_after_a_time_out() -> None:
    table = Table()
    table.elect("n0")
    table.give("n0", "operator", TransferLeadership(2, "n2"))
    table.drop("n0", "n2")
    while not table.said:
        table.beat("n0")
        table.settle("n0", "n1")
    assert last_said(table) == Refused(2, "timed-out", 1, "n0")
    table.give("n0", "c", Submit("c", 1, 0, ("k", "on")))
    table.settle("n0", "n1")
    assert table.core("n0").committed == 2


def test_a_member_is_a_node_with_its_disk() -> None:
    """Thesis, §11.7.2: a server that lost its disk must not come back as the member that it was."""
    hand = Hand("n3", disk=2)
    assert not hand.core.is_voter()
    assert N3 not in hand.core.voters
