"""Jepsen's operations, in EDN and in JSON: what each becomes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import UNSET

import checker
from checker.formats.edn import read_values
from tests.checker.foreign import imported, refused, said, told


def edn(*events: tuple[int, str, str, str], more: str = "") -> str:
    return "".join(
        f"{{:process {process}, :type :{kind}, :f :{f}, :value {value}{more}}}\n"
        for process, kind, f, value in events
    )


def call(f: str, asked: str, answered: str | None = None, kind: str = "ok") -> str:
    return edn((0, "invoke", f, asked), (0, kind, f, asked if answered is None else answered))


KNOSSOS = """; What the docs of a checker might show
[{:process 4, :type :invoke, :f :write, :value 2}
 {:process 6  :type :invoke, :f :read, :value nil}
 {:process 4, :type :ok, :f :write, :value 2}
 ; process 7 crashes
 {:process 7, :type :invoke, :f :cas, :value [2 3]}
 {:process :nemesis, :type :info, :f :kill, :value nil}
 {:process 6, :type :ok, :f :read, :value 3}]
"""


def test_a_register_starts_at_0_by_a_write_before_all() -> None:
    history = imported(KNOSSOS)
    assert told(history) == [
        "initial write register=0 -2--1 ok",
        "p4 write register=2 0-2 ok",
        "p6 read register=3 1-4 ok",
        "p7 cas register=2>3 3- info",
    ]
    assert history.header.meta == {
        "imported_from": "jepsen-edn",
        "operations": 3,
        "skipped": {"events of no client": 1},
        "nil": "unknown",
        "initial": 0,
    }


def test_what_it_becomes_is_judged() -> None:
    report = checker.check(imported(KNOSSOS.replace(":value 3}]", ":value 9}]")), ["linearizable"])
    assert report.guarantees["linearizable"].verdict == "violated"


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        (call("write", "1"), "write register=1 0-1 ok"),
        (call("read", "nil", "1"), "read register=1 0-1 ok"),
        (call("read", "nil", kind="fail"), "read register=None 0-1 fail"),
        (call("read", "1", kind="info"), "read register=None 0-1 info"),
        (call("cas", "[1 2]", kind="fail"), "cas register=1>2 0-1 fail"),
        (call("write", "1", ":timeout", kind="info"), "write register=1 0-1 info"),
        (call("write", "1", "nil"), "write register=1 0-1 ok"),
        (call("write", "nil"), "write register=None 0-1 ok"),
        (call("delete", "nil"), "delete register 0-1 ok"),
        (call("append", '"x"'), "append register='x' 0-1 ok"),
        (call("read", "nil", "[7 #{2 1}]"), "read register=[7, {'edn': '#{1 2}'}] 0-1 ok"),
        # jepsen.independent
        (call("write", "[5 1]"), "write 5=1 0-1 ok"),
        (call("read", "[5 nil]", "[5 3]"), "read 5=3 0-1 ok"),
        (call("cas", "[5 [1 2]]"), "cas 5=1>2 0-1 ok"),
        (call("read", '["x" nil]', '["x" 3]'), "read x=3 0-1 ok"),
        (call("cas", "#jepsen.independent.Tuple[:x [1 2]]"), "cas :x=1>2 0-1 ok"),
        (call("txn", "[5 [[:r 1 nil]]]", "[5 [[:r 1 2]]]"), "txn r(5/1=2) 0-1 ok"),
        # multi-registers
        (call("read", "{:x nil, :y nil}", "{:x 1, :y 2}"), "txn r(:x=1) r(:y=2) 0-1 ok"),
        (call("write", "{0 5}"), "txn w(0=5) 0-1 ok"),
        # transactions
        (
            call("txn", "[[:append 5 1] [:r 5 nil]]", "[[:append 5 1] [:r 5 [1]]]"),
            "txn append(5=1) r(5=[1]) 0-1 ok",
        ),
        (call("txn", "[[:w :x 2] [:r :y nil]]", "[[:w :x 2] [:r :y nil]]"), "txn w(:x=2) r(:y=None) 0-1 ok"),
        (call("txn", "[[:r 5 [7]] [:w 5 1]]", kind="info"), "txn r(5=None) w(5=1) 0-1 info"),
        (call("txn", "[[:read 5 nil]]", "[[:read 5 1]]"), "txn r(5=1) 0-1 ok"),
        (call("read", "[[:r 0 nil] [:r 1 nil]]", "[[:r 0 1] [:r 1 nil]]"), "txn r(0=1) r(1=None) 0-1 ok"),
    ],
)
def test_each_operation_has_its_meaning_in_edn_and_in_json(text: str, operation: str) -> None:
    assert told(imported(text, initial=None)) == [f"p0 {operation}"]
    if "#" not in text:
        lines = [_plain(event) for event in read_values(text)]
        in_json = "\n".join(map(json.dumps, lines))
        plain = operation.replace(":x", "x").replace(":y", "y")
        assert told(imported(in_json, initial=None)) == [f"p0 {plain}"]
        assert told(imported(json.dumps(lines, indent=1), initial=None)) == [f"p0 {plain}"]


def _plain(value: Any) -> Any:
    """EDN as elle-cli's JSON has it: no colons, and every key a string."""
    match value:
        case dict():
            return {str(_plain(name)): _plain(item) for name, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case str():
            return value.removeprefix(":")
        case _:
            return value


@pytest.mark.parametrize(
    ("value", "more", "key"), [("nil", "", "register"), ("nil", " :key 1", "1"), ("[1 nil]", "", "1")]
)
def test_a_lock_swaps_whether_it_is_held(value: str, more: str, key: str) -> None:
    """It is free at first, whatever other registers start with."""
    text = edn(*((0, kind, f, value) for f in ("acquire", "release") for kind in ("invoke", "ok")), more=more)
    for initial in (UNSET, 7):
        assert told(imported(text, initial=initial)) == [
            f"p0 cas {key}=None>'held' 0-1 ok",
            f"p0 cas {key}='held'>None 2-3 ok",
        ]


@pytest.mark.parametrize(
    ("deeds", "verdict"),
    [
        (["acquire", "release", "acquire"], "holds"),
        (["acquire", "acquire"], "violated"),
        (["release"], "violated"),
    ],
)
def test_a_lock_is_judged(deeds: list[str], verdict: str) -> None:
    text = "".join(call(deed, "nil") for deed in deeds)
    assert checker.check(imported(text), ["linearizable"]).guarantees["linearizable"].verdict == verdict


def test_operations_without_f_are_transactions() -> None:
    text = "{:process 1 :type :invoke :value [[:r 2 nil]]}\n{:process 1 :type :ok :value [[:r 2 [1]]]}"
    assert told(imported(text)) == ["p1 txn r(2=[1]) 0-1 ok"]


def test_the_first_operation_decides_whether_values_are_tuples() -> None:
    pairs = edn((0, "invoke", "read", "nil"), (0, "ok", "read", "[1 2]"))
    assert told(imported(pairs, initial=None)) == ["p0 read register=[1, 2] 0-1 ok"]
    mixed = edn((0, "invoke", "write", "[1 2]"), (1, "invoke", "read", "nil"))
    assert refused(mixed) == (2, "value", "nil is no [key value], as the file's first operation has")


def test_transactions_do_not_decide_it() -> None:
    text = edn((0, "invoke", "txn", "[[:w 1 2] [:w 2 2]]"), (1, "invoke", "write", "5"))
    assert told(imported(text, initial=None)) == [
        "p0 txn w(1=2) w(2=2) 0- info",
        "p1 write register=5 1- info",
    ]


def test_a_key_field_makes_a_store_of_keys() -> None:
    text = edn((0, "invoke", "put", "[1 2]"), (0, "ok", "put", "[1 2]"), more=", :key 7")
    text += edn((1, "invoke", "get", "nil"), (1, "ok", "get", "nil"), more=", :key 7")
    assert told(imported(text)) == ["p0 write 7=[1, 2] 0-1 ok", "p1 read 7=None 2-3 ok"]


def test_no_two_keys_have_one_name() -> None:
    text = "".join(
        edn((0, "invoke", "put", "1"), (0, "ok", "put", "1"), more=f", :key {key}")
        for key in ("1 ", '"1"', ":a", '":a"')
    )
    names = [operation.key for operation in imported(text, "jepsen-edn").operations]
    assert names == ["1", "1'", ":a", ":a'"]


NIL = edn((0, "invoke", "read", "nil"), (0, "ok", "read", "nil"))


def test_reading_nil_from_a_register_says_nothing() -> None:
    (operation,) = imported(NIL, initial=None).operations
    assert (operation.status, operation.error) == ("info", "nil: the value is unknown")


def test_reading_nil_can_be_said_to_find_nothing() -> None:
    assert told(imported(NIL, initial=None, nil="absent")) == ["p0 read register=None 0-1 ok"]


def test_reading_nil_in_a_transaction_can_be_said_to_say_nothing() -> None:
    text = call("txn", "[[:r 1 nil] [:r 2 nil]]", "[[:r 1 nil] [:r 2 3]]")
    assert told(imported(text, nil="unknown")) == ["p0 txn r(2=3) 0-1 ok"]
    nothing = call("read", "{1 nil}", "{1 nil}")
    assert told(imported(nothing)) == ["p0 txn  0-1 info"]


def test_an_initial_value_is_written_to_every_key() -> None:
    text = edn((0, "invoke", "read", "[1 nil]"), (1, "invoke", "write", "[2 5]"))
    assert told(imported(text, initial="x")) == [
        "initial write 1='x' -4--3 ok",
        "initial write 2='x' -2--1 ok",
        "p0 read 1=None 0- info",
        "p1 write 2=5 1- info",
    ]
    assert "initial" not in imported(text).header.meta


def test_fields_of_ours_are_read_and_others_kept() -> None:
    text = edn((0, "invoke", "read", "nil"), more=', :session "alice", :tries 1, :error :early')
    text += edn(
        (0, "ok", "read", "1"),
        more=', :node "n1", :position [1 4], :version [1 3], :phase :final, :mode :fast, :error 5, :tries 2',
    )
    (operation,) = imported(text, initial=None).operations
    assert operation.session == "alice"
    assert said(operation) == {
        "node": "n1",
        "position": (1, 4),
        "version": (1, 3),
        "phase": "final",
        "mode": ":fast",
        "error": 5,
        "extra": {"tries": 2},
    }


def test_a_delete_may_be_written_as_a_write_of_nil() -> None:
    text = edn((0, "invoke", "write", "nil"), (0, "ok", "write", "nil"), more=", :op :delete")
    assert told(imported(text, initial=None)) == ["p0 delete register 0-1 ok"]


def test_histories_of_the_nemesis_alone_are_empty() -> None:
    history = imported("[{:process :nemesis, :type :info, :f :kill, :value nil}]")
    assert (len(history), history.header.meta["skipped"]) == (0, {"events of no client": 1})
    assert checker.check(history).verdict == "unknown"


def test_an_unknown_outcome_of_nothing_is_counted() -> None:
    history = imported(edn((0, "info", "read", "nil")))
    assert history.header.meta["skipped"] == {"completions of nothing": 1}


@pytest.mark.parametrize(
    ("text", "line", "field", "message"),
    [
        (
            edn((0, "invoke", "add", "1")),
            1,
            "f",
            ":add is none of read, write, cas, delete, get, put, append, txn, acquire, release",
        ),
        (
            "{:process 0, :type :invoke, :value 1}",
            1,
            "f",
            "nil is none of read, write, cas, delete, get, put, append, txn, acquire, release",
        ),
        ("{:type :invoke, :f :read}", 1, "process", "missing"),
        ("{:process 0, :f :read}", 1, "type", "nil is none of invoke, ok, fail, info"),
        (edn((0, "done", "read", "1")), 1, "type", "done is none of invoke, ok, fail, info"),
        (
            edn((0, "invoke", "read", "nil"), (0, "ok", "read", "1"), more=', :time "9"'),
            1,
            "time",
            '"9" is no integer',
        ),
        (
            edn((0, "invoke", "write", "1"), (0, "ok", "write", "1"))
            + edn((0, "invoke", "cas", "3"), (0, "ok", "cas", "3")),
            4,
            "value",
            "3 is no [old new]",
        ),
        (edn((0, "invoke", "cas", "3")), 1, "value", "3 is no [old new]"),
        (
            edn((0, "invoke", "write", "1"), (0, "ok", "read", "1")),
            2,
            "f",
            "completes a :write that was invoked",
        ),
        (call("read", "[1 nil]", "[2 3]"), 2, "value", "[2 3] answers [1 nil]"),
        (call("txn", f'"{"x" * 80}"'), 2, "value", f'"{"x" * 59}… is no list of operations'),
        (edn((0, "invoke", "txn", "3")), 1, "value", "3 is no list of operations"),
        (
            "{:process 0, :type :invoke, :value [[:r 1]]}",
            1,
            "value",
            "[:r 1] is neither [r key value] nor [w …] nor [append …]",
        ),
        (call("txn", "[[:r 1]]"), 2, "value", "[:r 1] is neither [r key value] nor [w …] nor [append …]"),
        (
            call("txn", "[[:r 1 nil] [:cas 1 2]]"),
            2,
            "value",
            "[:cas 1 2] is neither [r key value] nor [w …] nor [append …]",
        ),
        (
            edn((0, "invoke", "write", "1"), (0, "ok", "write", "1"), more=", :position :x"),
            2,
            "position",
            "':x' is neither an integer nor a list of integers",
        ),
        (
            edn((0, "invoke", "write", "1"), (0, "ok", "write", "1"), more=", :phase :last"),
            2,
            "phase",
            ":last is neither main nor final",
        ),
        ("{:process 0}\n[1 2]\n", 1, "type", "nil is none of invoke, ok, fail, info"),
        (edn((0, "invoke", "write", "1")) + "\n:x", 3, None, ":x is no operation: not a map"),
        (edn((0, "invoke", "write", "1")) + "{:process 0, :type", 2, None, "'{' without '}'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_line_and_field(
    text: str, line: int, field: str | None, message: str
) -> None:
    assert refused(text, "jepsen-edn") == (line, field, message)


def test_what_breaks_a_rule_of_histories_is_refused_with_its_own_line() -> None:
    text = "; one\n" + edn((0, "invoke", "write", "1"), (0, "ok", "write", "1"), more=", :position 1")
    text += "; two\n" + edn((0, "invoke", "write", "1"), (0, "ok", "write", "1"), more=", :position [1 2]")
    line, field, message = refused(text)
    assert (line, field) == (5, "position")
    assert "is not of the shape of the key's other positions" in message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"type": "invoke", "process": 0, "f": "read"}\n{"type"', 2, "not JSON"),
        ('\n[{"type": "invoke", "process": 0, "f": "read"},\n{"type": x}]', 3, "not JSON"),
        ('[{"type": "invoke", "process": 0, "f": "read"},\n{"type": "ok"', 2, "not JSON"),
        ('[{"type": "invoke", "process": 0, "f": "read"},\n\n 7]', 3, "7 is no operation: not a map"),
    ],
)
def test_json_that_is_none_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    found = refused(text)
    assert found[0] == line
    assert found[2].startswith(message)


PORCUPINE = """{:process 2, :type :invoke, :f :get, :key "0", :value nil}
{:process 0, :type :invoke, :f :append, :key "8", :value "x 0 0 y"}
{:process 2, :type :ok, :f :get, :key "0", :value ""}
{:process 0, :type :ok, :f :append, :key "8", :value "x 0 0 y"}
{:process 1, :type :invoke, :f :put, :key "8", :value "z"}
"""


def test_porcupines_keys_start_as_the_empty_string() -> None:
    history = imported(PORCUPINE)
    assert told(history) == [
        "initial write 0='' -4--3 ok",
        "initial write 8='' -2--1 ok",
        "p2 read 0='' 0-2 ok",
        "p0 append 8='x 0 0 y' 1-3 ok",
        "p1 write 8='z' 4- info",
    ]
    assert history.header.meta["imported_from"] == "porcupine-kv"
