import pytest

SHOWN = """
from hypothesis import settings

def test_profile():
    used = settings.default
    print("PROFILE", settings.get_current_profile_name(), used.max_examples, used.deadline, used.database)
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "PROFILE quick 50 None None"),
        (["--hypothesis-profile=ci"], "PROFILE ci 300 None None"),
        (["--hypothesis-profile=nightly"], "PROFILE nightly 5000 None None"),
    ],
)
def test_a_project_with_histories_has_three_profiles(
    arguments: list[str], expected: str, pytester: pytest.Pytester
) -> None:
    (pytester.path / "histories").mkdir()
    pytester.makepyfile(SHOWN)
    pytester.runpytest_subprocess("-s", *arguments).stdout.fnmatch_lines([f"*{expected}"])


def test_settings_in_pyproject_are_as_good_as_a_folder(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml("[tool.rts]\nschedules = 7\n")
    pytester.makepyfile(SHOWN)
    pytester.runpytest_subprocess("-s").stdout.fnmatch_lines(["*PROFILE quick *"])


def test_a_profile_of_the_project_s_own_wins(pytester: pytest.Pytester) -> None:
    (pytester.path / "histories").mkdir()
    pytester.makeconftest(
        "from hypothesis import settings\n"
        "settings.register_profile('quick', max_examples=3)\n"
        "settings.load_profile('quick')\n"
    )
    pytester.makepyfile(SHOWN)
    pytester.runpytest_subprocess("-s").stdout.fnmatch_lines(["*PROFILE quick 3 *"])
