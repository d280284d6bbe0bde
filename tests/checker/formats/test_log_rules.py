"""What a log line leaves out, and what it says behind the value."""

from __future__ import annotations

import time

import pytest

from checker import Operation
from tests.checker.foreign import imported, refused, said, told

INVOKED = "INFO  jepsen.util - 0\t:invoke\t:cas\t[4 2]\n"


def answered(line: str) -> Operation:
    (operation,) = imported(INVOKED + f"INFO  jepsen.util - 0\t{line}\n").operations
    return operation


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (":fail\t:cas\t[4 2]\t:did not {match", ":did not {match"),
        (":fail\t:cas\t[4 2]\tat\tlast", "at\tlast"),
        (":fail  :cas  [4 2]  :did not [1  2]", ":did not [1 2]"),
        (":fail\t:cas\t[4 2]\t", None),
        (":fail\t:cas\t[4 2]", None),
    ],
)
def test_what_follows_the_value_is_the_error(line: str, error: str | None) -> None:
    operation = answered(line)
    assert (operation.status, operation.value, operation.error) == ("fail", 2, error)


@pytest.mark.parametrize("value", [":timed-out", ":timeout"])
def test_only_a_failure_may_have_timed_out(value: str) -> None:
    text = f"INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t{{}}\t:read\t{value}\n"
    assert told(imported(text.format(":fail"))) == ["p0 read register=None 0-1 info"]
    assert told(imported(text.format(":ok"))) == [f"p0 read register={value!r} 0-1 ok"]


def test_there_may_be_no_value() -> None:
    text = "INFO  jepsen.util - 0 :invoke :read\nINFO  jepsen.util - 0 :ok :read 3\n"
    history = imported(text)
    assert told(history) == ["p0 read register=3 0-1 ok"]
    assert said(history.operations[0]) == {}


def test_reading_nil_finds_nothing_in_a_transaction_too() -> None:
    text = "INFO  jepsen.util - 0\t{}\t:txn\t[[:r 5 nil]]\n"
    assert told(imported(text.format(":invoke") + text.format(":ok"))) == ["p0 txn r(5=None) 0-1 ok"]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_times_are_those_of_greenwich_to_the_millisecond(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "1970-01-02 00:00:01 INFO  jepsen.util - 0\t:invoke\t:write\t1\n"
        "1970-01-02 00:00:01,250 INFO  jepsen.util - 0\t:ok\t:write\t1\n"
    )
    with monkeypatch.context() as patched:
        patched.setenv("TZ", zone)
        time.tzset()
        assert told(imported(text)) == ["p0 write register=1 86401000000000-86401250000000 ok"]
    time.tzset()


def test_a_time_that_is_none_is_said_with_its_line() -> None:
    line = "1970-02-30 00:00:01 INFO  jepsen.util - 0\t:invoke\t:write\t1\n"
    assert refused(INVOKED + line) == (2, "time", "day is out of range for month")
