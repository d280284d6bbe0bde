"""`jepsen-log`: what `jepsen.util` logged, by whatever logger."""

from __future__ import annotations

import pytest

from tests.checker.foreign import imported, refused, said, told

LOG = (
    "INFO  jepsen.core - starting\n"
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"
    "INFO  jepsen.util - 1\t:invoke\t:write\t4\n"
    "INFO  jepsen.util - 0\t:ok\t:read\tnil\n"
    "INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n"
    "\n"
    "INFO  jepsen.util - 0\t:invoke\t:cas\t[4 2]\n"
    "INFO  jepsen.util - 1\t:info\t:write\t:timed-out\n"
    "INFO  jepsen.util - 0\t:fail\t:cas\t[4 2]\t:did not match\n"
    "INFO  jepsen.util - 6\t:invoke\t:read\tnil\n"
    "INFO  jepsen.util - 6\t:fail\t:read\t:timed-out\n"
)


def test_lines_become_operations() -> None:
    history = imported(LOG)
    assert told(history) == [
        "p0 read register=None 0-2 ok",
        "p1 write register=4 1-4 info",
        "p0 cas register=4>2 3-5 fail",
        "p6 read register=None 6-7 info",
    ]
    assert said(history.operations[2]) == {"error": ":did not match"}
    assert history.header.meta == {
        "imported_from": "jepsen-log",
        "operations": 4,
        "skipped": {"other lines": 1, "events of no client": 1},
        "nil": "absent",
    }


def test_blanks_do_for_tabs() -> None:
    assert told(imported(LOG.replace("\t", "  "))) == told(imported(LOG))


@pytest.mark.parametrize(
    "before",
    [
        "2014-06-12 14:23:01,5{} INFO  jepsen.util - ",
        "2014-06-12 14:23:01,5{}{{GMT}}\tINFO\t[jepsen worker 0] jepsen.util: ",
        "INFO [2014-06-12 14:23:01,5{}] jepsen worker 1 - jepsen.util ",
        "INFO  [2014-06-12T14:23:01.5{}] jepsen.util - ",
    ],
)
def test_loggers_put_times_and_threads_before(before: str) -> None:
    lines = ("10", "0\t:invoke\t:write\t1"), ("10", "1\t:invoke\t:write\t2"), ("12", "0\t:ok\t:write\t1")
    text = "".join(before.format(time).replace("{GMT}", "GMT") + event + "\n" for time, event in lines)
    second = 1402582981 * 10**9
    assert told(imported(text.replace(",5", ",0").replace(".5", ".0"))) == [
        f"p0 write register=1 {second + 10_000_000}-{second + 12_000_000} ok",
        f"p1 write register=2 {second + 10_000_000}- info",
    ]


def test_a_value_that_is_none_is_refused() -> None:
    line = "INFO  jepsen.util - 0\t:invoke\t:write\t{1\n"
    assert refused(LOG + line) == (12, "value", "'{' without '}'")


def test_a_date_that_is_none_is_refused() -> None:
    line = "2014-13-40 14:23:01,500 INFO  jepsen.util - 0\t:invoke\t:write\t1\n"
    assert refused(line)[:2] == (1, "time")
