"""The table of transitions: Raft's state diagram (figure 4), with the pre-vote."""

from __future__ import annotations

from typing import get_args

import pytest

from rts.core.raft.roles import TRANSITIONS, Cause, Role
from rts.errors import InvariantBroken
from tests.core.raft.hand import Hand


def test_every_role_and_cause_is_in_the_table() -> None:
    assert {role for role, _ in TRANSITIONS} == set(get_args(Role))
    assert {cause for _, cause in TRANSITIONS} == set(get_args(Cause))
    assert set(TRANSITIONS.values()) == set(get_args(Role))


def test_only_a_candidate_becomes_leader() -> None:
    assert [way for way, role in TRANSITIONS.items() if role == "leader"] == [
        ("candidate", "majority of votes")
    ]


@pytest.mark.parametrize("role", get_args(Role))
def test_a_higher_term_makes_anyone_a_follower(role: Role) -> None:
    assert TRANSITIONS[role, "higher term"] == "follower"


def test_a_leader_becomes_nothing_but_a_follower() -> None:
    assert {role for (before, _), role in TRANSITIONS.items() if before == "leader"} == {"follower"}


def test_a_way_that_is_not_in_the_table_breaks_an_invariant() -> None:
    with pytest.raises(InvariantBroken, match="n0, a follower, met with 'majority of votes' in term 0"):
        Hand().core.become("majority of votes")
