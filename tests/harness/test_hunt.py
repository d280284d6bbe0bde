import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rts import systems
from rts.errors import RtsError
from rts.harness import summary as summaries
from rts.harness.archive import load, saved_paths
from rts.harness.hunt import Progress, chunk_sizes, hunt
from rts.harness.replay import replay
from rts.harness.summary import Summary
from tests.harness.fake_system import FakeSystem

FAKE = str(Path(__file__).with_name("fake_system.py"))
ANY_FOLLOWER_ROW = (FAKE, "any follower", None)
LEADER_ROW = (FAKE, "leader", None)


def hunted(*rows: tuple[str, str, str | None], **arguments: Any) -> Summary:
    return hunt(rows, **{"load": systems.load, "seed": 1, "schedules": 200, **arguments})


def found_in(summary: Summary) -> dict[str, tuple[int | None, int | None]]:
    return {
        guarantee: (outcome.found_after_schedules, outcome.steps)
        for result in summary.results
        for guarantee, outcome in result.guarantees.items()
        if outcome.verdict == "violated"
    }


def test_the_whole_of_a_hunt(tmp_path: Path) -> None:
    summary = hunted(ANY_FOLLOWER_ROW, LEADER_ROW, save_to=tmp_path, command="rts hunt --seed 1")
    assert (summary.complete, summary.stop_reason, summary.exit_status) == (True, "schedules", 0)
    follower, leader = summary.results
    assert (follower.schedules, leader.schedules) == (200, 200)
    assert follower.guarantees["read-your-writes"].verdict == "violated"
    assert follower.guarantees["read-your-writes"].expected == "violated"
    assert follower.guarantees["read-your-writes"].steps == 3
    assert follower.guarantees["read-your-writes"].operations == 2
    assert follower.guarantees["convergence"].verdict == "holds"
    assert leader.guarantees["read-your-writes"].verdict == "holds"
    assert leader.guarantees["linearizable"].expected is None
    assert follower.states["stale read"] > 0
    assert summary.unexpected == ()


def test_every_counterexample_is_saved_and_replays(tmp_path: Path) -> None:
    summary = hunted(ANY_FOLLOWER_ROW, save_to=tmp_path)
    violated = [
        outcome for outcome in summary.results[0].guarantees.values() if outcome.verdict == "violated"
    ]
    assert {str(path) for path in saved_paths(tmp_path)} == {outcome.counterexample for outcome in violated}
    assert len(violated) == 5
    for path in saved_paths(tmp_path):
        again = replay(load(path), FakeSystem())
        assert again.as_expected
        assert again.exact
    assert not (tmp_path / "unjudged").exists()


def test_nothing_is_saved_where_nothing_is_to_be_saved() -> None:
    outcome = hunted(ANY_FOLLOWER_ROW).results[0].guarantees["read-your-writes"]
    assert outcome.counterexample is None
    assert outcome.explanation is not None
    assert outcome.steps == 3


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    rows = (ANY_FOLLOWER_ROW, (FAKE, "leader", "reads-from-follower"))
    one = hunted(*rows, schedules=1_000, save_to=tmp_path / "one")
    two = hunted(*rows, schedules=1_000, save_to=tmp_path / "two", workers=2)
    assert one.digest == two.digest
    assert found_in(one) == found_in(two)
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def _files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in saved_paths(directory)}


def test_another_seed_is_another_hunt() -> None:
    assert hunted(LEADER_ROW, schedules=20).digest != hunted(LEADER_ROW, schedules=20, seed=2).digest


def test_a_seeded_bug_ends_its_row_when_it_is_found(tmp_path: Path) -> None:
    row = (FAKE, "leader", "reads-from-follower")
    summary = hunted(row, schedules=5_000, save_to=tmp_path)
    result = summary.results[0]
    assert result.schedules == 500
    assert result.bug_found is True
    assert (summary.complete, summary.stop_reason, summary.exit_status) == (True, "bug-found", 1)
    assert [path.name.split("-leader-")[1][:16] for path in saved_paths(tmp_path)] == ["read-your-writes"]
    assert load(saved_paths(tmp_path)[0]).bug == "reads-from-follower"


def test_a_seeded_bug_that_is_not_found() -> None:
    summary = hunted((FAKE, "leader", "deep"), schedules=10)
    assert summary.results[0].bug_found is False
    assert summary.results[0].guarantees["liveness"].expected == "violated"
    assert (summary.stop_reason, summary.exit_status) == ("schedules", 0)


