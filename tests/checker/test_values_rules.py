"""What is no JSON value is refused with its name, and nothing is taken for something else."""

from __future__ import annotations

import pytest

from checker.values import NotJson, identity


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "nan is no JSON number"),
        (float("-inf"), "-inf is no JSON number"),
        ([1, [float("inf")]], "inf is no JSON number"),
        ({1: 2}, "an object's names are strings"),
        ({1, 2}, "set is no JSON value"),
        (b"x", "bytes is no JSON value"),
    ],
)
def test_what_json_cannot_hold_is_named(value: object, why: str) -> None:
    with pytest.raises(NotJson) as refused:
        identity(value)
    assert str(refused.value) == why
