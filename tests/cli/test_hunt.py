import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rts.cli.group import main
from rts.cli.hunting import only
from rts.harness.summary import loads
from tests.cli.summaries import AS_CLAIMED
from tests.harness import fake_system

FAKE = str(Path(fake_system.__file__))


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def hunted(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(
        ["hunt", "--system", FAKE, "--workers", "1", "--schedules", "200", "--seed", "1", *arguments]
    )
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_hunt_says_its_seed_and_command_and_shows_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = hunted(capsys, "--mode", "any-follower", "--json", "hunt.json", "--html", "hunt.html")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == [
        "Hunting 1 configuration, 200 schedules each.",
        "seed 1",
        f"again: rts hunt --system {FAKE} --mode any-follower --schedules 200 --seed 1",
    ]
    assert "Read modes" in lines
    assert any(line.startswith("  read-your-writes             ✗ ") for line in lines)
    assert "No cell contradicts a claim." in lines
    assert "\x1b" not in out
    summary = loads((tmp_path / "hunt.json").read_bytes())
    assert summary.results[0].guarantees["read-your-writes"].verdict == "violated"
    assert "<h2>Read modes</h2>" in (tmp_path / "hunt.html").read_text()


def test_counterexamples_are_saved_in_the_folder_asked_for_and_replay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hunted(capsys, "--mode", "any-follower", "--save", "kept")
    saved = sorted(map(str, Path("kept").glob("*.jsonl")))
    assert any("read-your-writes" in path for path in saved)
    assert main(["replay", "--exact", *saved]) == 0


def test_by_default_they_are_saved_beside_the_project_s_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.rts]\n")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    hunted(capsys, "--mode", "any-follower")
    assert list((tmp_path / "histories").glob("*.jsonl"))
    monkeypatch.chdir(tmp_path)
    _, out, _ = hunted(capsys, "--mode", "any-follower")
    assert "\n      histories/fake-system-any-follower-read-your-writes-" in out


def test_nothing_is_saved_where_nothing_shall_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = hunted(capsys, "--mode", "any-follower", "--no-save")
    assert status == 0
    assert list(tmp_path.iterdir()) == []
    assert "not saved" in out


def test_a_bug_that_is_found_is_1_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = hunted(capsys, "--bug", "reads-from-follower", "--json", "hunt.json")
    assert status == 1
    assert "  reads-from-follower: read-your-writes broken, " in out
    assert "rts replay " in out
    assert json.loads(Path("hunt.json").read_bytes())["results"][0]["bug_found"] is True


def test_a_bug_that_is_not_found_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = hunted(capsys, "--bug", "deep", "--steps", "2")
    assert status == 0
    assert "  deep: not found in 200 schedules" in out


def test_only_the_guarantees_asked_for_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = hunted(capsys, "--guarantee", "monotonic-writes", "--no-save")
    table = out.split("Read modes")[1].split("✓ holds")[0]
    assert "monotonic-writes" in table
    assert "read-your-writes" not in table


def test_a_summary_is_cut_to_the_guarantees_asked_for() -> None:
    cut = only(AS_CLAIMED, ["linearizable"])
    assert [list(result.guarantees) for result in cut.results] == [["linearizable"], [], []]
    assert only(AS_CLAIMED, []) is AS_CLAIMED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mode", "pinnd"], "there is no mode 'pinnd'"),
        (["--save", "x", "--no-save"], "contradict each other"),
        (["--json", "nowhere/x.json"], "there is no folder nowhere"),
        (["--schedules", "0"], "0 is not in the range"),
        (["--max-time", "long"], "'long' is no duration"),
        (["--system", "nothing"], "no system is called 'nothing'"),
    ],
)
def test_wrong_usage_is_2_before_anything_runs(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = hunted(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_a_drawn_seed_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    main(["hunt", "--system", FAKE, "--workers", "1", "--schedules", "1", "--mode", "leader", "--no-save"])
    seed = capsys.readouterr().out.splitlines()[1].removeprefix("seed ")
    assert seed.isdecimal()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_was_found_and_says_how_to_go_on(workers: str) -> None:
    command = ["hunt", "--system", FAKE, "--workers", workers, "--schedules", "200000", "--seed", "1"]
    with subprocess.Popen(
        [sys.executable, "-m", "rts", *command, "--json", "hunt.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as hunt:
        assert hunt.stdout is not None
        while not hunt.stdout.readline().startswith("again: "):
            pass
        # Long enough for the search to be on its way, in a worker that has to import everything first.
        time.sleep(2.0)
        hunt.send_signal(signal.SIGINT)
        out, err = hunt.communicate(timeout=30)
    assert (hunt.returncode, err) == (130, "")
    assert "Read modes" in out
    assert out.splitlines()[-1].startswith("to go on: rts hunt --system ")
    summary = loads(Path("hunt.json").read_bytes())
    assert (summary.complete, summary.stop_reason) == (False, "interrupted")
