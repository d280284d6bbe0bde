"""Which of several meanings an operation of Jepsen's has, and what is shown of events that are none."""

from __future__ import annotations

from typing import Any

import pytest

from checker.formats import export
from checker.formats.edn_values import Pair
from checker.formats.jepsen import _is_tuple
from tests.checker.foreign import imported, refused, told
from tests.checker.literal import history, r, w


def edn(*events: tuple[str, str, str], more: str = "") -> str:
    return "".join(
        f"{{:process 0, :type :{kind}, :f :{f}, :value {value}{more}}}\n" for kind, f, value in events
    )


def call(f: str, asked: str, answered: str, more: str = "") -> str:
    return edn(("invoke", f, asked), ("ok", f, answered), more=more)


PLAIN = call("write", "1", "1")
TUPLES = call("write", "[5 1]", "[5 1]")


def last(text: str) -> str:
    """What the last operation of a file became."""
    return told(imported(text, "jepsen-edn", initial=None, nil="absent"))[-1]


def test_an_operation_with_a_key_of_its_own_does_not_make_values_tuples() -> None:
    assert last(call("put", "[1 2]", "[1 2]", more=", :key 7") + PLAIN) == "p0 write register=1 2-3 ok"


@pytest.mark.parametrize(
    ("f", "value", "op", "became"),
    [
        ("write", "nil", ":delete", "p0 delete register 0-1 ok"),
        ("write", "1", ":other", "p0 write register=1 0-1 ok"),
        ("read", "nil", ":delete", "p0 read register=None 0-1 ok"),
    ],
)
def test_a_write_may_say_that_it_deletes(f: str, value: str, op: str, became: str) -> None:
    assert last(call(f, value, value, more=f", :op {op}")) == became


def test_a_read_of_nil_is_a_read_of_nil_whatever_was_asked_for() -> None:
    assert last(call("read", "1", "nil")) == "p0 read register=None 0-1 ok"


def test_of_a_tuple_an_answer_of_nil_leaves_what_was_asked() -> None:
    """A tagged one is a tuple though the file's first operation is none."""
    assert last(TUPLES + call("read", "[5 nil]", "nil")) == "p0 read 5=None 2-3 ok"
    tagged = "#jepsen.independent.Tuple[5 nil]"
    assert last(PLAIN + call("read", tagged, "nil")) == "p0 read 5=None 2-3 ok"


def test_a_register_may_hold_what_looks_like_a_transaction_of_a_key() -> None:
    assert last(PLAIN + call("write", "[5 [[:r 1 2]]]", "nil")) == (
        "p0 write register=[5, [[':r', 1, 2]]] 2-3 ok"
    )


def test_a_register_may_have_a_map_appended() -> None:
    assert last(call("append", '{"a" 1}', "nil")) == "p0 append register={'a': 1} 0-1 ok"


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        (call("write", "[]", "nil"), "write register=[] 0-1 ok"),
        (call("write", "[[]]", "nil"), "write register=[[]] 0-1 ok"),
        (call("write", "[[:r]]", "nil"), "write register=[[':r']] 0-1 ok"),
        (call("write", "[[1 2]]", "nil"), "write register=[[1, 2]] 0-1 ok"),
        (call("txn", "[]", "[]"), "txn  0-1 ok"),
        (call("txn", "[[:write 5 1] [:read 5 1]]", "nil"), "txn w(5=1) r(5=1) 0-1 ok"),
        (edn(("invoke", "txn", "nil")), "txn  0- info"),
        (call("txn", "[[:w 1 nil] [:r 2 nil]]", "nil"), "txn w(1=None) 0-1 ok"),
        (edn(("invoke", "txn", "[[:r 5 7] [:w 5 1]]")), "txn r(5=None) w(5=1) 0- info"),
    ],
)
def test_what_is_a_transaction_and_what_it_holds(text: str, operation: str) -> None:
    assert told(imported(text, "jepsen-edn", initial=None, nil="unknown")) == [f"p0 {operation}"]


def test_a_delete_writes_nothing_whatever_its_value() -> None:
    (operation,) = imported(call("delete", "7", "7"), initial=None).operations
    assert (operation.op, operation.value) == ("delete", None)


def test_reads_of_nil_in_a_transaction_say_why_they_say_nothing() -> None:
    (operation,) = imported(call("txn", "[[:r 1 nil]]", "[[:r 1 nil]]"), nil="unknown").operations
    assert (operation.status, operation.error) == ("info", "nil: the values are unknown")


def test_keys_of_transactions_start_with_the_initial_value_too() -> None:
    assert told(imported(call("txn", "[[:r 1 nil]]", "[[:r 1 7]]"), initial=3)) == [
        "initial write 1=3 -2--1 ok",
        "p0 txn r(1=7) 0-1 ok",
    ]


def test_the_name_of_a_key_that_is_no_string_is_its_text() -> None:
    assert last(TUPLES + call("write", "[[1 2] 5]", "nil")) == "p0 write [1 2]=5 2-3 ok"


@pytest.mark.parametrize(
    ("f", "value", "message"),
    [
        (":write", "[[:r 1 nil] 7]", "7 is neither [r key value] nor [w …] nor [append …]"),
        (":write", "[[:r 1 nil] [9 9]]", "[9 9] is neither [r key value] nor [w …] nor [append …]"),
        (":txn", "[7]", "7 is neither [r key value] nor [w …] nor [append …]"),
        ("[1]", "7", "[1] is none of read, write, cas, delete, get, put, append, txn, acquire, release"),
        (
            '"' + "x" * 58 + '"',
            "7",
            f'"{"x" * 58}" is none of read, write, cas, delete, get, put, append, txn, acquire, release',
        ),
        (
            '"' + "x" * 59 + '"',
            "7",
            f'"{"x" * 59}… is none of read, write, cas, delete, get, put, append, txn, acquire, release',
        ),
    ],
)
def test_what_means_nothing_is_refused(f: str, value: str, message: str) -> None:
    text = f"{{:process 0, :type :invoke, :f {f}, :value {value}}}\n"
    line, _, found = refused(text, "jepsen-edn")
    assert (line, found) == (1, message)


