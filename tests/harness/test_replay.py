import json
from pathlib import Path
from typing import Any

import pytest

from rts.harness.archive import load, save
from rts.harness.judge import judge
from rts.harness.replay import Difference, recheck, replay
from tests.harness.fake_system import ANY_FOLLOWER, FakeSystem, system
from tests.harness.histories import STALE_READ, schedule_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    run = system.simulate(schedule_of(*STALE_READ))
    return save(
        tmp_path,
        system="fake",
        configuration=ANY_FOLLOWER,
        run=run,
        judgement=judge(run, ANY_FOLLOWER),
        guarantee="read-your-writes",
    )


def edit(path: Path, line: int, **fields: Any) -> None:
    lines = path.read_text().splitlines()
    lines[line] = json.dumps({**json.loads(lines[line]), **fields})
    path.write_text("".join(line + "\n" for line in lines))


def test_a_saved_history_is_reproduced(path: Path) -> None:
    again = replay(load(path), FakeSystem())
    assert again.as_expected
    assert again.exact
    assert again.same_digest is True
    assert again.exit_status(exact=True) == 0


def test_another_order_of_fields_is_the_same_history(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    backwards = [dict(reversed(fields.items())) for fields in lines]
    path.write_text("".join(json.dumps(fields, indent=None) + "\n" for fields in backwards))
    assert replay(load(path), FakeSystem()).exact


def test_a_verdict_that_is_no_longer_as_expected(path: Path) -> None:
    edit(path, 0, expect={"read-your-writes": "holds", "linearizable": "violated", "made-up": "holds"})
    again = replay(load(path), FakeSystem())
    assert again.differences == (
        Difference("read-your-writes", "holds", "violated"),
        Difference("made-up", "holds", None),
    )
    assert again.exit_status() == 1


def test_the_first_operation_that_differs_is_shown(path: Path) -> None:
    edit(path, 2, end=3_000_000)
    again = replay(load(path), FakeSystem())
    assert again.as_expected
    assert again.first_difference is not None
    assert again.first_difference.place == 1
    assert '"end":3000000' in (again.first_difference.recorded or "")
    assert '"end":4000002' in (again.first_difference.found or "")
    assert (again.exit_status(), again.exit_status(exact=True)) == (0, 3)


def test_a_missing_operation_is_a_difference(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    difference = replay(load(path), FakeSystem()).first_difference
    assert difference is not None
    assert difference.recorded is None
    assert difference.found is not None


def test_another_digest_is_not_exact(path: Path) -> None:
    edit(path, 0, digest="sha256:0")
    again = replay(load(path), FakeSystem())
    assert again.first_difference is None
    assert not again.exact


def test_recheck_runs_nothing(path: Path) -> None:
    again = recheck(load(path))
    assert again.as_expected
    assert again.run is None
    assert again.exit_status() == 0


def test_recheck_judges_the_recorded_operations(path: Path) -> None:
    edit(path, 2, value=2, version=1)
    assert recheck(load(path)).differences == (
        Difference("read-your-writes", "violated", "holds"),
        Difference("linearizable", "violated", "holds"),
    )
