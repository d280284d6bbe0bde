import click
import pytest

from rts.cli.parameters import chosen, duration, memory

CONTEXT = click.Context(click.Command("x"))
OPTION = click.Option(["--x"])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("60s", 60.0), ("500ms", 0.5), ("5min", 300.0), ("5m", 300.0), ("2h", 7200.0), ("1.5", 1.5), (90, 90.0)],
)
def test_durations(text: object, seconds: float) -> None:
    assert duration(CONTEXT, OPTION, text) == seconds


@pytest.mark.parametrize(
    ("text", "size"), [("512MB", 512_000_000), ("2GiB", 2**31), ("1.5KB", 1500), ("7", 7)]
)
def test_memory(text: str, size: int) -> None:
    assert memory(CONTEXT, OPTION, text) == size


def test_nothing_stays_nothing() -> None:
    assert duration(CONTEXT, OPTION, None) is None
    assert memory(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize("text", ["", "s", "5 parsecs", "-1s", "1e3"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no duration"):
        duration(CONTEXT, OPTION, text)
    with pytest.raises(click.BadParameter, match="is no amount of memory"):
        memory(CONTEXT, OPTION, text)


def test_what_is_chosen_twice_counts_once() -> None:
    assert chosen(("b", "a", "b"), ("a", "b"), option="--x", what="x") == ("b", "a")
    with pytest.raises(click.UsageError, match="--x: there is no x 'c'; there are: none"):
        chosen(("c",), (), option="--x", what="x")
