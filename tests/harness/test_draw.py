import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.strategies import SearchStrategy, binary

from rts.harness.draw import drawn_size, schedules
from rts.harness.drawing import STEP_SIZE
from rts.schedule import Schedule, Write, dumps
from tests.harness.fake_system import ANY_FOLLOWER

ROOT = Path(__file__).parents[2]

DRAW_AND_HASH = """
import sys
for name in sys.argv[1:]:
    sys.path.insert(0, name)
    import full_of_constants
from tests.harness.test_draw import digest_of_draws
print(digest_of_draws(60))
"""


def digest_of_draws(count: int) -> str:
    digest = hashlib.sha256()

    @seed(7)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(schedules("fake", ANY_FOLLOWER))
    def draw(schedule: Schedule) -> None:
        digest.update(dumps(schedule))

    draw()
    return digest.hexdigest()


def in_a_process_of_its_own(*folders: str, hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DRAW_AND_HASH, *folders],
        cwd=ROOT,
        env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_constants_of_a_loaded_module_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis draws constants that it finds in local modules where they fit: ours never do."""
    size = drawn_size(ANY_FOLLOWER, None)
    constants = [bytes([n % 251]) * size for n in range(40)] + [b"x" * STEP_SIZE, b"x" * 16]
    (tmp_path / "full_of_constants.py").write_text(
        f"CONSTANTS = {constants!r}\nNUMBERS = {[10**n for n in range(30)]!r}\n"
    )
    plain = in_a_process_of_its_own(hash_seed="1")
    assert in_a_process_of_its_own(str(tmp_path), hash_seed="2") == plain


def test_drawing_a_schedule_costs_little_more_than_drawing_its_bytes() -> None:
    """A few wide draws, not many narrow ones: what Hypothesis takes for so many bytes is the yardstick."""
    size = drawn_size(ANY_FOLLOWER, None)
    strategies = schedules("fake", ANY_FOLLOWER), binary(min_size=size, max_size=size)
    both = [tuple(map(_seconds, strategies)) for _ in range(3)]
    best = [min(taken) for taken in zip(*both, strict=True)]
    assert best[0] < 4 * best[1]


def _seconds(drawn: SearchStrategy[object]) -> float:
    @settings(
        max_examples=100,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn)
    def draw(value: object) -> None:
        pass

    started = time.process_time()
    draw()
    return time.process_time() - started


def test_a_short_schedule_is_drawn_as_long_as_no_constant_is() -> None:
    assert drawn_size(ANY_FOLLOWER, 1) == 51


def test_hypothesis_shrinks_a_schedule_to_its_simplest_form() -> None:
    smallest = find(
        schedules("fake", ANY_FOLLOWER),
        lambda schedule: any(isinstance(step, Write) for step in schedule.steps),
        settings=settings(database=None, deadline=None),
    )
    assert smallest.steps == (Write(session="s0", key="k0"),)
    assert smallest.settings == {"heartbeat_ms": 100}
    assert smallest.jitter == 0
