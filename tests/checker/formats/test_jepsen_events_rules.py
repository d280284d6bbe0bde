"""Fields of Jepsen's events beyond the common ones, and the times of what is written first."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Header, History, Operation
from checker.formats import export
from tests.checker.foreign import imported, refused, said, told
from tests.checker.literal import history, r, w


def call(asked: str, answered: str = "") -> str:
    return (
        f"{{:process 0, :type :invoke, :f :write, :value 1{asked}}}\n"
        f"{{:process 0, :type :ok, :f :write, :value 1{answered}}}\n"
    )


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        (", :node 5, :mode nil", {"node": "5"}),
        (', :node "n1", :mode :fast', {"node": "n1", "mode": ":fast"}),
        (", :node nil, :mode [1]", {"mode": "[1]"}),
        (", :position 7, :version 3", {"position": 7, "version": 3}),
        (", :position [1 2], :phase :main", {"position": (1, 2)}),
        (', :position nil, :phase "final"', {"phase": "final"}),
        (", :error [1 :x]", {"error": [1, ":x"]}),
        (", :extra {:a 1}, :b 2", {"extra": {"extra": {":a": 1}, "b": 2}}),
        (', :index 9, :op "read"', {}),
    ],
)
def test_each_field_has_its_meaning_wherever_it_is_said(more: str, fields: dict[str, Any]) -> None:
    for text in (call(more), call("", more), call(more, more)):
        (operation,) = imported(text, initial=None).operations
        assert (operation.op, said(operation)) == ("write", fields)


@pytest.mark.parametrize(
    ("f", "op", "deed"),
    [
        ("write", ":delete", "delete"),
        ("write", '"delete"', "delete"),
        ("write", ":undo", "write"),
        ("read", ":delete", "read"),
    ],
)
def test_a_write_of_nothing_may_say_that_it_is_a_delete(f: str, op: str, deed: str) -> None:
    (operation,) = imported(call(f", :op {op}").replace(":write", f":{f}"), initial=None).operations
    assert (operation.op, operation.key) == (deed, "register")


def test_an_event_with_all_the_common_fields_may_have_others() -> None:
    common = ":process 0, :f :write, :value 1, :key 5, :time 3, :index 7, :session :a, :op :write"
    text = f"{{:type :invoke, {common}, :node 5}}\n{{:type :ok, {common}}}\n"
    (operation,) = imported(text, initial=None).operations
    assert (operation.session, said(operation)) == (":a", {"node": "5"})


@pytest.mark.parametrize(
    ("nil", "told_of"), [(None, "r(1=None)"), ("absent", "r(1=None)"), ("unknown", "w(2=3)")]
)
def test_reading_nil_in_a_transaction_finds_the_key_absent_but_where_somebody_says_otherwise(
    nil: Any, told_of: str
) -> None:
    more = "" if nil != "unknown" else " [:w 2 3]"
    text = call("").replace(":write, :value 1", f":txn, :value [[:r 1 nil]{more}]")
    assert told(imported(text, "jepsen-edn", initial=None, nil=nil)) == [f"p0 txn {told_of} 0-1 ok"]


def test_what_the_completion_says_counts() -> None:
    (operation,) = imported(call(", :tries 1, :node 1", ", :tries 2"), initial=None).operations
    assert said(operation) == {"node": "1", "extra": {"tries": 2}}


def test_a_version_of_nil_is_said() -> None:
    text = call(", :version nil").replace(":write", ":read")
    (operation,) = imported(text, initial=None).operations
    assert operation.version is None


@pytest.mark.parametrize("position", ["[]", "true", "[1 nil]", "1.5", '"1"'])
def test_a_position_is_an_integer_or_a_list_of_such(position: str) -> None:
    line, field, message = refused(call(f", :position {position}"))
    assert (line, field) == (2, "position")
    assert message.endswith(" is neither an integer nor a list of integers")


def test_a_phase_is_a_word() -> None:
    assert refused(call(", :phase 5")) == (2, "phase", "5 is neither main nor final")


@pytest.mark.parametrize("to", ["jepsen-edn", "jepsen-json"])
def test_of_what_was_exported_further_fields_come_back(to: str) -> None:
    one = w(0, "p0", "x=1", 0, 5, extra={"extra": {"a": 1}, "b": [2]})
    (operation,) = imported(b"".join(export(history(one), to))).operations
    assert operation.extra == {"extra": {"a": 1}, "b": [2]}


@pytest.mark.parametrize("to", ["jepsen-edn", "jepsen-json"])
def test_what_was_exported_is_what_it_was_before(to: str) -> None:
    """Its header, its one key, a value that looks like a tuple, and a time that Jepsen calls none."""
    header = Header(name="n", system="s", one_log=True)
    one = w(0, "p0", "x=[1, 2]", -1, 5)
    back = imported(b"".join(export(History.from_operations([one], header=header), to)))
    assert (back.header.name, back.header.system, back.header.one_log) == ("n", "s", True)
    assert told(back) == ["p0 write x=[1, 2] -1-5 ok"]


@pytest.mark.parametrize("to", ["jepsen-edn", "jepsen-json"])
def test_of_what_was_exported_nil_is_what_was_found(to: str) -> None:
    """And keys that nobody wrote start with nothing, whatever the format's own conventions."""
    both = Operation(
        index=1, session="p1", op="txn", start=10, end=15, status="ok", ops=[["r", "x", None], ["r", "y", 1]]
    )
    for of in (history(r(0, "p0", "x=null", 0, 5), both), history(r(0, "p0", "x=null", 0, 5))):
        back = imported(b"".join(export(of, to)))
        assert told(back) == told(of)
        assert back.header.meta["nil"] == "absent"


def test_what_others_add_to_an_exported_file_is_as_they_say() -> None:
    text = b"".join(export(history(w(0, "p0", "x=1", 0, 5)), "jepsen-edn")).decode()
    for kind, time in (("invoke", 10), ("ok", 12)):
        text += f"{{:process 1, :type :{kind}, :f :write, :value 2, :time {time}, :extra 5, :b {{:c 1}}}}\n"
    assert said(imported(text).operations[1]) == {"extra": {"extra": 5, "b": {":c": 1}}}


def test_initial_values_are_written_one_after_the_other_before_the_first_invocation() -> None:
    text = "".join(
        f"{{:process {at}, :type :invoke, :f :put, :key {at}, :value 1, :time {100 + at}}}\n"
        for at in range(3)
    )
    assert told(imported(text, "jepsen-edn", initial=7)) == [
        "initial write 0=7 94-95 ok",
        "initial write 1=7 96-97 ok",
        "initial write 2=7 98-99 ok",
        "p0 write 0=1 100- info",
        "p1 write 1=1 101- info",
        "p2 write 2=1 102- info",
    ]
    assert imported(text, "jepsen-edn", initial=7).header.meta["initial"] == 7


def test_what_has_no_completion_is_refused_with_the_line_of_its_invocation() -> None:
    text = call("") + "{:process 1, :type :invoke, :f :write, :value 2, :phase 5}\n"
    assert refused(text) == (3, "phase", "5 is neither main nor final")


def test_processes_that_are_no_numbers_are_no_clients() -> None:
    text = call("") + '{:process "a", :type :invoke, :f :write}\n{:process true, :type :info}\n'
    skipped = {"events of no client": 2}
    assert imported(text, initial=None).header.meta["skipped"] == skipped


def test_a_completion_of_nothing_is_refused_but_for_one_of_unknown_outcome() -> None:
    text = call("") + "{:process 0, :type :fail, :f :write, :value 1}\n"
    assert refused(text) == (3, "process", "process 0 completes what it did not invoke")
