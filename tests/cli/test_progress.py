import pytest

from rts.cli.progress import PlainLines, describe
from rts.harness.hunt import Progress


def progress(done: int) -> Progress:
    return Progress(done=done, total=6_500, operations=54_321, rate=2_612.4, phase="search", violations=1)


def test_a_line_says_how_far_the_hunt_is() -> None:
    assert describe(progress(1_500)) == (
        "search: 1,500 of 6,500 schedules, 54k operations, 2.6k operations/s, 1 violation"
    )


def test_a_plain_line_is_written_at_most_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    now = 100.0
    show = PlainLines(period_s=30.0, clock=lambda: now)
    for now, done in ((101.0, 1), (129.9, 2), (130.0, 3), (159.0, 4), (161.0, 5)):  # noqa: B007
        show(progress(done))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split(" of ")[0] for line in captured.err.splitlines()] == ["search: 3", "search: 5"]
