"""Messages are copied on their way, and are plain data in the trace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest

from rts.own.messages import copied, plain, traced


@dataclass
class Point:
    across: int
    tags: set[str]


class Colour(Enum):
    RED = "red"


class Opaque:
    pass


@pytest.mark.parametrize(
    "message",
    ["x", 1, 1.5, True, None, b"x", (1, "x"), [1, [2]], {"k": [1]}, (1, [2]), {1, 2}, Point(1, {"a"})],
)
def test_a_copy_is_equal(message: Any) -> None:
    assert copied(message) == message
    assert type(copied(message)) is type(message)


def test_a_copy_shares_nothing_that_changes() -> None:
    message = (1, [2], {"k": [3]}, Point(4, {"a"}))
    copy = copied(message)
    copy[1].append(0)
    copy[2]["k"].append(0)
    copy[3].tags.add("b")
    assert message == (1, [2], {"k": [3]}, Point(4, {"a"}))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ((1, "x", None), [1, "x", None]),
        ({"b", "a"}, ["a", "b"]),
        ({(1, 2): {"x": (3,)}}, {"[1, 2]": {"x": [3]}}),
        (2**64, "18446744073709551616"),
        (Point(1, {"b", "a"}), {"across": 1, "tags": ["a", "b"]}),
        (Colour.RED, "red"),
        (Opaque(), "Opaque"),
        (b"\xff", b"\xff"),
    ],
)
def test_plain_data(message: Any, expected: Any) -> None:
    assert plain(message) == expected


def test_what_is_traced_stays_as_it_was() -> None:
    message = ["x"]
    shown = traced(message)
    message.append("y")
    assert shown == ["x"]
    assert traced((1, "x")) == (1, "x")
    assert traced((1, 2**64)) == [1, "18446744073709551616"]
