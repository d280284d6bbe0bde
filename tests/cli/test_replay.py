import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rts.cli.group import main
from rts.harness import archive
from rts.harness.judge import judge
from rts.schedule import SECOND, Lag, Read, Schedule, Write
from tests.harness import fake_system
from tests.harness.fake_system import ANY_FOLLOWER, FakeSystem

SCHEDULE = Schedule(
    system="fake",
    configuration="any follower",
    mode="any-follower",
    nodes=("n0", "n1", "n2"),
    steps=(
        Lag(source="n0", target="n1", delay_ns=SECOND),
        Write(session="s0", key="k0"),
        Read(session="s0", key="k0"),
    ),
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    run = FakeSystem().simulate(SCHEDULE)
    return archive.save(
        tmp_path,
        system=str(Path(fake_system.__file__)),
        configuration=ANY_FOLLOWER,
        run=run,
        judgement=judge(run, ANY_FOLLOWER),
        guarantee="read-your-writes",
    )


def with_header(path: Path, **changes: Any) -> Path:
    """The same file, changed by hand in its first line."""
    header, *operations = path.read_bytes().splitlines(keepends=True)
    fields = msgspec.json.decode(header) | changes
    changed = path.with_name("changed.jsonl")
    changed.write_bytes(b"".join((msgspec.json.encode(fields), b"\n", *operations)))
    return changed


def replayed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main(["replay", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_what_is_reproduced_says_so(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = replayed(capsys, "--exact", saved)
    assert (status, err) == (0, "")
    assert out.startswith(f"{saved}: reproduced: read-your-writes, ")
    assert len(out.splitlines()) == 1


def test_recorded_operations_are_judged_without_the_system(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = with_header(saved, system="no such system")
    status, out, _ = replayed(capsys, "--recheck", changed)
    assert status == 0
    assert out.startswith(f"{changed}: confirmed: read-your-writes, ")
    assert replayed(capsys, changed)[0] == 2


def test_a_verdict_that_is_another_is_1_and_shown(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = with_header(saved, expect={"read-your-writes": "holds", "liveness": "holds"})
    status, out, _ = replayed(capsys, changed)
    assert status == 1
    assert f"{changed}: not as expected\n" in out
    assert "  guarantee         expected  now\n  read-your-writes  holds     violated\n" in out
    assert out.endswith(f"  rts replay {changed}\n")


def test_bytes_that_differ_are_shown_and_are_3_where_they_matter(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = saved.read_text().splitlines()
    lines[1] = lines[1].replace('"node":"n0"', '"node":"n2"')
    edited = saved.with_name("edited.jsonl")
    edited.write_text("\n".join(lines) + "\n")
    status, out, _ = replayed(capsys, edited)
    assert status == 0
    first, where, recorded, now = out.splitlines()
    assert first.startswith(f"{edited}: reproduced: ")
    assert where == "  not the recorded bytes, from operation 0 on:"
    assert '"node":"n2"' in recorded
    assert '"node":"n0"' in now
    assert replayed(capsys, "--exact", edited)[0] == 3


def test_another_digest_alone_is_another_run(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = with_header(saved, digest="sha256:0")
    status, out, _ = replayed(capsys, changed)
    assert status == 0
    assert "the recorded operations, but not the recorded run" in out
    assert replayed(capsys, "--exact", changed)[0] == 3


def test_each_file_is_one_object(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = with_header(saved, expect={"read-your-writes": "holds"})
    status, out, _ = replayed(capsys, "--json", saved, changed)
    same, other = map(json.loads, out.splitlines())
    assert status == 1
    assert (same["format"], same["file"], same["as_expected"], same["exact"]) == (
        "rts-replay/1",
        str(saved),
        True,
        True,
    )
    assert other["differences"] == [{"guarantee": "read-your-writes", "expected": "holds", "now": "violated"}]
    assert other["report"]["guarantees"]["read-your-writes"]["verdict"] == "violated"


def test_a_file_that_cannot_be_replayed_is_2_and_the_others_are_replayed(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.jsonl"
    bare.write_text('{"format": "rts-history/1"}\n')
    status, out, err = replayed(capsys, bare, tmp_path / "nowhere.jsonl", saved)
    assert status == 2
    assert out.startswith(f"{saved}: reproduced: ")
    assert err.splitlines() == [
        f"rts: {bare}: line 1: schedule: missing, so it cannot be run again",
        f"rts: {tmp_path / 'nowhere.jsonl'}: No such file or directory",
    ]


def test_a_system_that_fails_is_an_internal_error(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schedule = msgspec.to_builtins(SCHEDULE)
    schedule["steps"] *= 2
    status, _, err = replayed(capsys, with_header(saved, bug="raises", schedule=schedule))
    assert status == 4
    assert "the fake system fell over (traceback in " in err
    assert len(err.splitlines()) == 1
