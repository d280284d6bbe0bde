import click
import pytest

from rts.cli.selection import Selected, select
from tests.harness.fake_system import FakeSystem

SYSTEMS = {"fake": FakeSystem()}
ALL = [Selected("fake", "any follower", None), Selected("fake", "leader", None)]


def test_every_configuration_is_a_row() -> None:
    assert select(SYSTEMS) == ALL


def test_a_mode_selects_its_configurations() -> None:
    assert select(SYSTEMS, modes=("leader",)) == ALL[1:]


def test_a_guarantee_selects_the_configurations_that_claim_it() -> None:
    assert select(SYSTEMS, guarantees=("convergence",)) == ALL[:1]
    assert select(SYSTEMS, guarantees=("read-your-writes",)) == ALL
    assert select(SYSTEMS, guarantees=("applied-in-order",)) == ALL[:1]


def test_a_guarantee_that_nothing_is_claimed_about_is_hunted_everywhere() -> None:
    assert select(SYSTEMS, guarantees=("linearizable",), modes=("leader",)) == ALL[1:]


def test_a_bug_is_hunted_in_its_own_configuration() -> None:
    assert select(SYSTEMS, bug="deep") == [Selected("fake", "leader", "deep")]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"modes": ("pinnd",)}, "--mode: there is no mode 'pinnd'; there are: any-follower, leader"),
        (
            {"guarantees": ("causl",)},
            "--guarantee: there is no guarantee 'causl'; there are: read-your-writes,",
        ),
        ({"bug": "S1"}, "--bug: there is no seeded bug 'S1'; there are: reads-from-follower, overtaking,"),
        ({"bug": "deep", "modes": ("leader",)}, "a seeded bug is hunted in its own mode"),
    ],
)
def test_an_unknown_word_is_wrong_usage(filters: dict[str, object], message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        select(SYSTEMS, **filters)  # type: ignore[arg-type]
