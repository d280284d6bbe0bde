"""Drawings of text in which bars are longer than what is written in them, and come in any order."""

from __future__ import annotations

from checker.report.timeline import draw
from tests.checker.literal import c, r, w


def test_a_bar_is_as_long_as_what_happens_beside_it() -> None:
    assert draw([w(0, "s0", "k=2", 0, 50), r(1, "s1", "k=1", 10, 20), r(2, "s1", "k=2", 30, 40)]) == [
        "s0  ├ 0 writes k=2 ────────────────┤",
        "s1   ├ 1 reads k=1 ┤├ 2 reads k=2 ┤",
    ]


def test_what_never_returned_ends_where_the_drawing_does() -> None:
    assert draw([r(0, "s0", "k=1", 0, 10), w(1, "s0", "k=2", 20, None), r(2, "s1", "k=2", 30, 40)]) == [
        "s0  ├ 0 reads k=1 ┤├ 1 writes k=2 ┄",
        "s1                  ├ 2 reads k=2 ┤",
    ]


def test_operations_may_come_in_any_order() -> None:
    assert draw([r(2, "s1", "k=2", 30, 40), r(1, "s1", "k=1", 10, 20), w(0, "s0", "k=2", 0, 50)]) == [
        "s1   ├ 1 reads k=1 ┤├ 2 reads k=2 ┤",
        "s0  ├ 0 writes k=2 ────────────────┤",
    ]


def test_what_ends_together_ends_below_one_another() -> None:
    assert draw([c(0, "s0", "k=1>2", 0, 10), w(1, "long", "k=1", 0, 10), w(2, "s0", "k=2", 10, 10)]) == [
        "s0    ├ 0 replaces k=1 by 2 ├ 2 writes k=2 ┤",
        "long  ├ 1 writes k=1 ───────┤",
    ]


def test_an_open_operation_that_is_said_to_have_ended_is_open() -> None:
    assert draw([w(0, "s0", "k=2", 0, 5, status="info"), r(1, "s1", "k=2", 30, 40)]) == [
        "s0  ├ 0 writes k=2 ┄",
        "s1   ├ 1 reads k=2 ┤",
    ]
