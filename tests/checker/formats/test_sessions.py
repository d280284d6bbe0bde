"""Sessions of transactions without a clock: Plume's text and dbcop's JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

import checker
from tests.checker.foreign import imported, refused, told

PLUME = """w(0,1,0,0)
r(1,7,1,1)
w(1,7,0,2)

r(0,1,1,1)
w(0,5,0,-1)
r(0,0,2,3)
"""


def test_accesses_of_one_number_are_one_transaction() -> None:
    history = imported(PLUME)
    assert told(history) == [
        "0 txn w(0=1) 0-0 ok",
        "1 txn r(1=7) r(0=1) 0-1 ok",
        "2 txn r(0=None) 0-0 ok",
        "0 txn w(1=7) 1-1 ok",
        "0 txn w(0=5) 2-2 fail",
    ]
    assert history.header.meta == {"imported_from": "plume", "operations": 5, "skipped": {}, "initial": 0}


def test_sessions_say_that_their_times_do_not_compare() -> None:
    assert imported(PLUME).header.extra == {"real_time": False}


def test_an_initial_value_that_is_written_is_a_value_like_others() -> None:
    text = "w(0,0,9,9)\nr(0,0,1,1)\nr(1,0,1,1)\n"
    assert told(imported(text)) == ["9 txn w(0=0) 0-0 ok", "1 txn r(0=0) r(1=None) 0-0 ok"]
    assert told(imported("r(0,0,1,1)\nr(1,-1,1,1)", initial=-1)) == ["1 txn r(0=0) r(1=None) 0-0 ok"]


def test_nothing_that_rests_on_real_time_is_judged() -> None:
    stale = "w(0,1,0,0)\nw(0,2,0,1)\nr(0,2,1,2)\nr(0,1,2,3)\nr(0,2,3,4)\nr(0,1,3,5)\n"
    history = imported(stale)
    for same in (history, checker.loads(checker.dumps(history))):
        verdict = checker.check(same).guarantees["linearizable"]
        assert (verdict.verdict, verdict.reason) == ("unknown", "each session has a clock of its own")


def test_what_was_read_had_begun_whatever_the_order_of_the_file() -> None:
    text = "r(0,1,0,0)\nr(1,1,0,1)\nw(1,1,1,2)\nw(2,2,1,3)\nw(0,1,1,4)\n"
    assert told(imported(text)) == [
        "0 txn r(0=1) 0-2 ok",
        "1 txn w(1=1) 0-0 ok",
        "1 txn w(2=2) 1-1 ok",
        "1 txn w(0=1) 2-2 ok",
        "0 txn r(1=1) 3-3 ok",
    ]
    verdicts = checker.check(imported(text)).guarantees.values()
    assert not any(verdict.verdict == "violated" for verdict in verdicts)


def test_two_that_read_each_other_overlap() -> None:
    text = "r(0,1,0,0)\nw(1,1,0,0)\nr(1,1,1,1)\nw(0,1,1,1)\n"
    assert told(imported(text)) == ["0 txn r(0=1) w(1=1) 0-0 ok", "1 txn r(1=1) w(0=1) 0-0 ok"]


def test_a_session_that_read_its_own_future_ends_too_early() -> None:
    text = "r(0,1,0,0)\nw(0,1,0,1)\nr(0,1,1,2)\n"
    assert told(imported(text)) == [
        "0 txn r(0=1) 0-0 ok",
        "1 txn r(0=1) 0-1 ok",
        "0 txn w(0=1) 1-1 ok",
    ]
    assert checker.check(imported(text)).guarantees["no-thin-air-reads"].verdict == "violated"


@pytest.mark.parametrize("line", ["w(0,1,0)", "x(0,1,0,0)", "w(0,1,0,0", "w(0,a,0,0)"])
def test_a_line_that_is_no_access_is_refused(line: str) -> None:
    assert refused(PLUME + line + "\n", "plume") == (
        8,
        None,
        f"{line!r} is no r(key,value,session,transaction)",
    )


def test_a_long_line_that_is_no_access_is_shown_in_part() -> None:
    assert refused(PLUME + "w(" + "0" * 70, "plume")[2] == (
        f"'w({'0' * 58}' is no r(key,value,session,transaction)"
    )
    assert refused(PLUME + "w(" + "0" * 58, "plume")[2].startswith(f"'w({'0' * 58}' is no r(")


NEW: list[Any] = [
    [{"events": [{"Write": {"variable": 0, "version": 1}}], "committed": True}],
    [
        {
            "events": [{"Read": {"variable": 0, "version": 1}}, {"Read": {"variable": 1, "version": None}}],
            "committed": True,
        },
        {"events": [["r", 0, 0], ["w", "x", 3]], "committed": False},
    ],
]
OLD = {
    "params": {"id": 0, "n_node": 1, "n_variable": 2, "n_transaction": 1, "n_event": 3},
    "info": "",
    "start": "2019",
    "end": "2019",
    "data": [
        [
            {
                "events": [
                    {"write": True, "variable": 0, "value": 1, "success": True},
                    {"write": True, "variable": 1, "value": 2, "success": False},
                    {"write": False, "variable": 1, "value": 0, "success": True},
                ],
                "success": True,
            }
        ]
    ],
}


def test_dbcops_sessions_are_read() -> None:
    history = imported(json.dumps(NEW))
    assert told(history) == [
        "0 txn w(0=1) 0-0 ok",
        "1 txn r(0=1) r(1=None) 0-0 ok",
        "1 txn r(0=None) w(x=3) 1-1 fail",
    ]
    assert history.header.meta["imported_from"] == "dbcop"


def test_dbcops_earlier_histories_are_read() -> None:
    assert told(imported(json.dumps(OLD))) == ["0 txn w(0=1) r(1=None) 0-0 ok", "0 txn w(1=2) 1-1 fail"]


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ([[{"events": [7], "committed": True}]], "events", "7 is no event (session 0, transaction 0)"),
        ([[{"events": [["x", 0, 1]]}]], "events", '["x",0,1] is no event (session 0, transaction 0)'),
        ([[], [{"events": [{}]}]], "events", "{} is no event (session 1, transaction 0)"),
        ([[{"event": []}]], None, "not dbcop's JSON: Object missing required field `events`"),
        ({"params": {}}, None, "not dbcop's JSON: Object missing required field `data`"),
    ],
)
def test_what_is_no_history_of_dbcops_is_refused(data: Any, field: str | None, message: str) -> None:
    line, found, said = refused(json.dumps(data), "dbcop")
    assert (line, found, said[: len(message)]) == (None, field, message)
