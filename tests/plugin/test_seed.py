from pathlib import Path

import pytest

FORCED = """
import hypothesis.core

def test_seed(rts_seed):
    print("SEED", rts_seed, repr(hypothesis.core.global_force_seed))
"""


def seeds(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    """What the test sees: `SEED`, its own seed, the one that Hypothesis is forced to."""
    result = pytester.runpytest_subprocess("-s", *arguments)
    result.assert_outcomes(passed=1)
    return next(line for line in result.outlines if "SEED" in line).split()[-3:]


@pytest.fixture
def ours(pytester: pytest.Pytester) -> Path:
    (pytester.path / "histories").mkdir()
    pytester.makepyfile(FORCED)
    return pytester.path


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--rts-seed=7"], ["SEED", "7", "7"]),
        (["--hypothesis-seed=8"], ["SEED", "8", "8"]),
        (["--rts-seed=7", "--hypothesis-seed=8"], ["SEED", "7", "8"]),
    ],
)
def test_one_seed_is_for_all(arguments: list[str], expected: list[str], pytester: pytest.Pytester) -> None:
    assert seeds(pytester, *arguments) == expected


@pytest.mark.usefixtures("ours")
def test_a_seed_in_words_is_as_good(pytester: pytest.Pytester) -> None:
    _, own, forced = seeds(pytester, "--hypothesis-seed=random")
    assert own.isdecimal()
    assert forced == "'random'"


@pytest.mark.usefixtures("ours")
def test_a_drawn_seed_is_shown_and_used(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("-s")
    header = next(line for line in result.outlines if line.startswith("rts seed: "))
    drawn = header.split()[2]
    assert header == f"rts seed: {drawn} (repeat with --rts-seed={drawn})"
    result.stdout.fnmatch_lines([f"*SEED {drawn} {drawn}"])


@pytest.mark.usefixtures("ours")
def test_worker_processes_share_the_drawn_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_shared="""
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_seed(rts_seed, number):
            with open("seeds.txt", "a") as file:
                file.write(f"{rts_seed}\\n")
        """
    )
    pytester.runpytest_subprocess("-n", "2", "test_shared.py").assert_outcomes(passed=6)
    lines = (pytester.path / "seeds.txt").read_text().splitlines()
    assert (len(lines), len(set(lines))) == (6, 1)


def test_elsewhere_the_fixture_draws_and_hypothesis_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_seed(rts_seed): print('SEED', rts_seed, None)")
    _, own, _ = seeds(pytester)
    assert own.isdecimal()