@pytest.mark.parametrize("to", ["jepsen-edn", "jepsen-json"])
@pytest.mark.parametrize("text", ['x=[["r","k",1]]', 'x={"k":1}', 'x=["k",[["r","k",1]]]', 'x=["k",1]'])
def test_of_what_was_exported_a_value_is_what_f_says(to: str, text: str) -> None:
    """Whatever it looks like, of one key and of two."""
    one = w(0, "p0", text, 0, 5)
    for of in (history(one), history(one, r(1, "p1", "y=null", 10, 15))):
        back = imported(b"".join(export(of, to)))
        assert (back.operations[0].op, back.operations[0].key) == ("write", "x")
        assert back.operations[0].value == one.value


def test_of_what_was_exported_an_event_without_f_is_a_transaction_too() -> None:
    text = b"".join(export(history(w(0, "p0", "x=1", 0, 5)), "jepsen-edn")).decode()
    for kind, time in (("invoke", 10), ("ok", 12)):
        text += f"{{:process 1, :type :{kind}, :time {time}, :value [[:w 2 3]]}}\n"
    assert told(imported(text))[-1] == "p1 txn w(2=3) 10-12 ok"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (call("write", "[5 1 2]", "nil"), "[5 1 2] is no [key value], as the file's first operation has"),
        (call("cas", "[5 [1 2 3]]", "nil"), "[1 2 3] is no [old new]"),
        (call("read", "nil", "[5 3]"), "[5 3] answers nil"),
    ],
)
def test_what_is_no_tuple_among_tuples_is_refused(text: str, message: str) -> None:
    assert refused(TUPLES + text) == (4, "value", message)


@pytest.mark.parametrize(("length", "shown"), [(58, '"' + "x" * 58 + '"'), (59, '"' + "x" * 59)])
def test_sixty_characters_of_what_is_no_event_are_shown(length: int, shown: str) -> None:
    text = f'"{"x" * length}"'
    assert refused(text, "jepsen-edn") == (1, None, f"{shown} is no operation: not a map")


def test_an_empty_type_is_called_nothing() -> None:
    message = "nothing is none of invoke, ok, fail, info"
    assert refused('{:process 0, :type "", :f :read}', "jepsen-edn") == (1, "type", message)


@pytest.mark.parametrize(
    ("deed", "value", "found"),
    [
        ("write", [5, 1], True),
        ("write", [5, 1, 2], False),
        ("write", 5, False),
        ("cas", [5, [1, 2]], True),
        ("cas", [5, [1, 2, 3]], False),
        ("cas", [5, 1], False),
        ("cas", Pair((5, 1)), True),
        ("txn", [5, [["r", 1, None]]], True),
        ("read", [["r", 1, None], [["r", 2, None]]], None),
        ("read", [["r", 1, None], ["r", 2, None]], None),
        ("read", {"x": None, "y": None}, None),
        ("txn", [5, 1], None),
        (None, [5, 1], None),
    ],
)
def test_whether_an_operation_says_that_values_are_tuples(
    deed: str | None, value: Any, found: bool | None
) -> None:
    assert _is_tuple(deed, value) is found


def test_transactions_that_spell_out_read_and_write_mean_what_registers_do() -> None:
    """As in Knossos: they start at 0, and nil is unknown; of Elle's, `:r` and `:w`, they start absent."""
    text = call("txn", "[[:read 1 nil] [:read 2 nil]]", "[[:read 1 0] [:read 2 nil]]")
    assert told(imported(text)) == [
        "initial write 1=0 -4--3 ok",
        "initial write 2=0 -2--1 ok",
        "p0 txn r(1=0) 0-1 ok",
    ]
    text = call("txn", "[[:write 1 5] [:read 1 nil]]", "[[:write 1 5] [:read 1 5]]")
    assert told(imported(text)) == ["initial write 1=0 -2--1 ok", "p0 txn w(1=5) r(1=5) 0-1 ok"]
    text = call("txn", "[[:r 1 nil] [:w 2 5]]", "[[:r 1 nil] [:w 2 5]]")
    assert told(imported(text)) == ["p0 txn r(1=None) w(2=5) 0-1 ok"]
    text = call("txn", "[[:read 1 nil]]", "[[:read 1 nil]]")
    assert told(imported(text, initial=None, nil="absent")) == ["p0 txn r(1=None) 0-1 ok"]


def test_an_append_in_a_transaction_is_of_no_register() -> None:
    text = call("txn", "[[:append 1 5] [:read 1 nil]]", "[[:append 1 5] [:read 1 [5]]]")
    assert told(imported(text)) == ["p0 txn append(1=5) r(1=[5]) 0-1 ok"]
    text = call("txn", "[[:read 1 nil] [:append 1 5]]", "[[:read 1 [3]] [:append 1 5]]")
    assert told(imported(text)) == ["p0 txn r(1=[3]) append(1=5) 0-1 ok"]
    assert told(imported(text, initial=7)) == [
        "initial write 1=7 -2--1 ok",
        "p0 txn r(1=[3]) append(1=5) 0-1 ok",
    ]
