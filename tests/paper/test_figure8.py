"""Raft, figure 8: why a leader does not commit entries of earlier terms by counting them (§5.4.2).

    (a) S1 leads term 2 and replicates its entry at index 2 to S2 alone
    (b) S1 crashes; S5 leads term 3 with votes of S3 and S4, and takes another entry at index 2
    (c) S5 crashes; S1 leads term 4 and replicates its entry of term 2: on a majority, yet not committed
    (d) S1 crashes; S5 leads and overwrites that entry everywhere — or
    (e) S1 first replicates an entry of its own term to a majority: then S5 cannot win

The entries of these terms are the leaders' no-ops.
"""

from __future__ import annotations

import pytest

from tests.core.raft.table import Table

FIVE = ("S1", "S2", "S3", "S4", "S5")


def logs(table: Table) -> list[list[int]]:
    return [table.log(name) for name in FIVE]


def until_a() -> Table:
    table = Table(FIVE, logs=dict.fromkeys(FIVE, (1,)), window=1, batch=1)
    table.win("S1", "S2", "S3")
    table.deliver("S1", "S2")
    return table


def until_b() -> Table:
    table = until_a()
    table.crash("S1")
    table.win("S5", "S3", "S4")
    return table


def until_c() -> Table:
    """S1 knows that S3 and S4 have its entry of term 2, and itself; S2 has it, too."""
    table = until_b()
    table.crash("S5")
    table.start("S1")
    table.win("S1", "S2", "S3")
    for name in ("S3", "S4"):
        while table.core("S1").progress[name].matched < 2:
            for link in (("S1", name), (name, "S1")):
                if table.waiting(*link):
                    table.deliver(*link)
    return table


def test_a_the_leader_of_term_2_reaches_one_follower() -> None:
    table = until_a()
    assert logs(table) == [[1, 2], [1, 2], [1], [1], [1]]
    assert (table.core("S1").role, table.core("S1").term) == ("leader", 2)


def test_b_another_leads_term_3_without_that_entry() -> None:
    table = until_b()
    assert logs(table) == [[1, 2], [1, 2], [1], [1], [1, 3]]
    assert (table.core("S5").role, table.core("S5").term) == ("leader", 3)


def test_c_an_entry_of_term_2_on_a_majority_is_not_committed_by_the_leader_of_term_4() -> None:
    table = until_c()
    assert logs(table) == [[1, 2, 4], [1, 2], [1, 2], [1, 2], [1, 3]]
    core = table.core("S1")
    assert (core.role, core.term) == ("leader", 4)
    assert [core.progress[name].matched for name in ("S3", "S4")] == [2, 2]
    assert core.committed == 0


def test_d_the_leader_of_term_3_may_lead_again_and_overwrite_it() -> None:
    table = until_c()
    table.crash("S1")
    table.start("S5")
    table.win("S5", "S2", "S3", "S4")
    table.settle()
    table.beat("S5")
    table.settle()
    assert logs(table)[1:] == [[1, 3, 5]] * 4
    table.start("S1")
    table.beat("S5")
    table.settle()
    assert logs(table) == [[1, 3, 5]] * 5
    assert {table.core(name).committed for name in FIVE} == {3}


def test_e_once_an_entry_of_term_4_is_on_a_majority_the_leader_of_term_3_cannot_win() -> None:
    table = until_c()
    table.settle("S1", "S2", "S3")
    assert logs(table) == [[1, 2, 4], [1, 2, 4], [1, 2, 4], [1, 2], [1, 3]]
    assert table.core("S1").committed == 3
    table.crash("S1")
    table.start("S5")
    with pytest.raises(AssertionError, match=r"S5 is a (follower|pre-candidate) of term"):
        table.win("S5", "S2", "S3", "S4")
    table.win("S2", "S3", "S4", "S5")
    table.settle()
    table.beat("S2")
    table.settle()
    assert {tuple(table.log(name)) for name in FIVE[1:]} == {(1, 2, 4, table.core("S2").term)}
