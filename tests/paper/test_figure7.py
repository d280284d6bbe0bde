"""Raft, figure 7: a leader of term 8 and six followers whose logs went other ways (§5.3).

index   1  2  3  4  5  6  7  8  9  10 11 12
leader  1  1  1  4  4  5  5  6  6  6
"""

from __future__ import annotations

import pytest

from rts.core.raft.messages import AppendRejected
from tests.core.raft.table import Table

LEADER = (1, 1, 1, 4, 4, 5, 5, 6, 6, 6)
FOLLOWERS = {
    "a": (1, 1, 1, 4, 4, 5, 5, 6, 6),
    "b": (1, 1, 1, 4),
    "c": (1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6),
    "d": (1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
    "e": (1, 1, 1, 4, 4, 4, 4),
    "f": (1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3),
}


@pytest.mark.parametrize("name", FOLLOWERS)
def test_whatever_a_follower_has_it_ends_with_the_leaders_log(name: str) -> None:
    table = Table(logs={"n0": LEADER, "n1": FOLLOWERS[name], "n2": LEADER}, terms={"n0": 7, "n1": 7})
    table.elect("n0")
    assert table.core("n0").term == 8
    assert table.log("n1") == [*LEADER, 8]
    table.beat("n0")
    table.settle()
    assert (table.core("n1").committed, table.core("n1").applied) == (11, 11)


def test_the_leader_of_the_figure_is_elected_and_all_six_end_with_its_log() -> None:
    table = Table(
        ("leader", *FOLLOWERS),
        logs={"leader": LEADER, **FOLLOWERS},
        terms=dict.fromkeys(("leader", *FOLLOWERS), 7),
    )
    table.elect("leader")
    assert table.core("leader").votes & {table.core(name).own for name in "cd"} == set()
    table.beat("leader")
    table.settle()
    assert {name: table.log(name) for name in FOLLOWERS} == {name: [*LEADER, 8] for name in FOLLOWERS}
    assert {table.core(name).committed for name in FOLLOWERS} == {11}


@pytest.mark.parametrize(
    ("name", "most"), [("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 2), ("f", 2)], ids=list(FOLLOWERS)
)
def test_the_leader_backs_up_over_a_term_at_a_time(name: str, most: int) -> None:
    """§5.3, the optimisation: one rejection for each conflicting term, not for each conflicting entry."""
    table = Table(
        ("leader", *FOLLOWERS),
        logs={"leader": LEADER, **FOLLOWERS},
        terms=dict.fromkeys(("leader", *FOLLOWERS), 7),
    )
    table.time_out("leader")
    rejections = 0
    while any(table.links.values()):
        source, target = next(link for link, messages in table.links.items() if messages)
        message = table.deliver(source, target)
        rejections += source == name and isinstance(message, AppendRejected)
    assert rejections <= most
    assert table.log(name) == [*LEADER, 8]
