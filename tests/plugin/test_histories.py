from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.plugin.conftest import Save


def test_a_history_that_is_reproduced_passes(pytester: pytest.Pytester, save: Save) -> None:
    path = save()
    result = pytester.runpytest("-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"histories/{path.name}::replay PASSED*"])
    assert list(path.parent.iterdir()) == [path]


def test_a_history_that_is_not_as_expected_shows_its_report_and_no_traceback(
    pytester: pytest.Pytester, save: Save
) -> None:
    path = save(read_your_writes="holds")
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"*replay {path.name}*",
            "*read-your-writes*",
            f"histories/{path.name}: not as expected",
            "  guarantee         expected  now",
            "  read-your-writes  holds     violated",
            f"  rts replay histories/{path.name}",
            "*guarantees broken*",
            f"histories/{path.name}::replay: read-your-writes: expected holds, now violated",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*items.py*")


def test_the_report_is_saved_beside_the_history_once(pytester: pytest.Pytester, save: Save) -> None:
    path = save(read_your_writes="holds")
    for _ in range(2):
        pytester.runpytest().assert_outcomes(failed=1)
    text = path.with_suffix(".txt")
    assert sorted(path.parent.iterdir()) == [path, text]
    assert f"rts replay histories/{path.name}" in text.read_text()


def test_another_text_beside_the_history_is_kept(pytester: pytest.Pytester, save: Save) -> None:
    path = save(read_your_writes="holds")
    path.with_suffix(".txt").write_text("notes of mine\n")
    pytester.runpytest().assert_outcomes(failed=1)
    assert path.with_suffix(".txt").read_text() == "notes of mine\n"
    assert len(list(path.parent.glob(f"{path.stem}-*.txt"))) == 1


def test_a_violation_that_is_gone_says_so(pytester: pytest.Pytester, save: Save) -> None:
    save(monotonic_writes="violated")
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["  monotonic-writes  violated  *", "*change `expect` in the file's first line*"]
    )


def test_junit_files_carry_the_finding(pytester: pytest.Pytester, save: Save) -> None:
    path = save(read_your_writes="holds")
    pytester.runpytest("--junitxml=junit.xml")
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()
    found = {element.get("name"): element.get("value") for element in root.iter("property")}
    assert found["rts_guarantee"] == "read-your-writes"
    assert found["rts_history"] == f"histories/{path.name}"
    assert found["rts_replay"] == f"rts replay histories/{path.name}"
    assert "not as expected" in str(found["rts_report"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "x.jsonl:1: *"),
        ('{"format": "rts-history/1"}\n', "x.jsonl: line 1: schedule: missing*"),
        ('{"format": "rts-history/1", "schedule": {"steps": 3}}\n', "x.jsonl: line 1: schedule: *"),
        ('{"format": "rts-history/1"}\n{"index": "a"}\n', "x.jsonl:2: *"),
    ],
)
def test_a_damaged_history_fails_in_one_line(
    content: str, message: str, pytester: pytest.Pytester, project: Path
) -> None:
    (project / "histories").mkdir()
    (project / "histories" / "x.jsonl").write_text(content)
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"histories/{message}"])
    result.stdout.no_fnmatch_line("*Error*")


def test_other_files_and_unjudged_histories_are_no_tests(
    pytester: pytest.Pytester, project: Path, save: Save
) -> None:
    path = save()
    (path.parent / "chat.jsonl").write_text('{"role": "user"}\n')
    (path.parent / "notes.txt").write_text("x")
    (path.parent / "unjudged").mkdir()
    (path.parent / "unjudged" / "y.jsonl").write_text('{"format": "rts-history/1"}\n')
    (project / "elsewhere.jsonl").write_text('{"format": "rts-history/1"}\n')
    pytester.runpytest().assert_outcomes(passed=1)


def test_compressed_histories_are_replayed(pytester: pytest.Pytester, save: Save) -> None:
    import zstandard

    path = save()
    compressed = path.with_name(path.name + ".zst")
    compressed.write_bytes(zstandard.ZstdCompressor().compress(path.read_bytes()))
    path.unlink()
    (path.parent / "damaged.jsonl.zst").write_bytes(b"no frame")
    pytester.runpytest().assert_outcomes(passed=1, failed=1)


def test_worker_processes_find_the_same(pytester: pytest.Pytester, save: Save) -> None:
    path = save(read_your_writes="holds")
    result = pytester.runpytest_subprocess("-n", "2")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"histories/{path.name}: not as expected",
            "*guarantees broken*",
            f"histories/{path.name}::replay: read-your-writes: expected holds, now violated",
        ]
    )
