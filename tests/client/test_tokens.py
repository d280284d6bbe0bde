"""Session tokens: what a session wrote and saw, kept by client, server or user, and asked for one by one."""

from __future__ import annotations

import pytest

from rts.client.tokens import FOR_READS, FOR_WRITES, Tokens
from rts.ids import Lsn

USERS = {"phone": "ann", "laptop": "ann", "other": "bob"}
WRITTEN, SEEN = Lsn(1, 5), Lsn(1, 9)


def test_a_new_session_needs_nothing() -> None:
    assert Tokens().required("s0", (*FOR_READS, *FOR_WRITES)) is None


@pytest.mark.parametrize(
    ("need", "position"),
    [
        ("read-your-writes", WRITTEN),
        ("monotonic-writes", WRITTEN),
        ("monotonic-reads", SEEN),
        ("writes-follow-reads", SEEN),
        ("consistent-prefix", SEEN),
    ],
)
def test_each_guarantee_needs_its_own_part_of_the_token(need: str, position: Lsn) -> None:
    """Terry 1994, Table 1: the read set or the write set, by guarantee."""
    tokens = Tokens()
    tokens.wrote("s0", WRITTEN)
    tokens.saw("s0", SEEN)
    assert tokens.required("s0", (need,)) == position


def test_several_guarantees_need_the_later_part() -> None:
    tokens = Tokens()
    tokens.wrote("s0", Lsn(2, 3))
    tokens.saw("s0", Lsn(1, 9))
    assert tokens.required("s0", FOR_READS) == Lsn(2, 3)
    assert tokens.required("s0", ()) is None


def test_a_token_does_not_go_back() -> None:
    tokens = Tokens()
    for position in (Lsn(1, 5), Lsn(1, 4)):
        tokens.wrote("s0", position)
        tokens.saw("s0", position)
    assert tokens.required("s0", ("read-your-writes",)) == Lsn(1, 5)
    assert tokens.required("s0", ("monotonic-reads",)) == Lsn(1, 5)


@pytest.mark.parametrize("kept_by", ["client", "server"])
def test_kept_by_client_or_server_a_token_is_one_sessions(kept_by: str) -> None:
    tokens = Tokens(kept_by, USERS)  # type: ignore[arg-type]
    tokens.wrote("phone", WRITTEN)
    assert tokens.required("laptop", FOR_READS) is None


def test_kept_by_user_a_second_device_sees_what_the_first_wrote() -> None:
    tokens = Tokens("user", USERS)
    tokens.wrote("phone", WRITTEN)
    assert tokens.required("laptop", ("read-your-writes",)) == WRITTEN
    assert tokens.required("other", ("read-your-writes",)) is None


def test_a_session_without_a_user_is_its_own() -> None:
    tokens = Tokens("user", USERS)
    tokens.saw("guest", SEEN)
    assert tokens.required("guest", ("monotonic-reads",)) == SEEN
    assert tokens.required("phone", ("monotonic-reads",)) is None


def test_a_token_can_be_forgotten() -> None:
    tokens = Tokens()
    tokens.wrote("s0", WRITTEN)
    tokens.saw("s0", SEEN)
    tokens.wrote("s1", WRITTEN)
    tokens.forget("s0")
    assert tokens.required("s0", FOR_READS) is None
    assert tokens.required("s1", FOR_READS) == WRITTEN