def test_a_broken_promise_inside_a_run_is_found_and_shrunk(tmp_path: Path) -> None:
    summary = hunted((FAKE, "any follower", "overtaking"), save_to=tmp_path)
    outcome = summary.results[0].guarantees["applied-in-order"]
    assert outcome.steps == 4
    assert outcome.explanation == "n1 applied 2 early."


def test_an_error_of_the_system_is_no_verdict() -> None:
    summary = hunted((FAKE, "leader", "raises"), schedules=20)
    assert summary.errors[0].kind == "simulate"
    assert summary.exit_status == 4


class CtrlC:
    """Is pressed once, when something was found."""

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self, progress: Progress) -> None:
        if progress.violations and not self.pressed:
            self.pressed = True
            raise KeyboardInterrupt


def test_ctrl_c_keeps_what_was_found(tmp_path: Path) -> None:
    summary = hunted(ANY_FOLLOWER_ROW, schedules=2_000, save_to=tmp_path, on_progress=CtrlC())
    assert (summary.complete, summary.stop_reason, summary.exit_status) == (False, "interrupted", 130)
    assert summary.results[0].schedules == 500
    assert len(saved_paths(tmp_path)) == len(found_in(summary)) > 3


def test_ctrl_c_with_workers(tmp_path: Path) -> None:
    summary = hunted(ANY_FOLLOWER_ROW, schedules=50_000, save_to=tmp_path, workers=2, on_progress=CtrlC())
    assert (summary.complete, summary.stop_reason) == (False, "interrupted")
    assert 500 <= summary.results[0].schedules < 10_000
    assert len(saved_paths(tmp_path)) == len(found_in(summary)) > 3


def test_a_second_ctrl_c_is_not_held_back() -> None:
    def press(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hunted(ANY_FOLLOWER_ROW, LEADER_ROW, on_progress=press)


def test_the_time_runs_out() -> None:
    summary = hunted(LEADER_ROW, schedules=100_000, max_time_s=0.2)
    assert (summary.complete, summary.stop_reason, summary.exit_status) == (False, "max-time", 0)
    assert summary.wall_s < 20


def test_progress_is_told() -> None:
    seen: list[Progress] = []
    hunted(LEADER_ROW, schedules=1_000, on_progress=seen.append)
    assert [(progress.done, progress.total, progress.phase) for progress in seen] == [
        (500, 1_000, "searching"),
        (1_000, 1_000, "shrinking"),
    ]
    assert seen[-1].operations > 5_000
    assert seen[-1].rate > 0


def test_nothing_to_run() -> None:
    assert hunted().exit_status == 5
    assert hunted(LEADER_ROW, schedules=0).exit_status == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((FAKE, "no such row", None), "has no configuration 'no such row'; there are: any follower, leader"),
        ((FAKE, "leader", "no such bug"), "has no seeded bug 'no such bug'; there are: reads-from-follower"),
    ],
)
def test_a_row_that_does_not_exist(row: tuple[str, str, str | None], message: str) -> None:
    with pytest.raises(RtsError, match=message):
        hunted(row)


@pytest.mark.parametrize(
    ("schedules", "sizes"),
    [(0, []), (1, [1]), (500, [500]), (999, [999]), (1_000, [500, 500]), (1_601, [534, 534, 533])],
)
def test_chunks_are_of_at_least_five_hundred(schedules: int, sizes: list[int]) -> None:
    assert chunk_sizes(schedules) == sizes


def test_a_summary_is_json() -> None:
    summary = hunted(LEADER_ROW, schedules=20, command="rts hunt")
    assert summaries.loads(summaries.dumps(summary)) == summary
    fields = json.loads(summaries.dumps(summary))
    assert fields["format"] == "rts-hunt/1"
    assert set(fields["results"][0]) >= {"system", "mode", "bug", "faults", "states", "bug_found", "digest"}
    outcome = fields["results"][0]["guarantees"]["read-your-writes"]
    assert set(outcome) == {"verdict", "judged", "expected", "schedules_judged"}


def _load_nothing(name: str) -> Any:
    raise ImportError(name)


def test_a_worker_that_cannot_load_the_system_is_an_error() -> None:
    calls: list[str] = []

    def first_time_only(name: str) -> Any:
        calls.append(name)
        return systems.load(name) if len(calls) == 1 else _load_nothing(name)

    load_once: Callable[[str], Any] = first_time_only
    summary = hunted(LEADER_ROW, load=load_once)
    assert summary.errors[0].kind == "worker"
    assert summary.errors[0].message.startswith("a worker failed: ImportError")
    assert (summary.complete, summary.stop_reason, summary.exit_status) == (False, "error", 4)
