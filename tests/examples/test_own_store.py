"""The example of the guide: its bug is found, shrunk, saved and replayed; repaired, it is clean."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rts import systems
from rts.harness.archive import load, saved_paths
from rts.harness.hunt import hunt
from rts.harness.replay import replay
from rts.harness.summary import Summary
from rts.schedule import Read, Write

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "examples" / "own_store.py")
BUGGY, FIXED = systems.load(EXAMPLE), systems.load(EXAMPLE + ":fixed")


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("hunted")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def found(histories: Path) -> Summary:
    return hunt([(EXAMPLE, "shelf", None)], load=systems.load, seed=1, schedules=100, save_to=histories)


SMALLEST = {
    "read-your-writes": (Write(session="s0", key="k0"), Read(session="s0", key="k0", replica=1)),
    "monotonic-reads": (
        Write(session="s0", key="k0"),
        Read(session="s0", key="k0"),
        Read(session="s0", key="k0", replica=1),
    ),
}


def test_the_hunt_finds_both_claims_broken_and_nothing_else(found: Summary) -> None:
    assert found.exit_status == 1
    assert [name for _, name in found.unexpected] == list(SMALLEST)
    assert found.errors == ()
    (row,) = found.results
    assert row.never_took_hold == ()


@pytest.mark.parametrize("guarantee", SMALLEST)
def test_it_is_shrunk_to_the_known_minimum_and_replayed_from_its_file(
    found: Summary, histories: Path, guarantee: str
) -> None:
    saved = {load(path).guarantee: load(path) for path in saved_paths(histories)}
    assert saved[guarantee].schedule.steps == SMALLEST[guarantee]
    again = replay(saved[guarantee], systems.load(saved[guarantee].system))
    assert again.as_expected
    assert again.exact


@pytest.mark.parametrize("seed", [2, 3])
def test_it_is_found_from_other_starts(seed: int) -> None:
    summary = hunt([(EXAMPLE, "shelf", None)], load=systems.load, seed=seed, schedules=50)
    outcomes = summary.results[0].guarantees
    assert [outcomes[name].steps for name in SMALLEST] == [2, 3]


def test_the_repaired_store_is_clean() -> None:
    row = (EXAMPLE + ":fixed", FIXED.configurations[0].name, None)
    summary = hunt([row], load=systems.load, seed=1, schedules=300)
    assert summary.exit_status == 0
    (result,) = summary.results
    assert result.schedules == 300
    assert result.ok > result.operations / 2
    claimed = [outcome for outcome in result.guarantees.values() if outcome.expected == "holds"]
    assert [outcome.verdict for outcome in claimed] == ["holds"] * 8
    assert min(outcome.schedules_judged for outcome in claimed) >= 100
