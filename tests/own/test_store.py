"""What deriving from `Store` gives: a system with one row, and clear errors where the words are wrong."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import rts
from rts.harness.profile import Profile
from tests.own.stores import Complete, Register


class Named(Register):
    """Answers from wherever it likes,
    and says so.

    More is said further down.
    """

    name = "anywhere"
    nodes = 5
    claims = ("monotonic-writes", "liveness")
    breaks = ("read-your-writes",)
    faults = ("lag", "crash")
    staleness = "2s"


def test_a_store_is_a_system_with_one_row() -> None:
    (row,) = Named().configurations
    assert (row.name, row.mode, row.staleness) == ("anywhere", "default", "2s")
    assert row.description == "Answers from wherever it likes, and says so."
    assert row.holds == (
        "monotonic-writes",
        "liveness",
        "no-aborted-reads",
        "no-thin-air-reads",
        "self-check",
    )
    assert row.breaks == ("read-your-writes",)
    assert row.profile.nodes == ("n0", "n1", "n2", "n3", "n4")
    assert Named().bugs == {}


def test_what_repairs_a_fault_is_drawn_with_it() -> None:
    assert Named().profile.faults == {"lag": 6, "heal": 2, "crash": 3, "restart": 3, "rejoin": 2}
    pausing = type("Pausing", (Register,), {"faults": ("pause",)})()
    assert pausing.profile.faults == {"pause": 1, "resume": 2, "rejoin": 2}


def test_operations_are_drawn_that_the_store_has() -> None:
    assert Register().profile.operations == {"write": 5, "read": 8}
    assert Complete().profile.operations == {"write": 5, "read": 8, "delete": 1, "cas": 1}


def test_the_budget_loses_no_disk_unless_the_store_says_so() -> None:
    assert Register().profile.budget == rts.Budget(crashed=1, disks_lost=0, promotions=())
    wider = type("Wider", (Register,), {"budget": rts.Budget(crashed=2, disks_lost=1)})()
    assert wider.profile.budget == rts.Budget(crashed=2, disks_lost=1)


def test_the_profile_can_be_overridden() -> None:
    class Longer(Register):
        @property
        def profile(self) -> Profile:
            return dataclasses.replace(super().profile, steps=40)

    assert Longer().configuration.profile.steps == 40


def test_a_store_without_a_name_is_called_by_its_class() -> None:
    assert Register().name == "Register"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"claims": ("read-my-writes",)}, "Wrong.claims: 'read-my-writes' is none of read-your-writes, "),
        ({"breaks": ("nothing",)}, "Wrong.breaks: 'nothing' is none of read-your-writes, "),
        ({"claims": "convergence"}, "Wrong.claims: a tuple of names, not 'convergence'"),
        ({"faults": ("slow-disk",)}, "Wrong.faults: 'slow-disk' is none of lag, loss, duplicate, "),
        ({"claims": ("bounded-staleness",)}, "Wrong.staleness: bounded-staleness needs a bound"),
        ({"nodes": 0}, "Wrong.nodes: 0 is not at least 1"),
    ],
)
def test_wrong_words_are_refused_where_they_stand(attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        type("Wrong", (Register,), attributes)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize("name", ["Budget", "Client", "Node", "Positioned", "Profile", "Request", "Store"])
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(rts, name).__name__ == name
