"""What is written for others reads back as it was, and looks as Jepsen's own."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import checker
from checker import Header, History, Operation
from checker.formats import WRITTEN, export
from checker.formats.edn import read_values
from tests.checker.foreign import imported
from tests.checker.histories import histories
from tests.checker.literal import c, d, f, history, r, w

FOREIGN = ("jepsen-edn", "jepsen-json")


def written(of: History, to: str) -> str:
    return b"".join(export(of, to)).decode()


def comparable(of: History) -> list[str]:
    """The operations as text, without their numbers and without what reads without success returned."""
    found = []
    for operation in of.operations:
        plain = replace(operation, index=0)
        if plain.op == "read" and plain.status != "ok":
            plain = replace(plain, value=None)
        found.append(msgspec.json.encode(plain, order="deterministic").decode())
    return sorted(found)


def verdicts(of: History) -> dict[str, str]:
    return {name: verdict.verdict for name, verdict in checker.check(of).guarantees.items()}


@given(histories(), st.sampled_from(FOREIGN))
def test_reading_back_keeps_operations_header_and_verdicts(of: History, to: str) -> None:
    back = imported(written(of, to))
    assert comparable(back) == comparable(of)
    assert (back.header.one_log, back.header.real_time_writes) == (
        of.header.one_log,
        of.header.real_time_writes,
    )
    assert verdicts(back) == verdicts(of)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text()
    | st.sampled_from((":a", "nil", "1", "p3")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.text(min_size=1), VALUES), min_size=1, max_size=3), st.sampled_from(FOREIGN))
def test_any_key_and_any_value_reads_back(pairs: list[tuple[str, Any]], to: str) -> None:
    operations = [
        replace(w(row, key, "k=0", row * 9, row * 9 + 4), key=key, value=value)
        for row, (key, value) in enumerate(pairs)
    ]
    of = history(*operations)
    assert comparable(imported(written(of, to))) == comparable(of)


@pytest.mark.parametrize("edn", ["#{1 2}", "1/2", "foo", r"\a", '#inst "2020"', '":a"', "{1 2}"])
@pytest.mark.parametrize("to", FOREIGN)
def test_what_came_from_edn_goes_back_to_it(edn: str, to: str) -> None:
    text = f"{{:process 1, :type :invoke, :f :write, :value [0 0 {edn}]}}"
    of = imported(text, "jepsen-edn", initial=None)
    assert f":value [0 0 {edn}]}}" in written(of, "jepsen-edn")
    assert comparable(imported(written(of, to))) == comparable(of)


def test_a_register_looks_as_knossos_expects_it() -> None:
    of = history(
        w(0, "p7", "x=1", 0, 10),
        c(1, "alice", "x=1>2", 10, None),
        r(2, "p7", "x=2", 11, 20),
        d(3, "p7", "x", 30, 40, status="fail", error="late"),
    )
    head, *lines = written(of, "jepsen-edn").splitlines()
    assert head.startswith("{:process :rts, :type :info, :f :rts-history, :value ")
    assert lines == [
        "{:index 0, :time 0, :process 7, :type :invoke, :f :write, :value 1}",
        '{:index 1, :time 10, :process 8, :type :invoke, :session "alice", :f :cas, :value [1 2]}',
        "{:index 2, :time 10, :process 7, :type :ok, :f :write, :value 1}",
        "{:index 3, :time 11, :process 7, :type :invoke, :f :read, :value nil}",
        "{:index 4, :time 20, :process 7, :type :ok, :f :read, :value 2}",
        "{:index 5, :time 30, :process 7, :type :invoke, :f :write, :op :delete, :value nil}",
        '{:index 6, :time 40, :process 7, :type :fail, :f :write, :op :delete, :value nil, :error "late"}',
    ]


def test_several_keys_are_written_as_tuples_and_transactions_as_elle_has_them() -> None:
    txn = Operation(
        index=2,
        session="p2",
        op="txn",
        ops=[["append", "x", 1], ["r", "x", [1]]],
        start=5,
        end=6,
        status="ok",
    )
    of = history(w(0, "p0", "x=1", 0, 9), r(1, "p1", "y=null", 1, 8), txn)
    lines = [read_values(line)[0] for line in written(of, "jepsen-edn").splitlines()]
    values = [(line[":type"], line[":f"], line[":value"]) for line in lines[1:]]
    assert values == [
        (":invoke", ":write", ["x", 1]),
        (":invoke", ":read", ["y", None]),
        (":invoke", ":txn", [[":append", "x", 1], [":r", "x", None]]),
        (":ok", ":txn", [[":append", "x", 1], [":r", "x", [1]]]),
        (":ok", ":read", ["y", None]),
        (":ok", ":write", ["x", 1]),
    ]
    events = [json.loads(line) for line in written(of, "jepsen-json").splitlines()]
    assert events[3]["value"] == [["append", "x", 1], ["r", "x", None]]
    assert comparable(imported(written(of, "jepsen-json"))) == comparable(of)


def test_a_session_gets_a_new_process_after_an_unknown_outcome() -> None:
    of = history(w(0, "p0", "x=1", 0, 9, status="info"), w(1, "p0", "x=2", 5, None), r(2, "p0", "x=2", 7, 8))
    events = [json.loads(line) for line in written(of, "jepsen-json").splitlines()[1:]]
    assert [(event["process"], event["type"]) for event in events] == [
        (0, "invoke"),
        (1, "invoke"),
        (2, "invoke"),
        (2, "ok"),
        (0, "info"),
    ]
    assert comparable(imported(written(of, "jepsen-json"))) == comparable(of)


def test_what_jepsen_has_no_word_for_is_read_back() -> None:
    header = Header(name="n", system="s", one_log=True, mode="leader", expect={"linearizable": "violated"})
    operations = [
        w(0, "a", "x=1", 0, 10, position=(1, 2), node="n1", extra={"process": 3, "why": {"edn": "#{1}"}}),
        w(1, "b", "y=1", 0, None, position=(1, 3)),
        f(2, "n1", "x=null", 20, version=None, mode="any"),
        r(3, "c", "x=1", 30, 40, version=(1, 2)),
    ]
    of = History.from_operations(operations, header=header)
    for to in FOREIGN:
        back = imported(written(of, to))
        assert comparable(back) == comparable(of)
        assert replace(back.header, meta={}) == header


def test_schedule_trace_and_digest_stay_behind() -> None:
    header = Header(schedule={"steps": []}, trace=[1], digest="sha256:0")
    of = History.from_operations([w(0, "a", "x=1", 0, 10)], header=header)
    assert replace(imported(written(of, "jepsen-edn")).header, meta={}) == Header()


def test_a_header_that_was_tampered_with_is_refused() -> None:
    text = '{:process :rts, :type :info, :f :rts-history, :value "{\\"heder\\": 1}"}'
    with pytest.raises(checker.HistoryError, match="f:1: value: no header of an exported history: "):
        imported(text)


def test_our_own_format_is_written_too() -> None:
    of = imported("[{:process 0, :type :invoke, :f :write, :value 1}]")
    back = imported(written(of, "rts-history"))
    assert (back.header, back.operations) == (of.header, of.operations)


def test_an_unknown_name_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="'edn' is no format that is written; there are jepsen-edn, "):
        export(history(w(0, "a", "x=1", 0, 10)), "edn")
    assert (*FOREIGN, "rts-history") == WRITTEN
