import pytest

from rts.cli.status import combined


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], 5),
        ([0, 0], 0),
        ([0, 5], 5),
        ([5, 3], 3),
        ([3, 1, 0], 1),
        ([1, 2], 2),
        ([2, 4, 1], 4),
        ([4, 130], 130),
    ],
)
def test_the_first_that_applies(statuses: list[int], expected: int) -> None:
    assert combined(statuses) == expected
