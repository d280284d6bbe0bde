"""What is written for others, line by line: whose process an operation is, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from checker import History, Operation
from checker.formats import export
from tests.checker.literal import d, f, history, r, w


def lines(of: History, to: str = "jepsen-edn") -> list[str]:
    """The lines but for the first, without index and time."""
    text = b"".join(export(of, to)).decode().splitlines()[1:]
    return [line.partition(":process ")[2] for line in text]


def test_a_format_that_is_not_written_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match=r"^'x' is no format .*; there are jepsen-edn, jepsen-json, rts-h"):
        export(history(), "x")


def test_sessions_without_a_number_come_after_those_that_have_one() -> None:
    numbered = [w(0, "p7", "x=1", 0, 1), w(1, "bob", "x=1", 2, 3), w(2, "p3", "x=1", 4, 5)]
    named = [w(3, "alice", "x=1", 6, None), w(4, "bob", "x=1", 8, 9), w(5, "alice", "x=1", 10, 11)]
    told = lines(history(*numbered, *named))
    assert [int(line.split(",")[0]) for line in told] == [7, 7, 8, 8, 3, 3, 9, 8, 8, 10, 10]
    told = lines(
        history(w(0, "alice", "x=1", 0, None), w(1, "bob", "x=1", 2, None), w(2, "carol", "x=1", 4, 5))
    )
    assert [int(line.split(",")[0]) for line in told] == [0, 2, 4, 4]


def test_a_p_alone_is_no_number() -> None:
    told = lines(history(w(0, "p", "x=1", 0, 9), w(1, "p07", "x=1", 1, 9), w(2, "p0", "x=1", 2, 9)))
    assert [line.partition(", :f")[0] for line in told][:3] == [
        '1, :type :invoke, :session "p"',
        '2, :type :invoke, :session "p07"',
        "0, :type :invoke",
    ]


def test_a_phase_is_a_keyword() -> None:
    told = lines(history(f(0, "n1", "x=1", 5)))
    assert told == [
        '0, :type :invoke, :session "final-n1", :f :read, :value nil}',
        '0, :type :ok, :f :read, :value 1, :node "n1", :phase :final}',
    ]


def test_what_a_read_without_success_returned_is_left_out() -> None:
    told = lines(history(r(0, "p1", "x=5", 0, 9, status="fail"), r(1, "p1", "x=5", 10, 19)))
    assert told == [
        "1, :type :invoke, :f :read, :value nil}",
        "1, :type :fail, :f :read, :value nil}",
        "1, :type :invoke, :f :read, :value nil}",
        "1, :type :ok, :f :read, :value 5}",
    ]


def test_a_delete_is_of_nothing_whatever_it_says() -> None:
    told = lines(history(replace(d(0, "p1", "x", 0, 9), value=7)))
    assert told[0] == "1, :type :invoke, :f :write, :op :delete, :value nil}"


def test_a_register_is_one_beside_transactions() -> None:
    parts = [["r", "y", None], ["w", "z", 2]]
    both = Operation(index=1, session="p1", op="txn", start=10, end=19, status="ok", ops=parts)
    assert lines(history(w(0, "p1", "x=1", 0, 9), both)) == [
        "1, :type :invoke, :f :write, :value 1}",
        "1, :type :ok, :f :write, :value 1}",
        '1, :type :invoke, :f :txn, :value [[:r "y" nil] [:w "z" 2]]}',
        '1, :type :ok, :f :txn, :value [[:r "y" nil] [:w "z" 2]]}',
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1/2", "1/2"),
        ("#{1 2}", "#{1 2}"),
        (5, '{"edn" 5}'),
        (["a"], '{"edn" ["a"]}'),
        (")", '{"edn" ")"}'),
        ("1/2 2/3", '{"edn" "1/2 2/3"}'),
        ("1", '{"edn" "1"}'),
        ("", '{"edn" ""}'),
        ("[1/2]", '{"edn" "[1/2]"}'),
    ],
)
def test_only_the_text_of_one_value_that_json_lacks_stands_for_it(text: Any, written: str) -> None:
    of = history(replace(w(0, "p1", "x=0", 0, 9), value={"edn": text}))
    assert lines(of)[0] == f"1, :type :invoke, :f :write, :value {written}}}"
