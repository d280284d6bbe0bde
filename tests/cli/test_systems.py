import dataclasses
from pathlib import Path

import click
import pytest

from rts.cli.group import main
from rts.cli.systems import describe
from rts.harness.profile import Budget
from tests.harness import fake_system
from tests.harness.fake_system import ANY_FOLLOWER, LEADER, PROFILE, FakeSystem


def plain(system: FakeSystem, columns: int = 80) -> str:
    return click.unstyle("\n".join(describe("fake", system, columns=columns)))


def test_a_table_says_once_what_its_rows_have_in_common() -> None:
    system = FakeSystem(
        configurations=(dataclasses.replace(ANY_FOLLOWER, description="stale"), LEADER), bugs={}
    )
    assert (
        plain(system)
        == """\
fake

  Read modes
    keeps   no-lost-acknowledged-writes
    faults  lag, promote, heal, crash, restart, pause, resume, rejoin
    within  1 down at a time, 1 disk lost in all, promotion of best

    any follower
      stale
      keeps   the above, monotonic-writes, convergence, applied-in-order
      breaks  read-your-writes, monotonic-reads, bounded-staleness
      mode    any-follower
      bound   1s

    leader
      keeps   the above, read-your-writes, monotonic-reads"""
    )


def test_a_single_row_says_all_of_its_own() -> None:
    row = dataclasses.replace(LEADER, holds=(), table="durability")
    assert (
        plain(FakeSystem(configurations=(row,), bugs={}))
        == """\
fake

  Durability

    leader
      keeps   nothing for certain
      faults  lag, promote, heal, crash, restart, pause, resume, rejoin
      within  1 down at a time, 1 disk lost in all, promotion of best"""
    )


@pytest.mark.parametrize(
    ("budget", "within"),
    [
        (Budget(crashed=3, disks_lost=0, promotions=()), "3 down at a time, 0 disks lost in all"),
        (
            Budget(promotions=("best", "n2"), forced=True),
            "1 down at a time, 1 disk lost in all, promotion of best or n2, forced",
        ),
    ],
)
def test_what_the_claims_rest_on(budget: Budget, within: str) -> None:
    row = dataclasses.replace(LEADER, profile=dataclasses.replace(PROFILE, budget=budget))
    assert f"      within  {within}" in plain(FakeSystem(configurations=(row,), bugs={}), 100).splitlines()


def test_seeded_bugs_are_listed_with_what_they_break() -> None:
    assert (
        plain(FakeSystem())
        .split("Seeded bugs (rts hunt --bug NAME)")[1]
        .startswith("""

    reads-from-follower  breaks read-your-writes in leader
      a leader read is answered by a follower
""")
    )


def test_the_command_takes_a_system_of_one_s_own(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(Path(fake_system.__file__))
    assert main(["systems", "--system", file]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{file}\n\n  Read modes\n")
    assert "\x1b" not in out
    assert main(["systems", "--system", "nothing"]) == 2
