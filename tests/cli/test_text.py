import pytest

from rts.cli.text import aligned, hanging, plural, short_count


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (9_949, "9.9k"),
        (9_950, "10k"),
        (15_321, "15k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (2_450_000_000, "2.5G"),
    ],
)
def test_counts_are_short(count: int, shown: str) -> None:
    assert short_count(count) == shown


def test_plurals() -> None:
    assert plural(1, "step") == "1 step"
    assert plural(1_200, "step") == "1,200 steps"


def test_columns_are_aligned() -> None:
    assert aligned([("a", "1"), ("bcd", "12")], right=frozenset({1})) == ["  a     1", "  bcd  12"]
    assert aligned([]) == []


def test_long_text_hangs_below_its_label_and_breaks_no_name() -> None:
    assert hanging("keeps", "read-your-writes, monotonic-reads", indent=2, label_width=7, columns=30) == (
        "  keeps  read-your-writes,\n         monotonic-reads"
    )
