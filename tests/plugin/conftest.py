"""A project of its own in a temporary folder, with saved histories of the fake system."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import core, settings

from rts.harness import archive
from rts.harness.judge import judge
from rts.schedule import SECOND, Lag, Read, Schedule, Write
from tests.harness import fake_system
from tests.harness.fake_system import ANY_FOLLOWER, FakeSystem

STALE_READ = Schedule(
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

Save = Callable[..., Path]


@pytest.fixture(autouse=True)
def _hypothesis_as_it_was() -> Iterator[None]:
    """A session inside this process sets Hypothesis's profile and seed: undo it for the tests that follow."""
    profile, seed = settings.get_current_profile_name(), core.global_force_seed
    kept = settings.get_profile(profile)
    yield
    settings.register_profile(profile, kept)
    settings.load_profile(profile)
    core.global_force_seed = seed


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """An empty project with the settings of a careful one."""
    pytester.makepyprojecttoml(
        "[tool.pytest.ini_options]\n"
        "addopts = ['--strict-markers', '--strict-config', '-p', 'no:cacheprovider']\n"
        "filterwarnings = ['error']\n"
    )
    return pytester.path


@pytest.fixture
def save(project: Path) -> Save:
    """Saves a history of the fake system in the project; `expect` replaces what it expects."""

    def write(schedule: Schedule = STALE_READ, **expect: str) -> Path:
        run = FakeSystem().simulate(schedule)
        path = archive.save(
            project / "histories",
            system=str(Path(fake_system.__file__)),
            configuration=ANY_FOLLOWER,
            run=run,
            judgement=judge(run, ANY_FOLLOWER),
            guarantee="read-your-writes",
        )
        if expect:
            header, *operations = path.read_bytes().splitlines(keepends=True)
            fields = msgspec.json.decode(header)
            fields["expect"] = {re.sub("_", "-", name): verdict for name, verdict in expect.items()}
            path.write_bytes(b"".join((msgspec.json.encode(fields), b"\n", *operations)))
        return path

    return write
