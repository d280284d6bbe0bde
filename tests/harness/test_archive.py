import json
from dataclasses import replace
from pathlib import Path

import pytest

import checker
from rts.harness import archive
from rts.harness.archive import NotReplayable, histories_directory, load, on_disk, record, save, saved_paths
from rts.harness.judge import judge
from rts.runs import Run
from tests.harness.fake_system import ANY_FOLLOWER, system
from tests.harness.histories import STALE_READ, schedule_of

RUN = system.simulate(schedule_of(*STALE_READ))
NAME = "fake-any-follower-read-your-writes-"


def saved(directory: Path, run: Run = RUN, *, name: str = "fake") -> Path:
    return save(
        directory,
        system=name,
        configuration=ANY_FOLLOWER,
        run=run,
        judgement=judge(run, ANY_FOLLOWER),
        guarantee="read-your-writes",
    )


def test_a_saved_file_holds_everything(tmp_path: Path) -> None:
    found = load(saved(tmp_path / "histories"))
    assert found.path.name.startswith(NAME)
    assert found.schedule == RUN.schedule
    assert found.history.operations == RUN.operations
    assert (found.system, found.configuration, found.bug) == ("fake", "any follower", None)
    assert found.guarantee == "read-your-writes"
    assert found.expect["read-your-writes"] == "violated"
    assert found.expect["convergence"] == "holds"
    assert "monotonic-reads" not in found.expect
    assert found.digest == RUN.digest
    assert found.meta["staleness"] == "1s"
    assert found.explanation is not None
    assert found.explanation.startswith("Let w = operation 0 (s0 writes 2 to k0 at n0)")


def test_the_header_is_one_readable_line(tmp_path: Path) -> None:
    header = json.loads(saved(tmp_path).read_text().splitlines()[0])
    assert header["format"] == "rts-history/1"
    assert header["one_log"] is True
    assert header["schedule"]["format"] == "rts-schedule/1"
    assert header["trace"] == {"events": [[0, "Lag", 1], [0, "Write", 2], [1, "Read", 3]]}


def test_the_same_content_is_saved_once(tmp_path: Path) -> None:
    first = saved(tmp_path)
    before = first.stat()
    assert saved(tmp_path) == first
    assert first.stat().st_mtime_ns == before.st_mtime_ns
    assert list(tmp_path.iterdir()) == [first]


def test_other_content_never_takes_the_place_of_a_saved_file(tmp_path: Path) -> None:
    first = saved(tmp_path)
    kept = first.read_bytes()
    second = saved(tmp_path, replace(RUN, events=[]))
    assert second.name == first.stem + "-2.jsonl"
    assert first.read_bytes() == kept
    assert saved(tmp_path, replace(RUN, events=[])) == second


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(source: str, target: Path) -> None:
        raise PermissionError(source)

    monkeypatch.setattr(archive.os, "link", refuses)
    first = saved(tmp_path)
    assert load(first).schedule == RUN.schedule
    assert saved(tmp_path) == first


@pytest.mark.parametrize(
    ("system_name", "short"),
    [("stores/my_store.py:store", "my-store"), ("stores.mine:system", "mine"), ("telemetry", "telemetry")],
)
def test_the_name_says_what_was_hunted(tmp_path: Path, system_name: str, short: str) -> None:
    assert saved(tmp_path, name=system_name).name.startswith(f"{short}-any-follower-read-your-writes-")


def test_a_long_trace_keeps_its_ends() -> None:
    run = replace(RUN, events=[(number, "tick") for number in range(5_000)])
    trace = archive.trace(run)
    assert trace["left_out"] == 3_000
    assert (trace["events"][0], trace["events"][-1]) == ([0, "tick"], [4_999, "tick"])
    assert len(trace["events"]) == 2_000


def test_a_history_is_on_disk_before_it_is_judged(tmp_path: Path) -> None:
    with on_disk(tmp_path, system="fake", run=RUN) as path:
        assert load(path).schedule == RUN.schedule
        assert load(path).expect == {}
        assert saved_paths(tmp_path) == ()
    assert not path.exists()


def test_a_judge_that_fails_loses_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        on_disk(tmp_path, system="fake", run=RUN) as path,
    ):
        raise ZeroDivisionError
    assert load(path).history.operations == RUN.operations


def test_a_history_that_no_judge_would_read_is_recorded_all_the_same(tmp_path: Path) -> None:
    backwards = replace(RUN, operations=[*RUN.operations, *RUN.operations])
    path = record(tmp_path, system="fake", run=backwards, reason="HistoryError: duplicate index")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert path.parent == tmp_path / "unjudged"
    assert lines[0]["meta"]["unjudged"] == "HistoryError: duplicate index"
    assert [line["index"] for line in lines[1:]] == [operation.index for operation in backwards.operations]
    with pytest.raises(checker.HistoryError):
        load(path)


def test_histories_stand_beside_the_nearest_project_file(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    assert histories_directory(inner) == tmp_path / "histories"
    (tmp_path / "a" / "pyproject.toml").touch()
    assert histories_directory(inner) == tmp_path / "a" / "histories"


def test_saved_paths_are_sorted_and_judged(tmp_path: Path) -> None:
    assert saved_paths(tmp_path / "nowhere") == ()
    first = saved(tmp_path / "b")
    second = saved(tmp_path / "a")
    record(tmp_path, system="fake", run=RUN, reason="x")
    assert saved_paths(tmp_path) == (second, first)


def test_a_history_without_a_schedule_cannot_be_replayed(tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl"
    path.write_text('{"format": "rts-history/1"}\n')
    with pytest.raises(NotReplayable, match=r"plain\.jsonl: line 1: schedule: missing"):
        load(path)


def test_a_schedule_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text('{"format": "rts-history/1", "schedule": {"system": 3}}\n')
    with pytest.raises(NotReplayable, match=r"odd\.jsonl: line 1: schedule: Expected `str`, got `int`"):
        load(path)
