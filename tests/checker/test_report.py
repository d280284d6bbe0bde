"""The report for people: exact text, without colours where there is no terminal."""

from __future__ import annotations

import io

from msgspec import UNSET
from rich.console import Console

from checker import check
from checker.describe import duration, value_text
from checker.report import explain_violation, render_text
from tests.checker.literal import history, r, w

STALE = history(
    w(0, "a", "x=1", 0, 1_500, position=(1, 1), node="leader"),
    r(1, "a", "x=null", 2_000_000, 2_250_000, node="n2", version=None),
)

VIOLATION = """\
read-your-writes is violated
index  session  op     key  value  node    position  version  time              status
    0  a        write  x    1      leader  [1,1]              0 ns – 1.5 µs     ok
    1  a        read   x    null   n2                initial  2 ms – 2.25 ms    ok
0 –session-order→ 1: both are of session a and operation 0 ended at 1.5 µs, before operation 1
started at 2 ms
1 –anti-dependency→ 0: operation 1 returned the initial version, which is older than any that was
written
Let w = operation 0 (a writes 1 to x at leader) and r = operation 1 (a reads null from x at n2).
Then w happened before r, because both are of session a and w ended at 1.5 µs, before r started at 2
ms. But r did not see w, because r returned the initial version, which is older than any that was
written: a contradiction.
"""


def test_a_violation_in_plain_text() -> None:
    violation = check(STALE).guarantees["read-your-writes"].violations[0]
    assert squeeze(explain_violation("read-your-writes", violation, STALE)) == squeeze(VIOLATION)


def squeeze(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def rendered(width: int) -> str:
    out = io.StringIO()
    render_text(check(STALE), STALE, Console(file=out, width=width))
    return out.getvalue()


def test_the_text_report_is_plain_where_there_is_no_terminal() -> None:
    report = rendered(100)
    assert "\x1b" not in report
    assert max(map(len, report.splitlines())) <= 100
    lines = squeeze(report)
    assert lines[0] == [
        "2",
        "operations",
        "(2",
        "ok,",
        "0",
        "fail,",
        "0",
        "info),",
        "1",
        "sessions,",
        "1",
        "keys:",
        "violated",
    ]
    assert lines[1] == ["guarantee", "verdict", "evidence", "judged", "ambiguous", "reason"]
    assert lines[2] == ["read-your-writes", "violated", "positions", "1", "0", "1", "found"]
    assert lines[3] == [
        "monotonic-reads",
        "unknown",
        "0",
        "0",
        *["no", "session", "read", "one", "key", "twice"],
    ]


def test_the_text_report_tells_each_violation() -> None:
    report = " ".join(rendered(100).split())
    for name in ("read-your-writes", "linearizable"):
        violation = check(STALE).guarantees[name].violations[0]
        assert violation.explanation in report
        for edge in violation.cycle:
            assert f"{edge.from_} –{edge.edge}→ {edge.to}: {edge.reason}" in report


def test_a_guarantee_that_holds_without_positions_says_how_little_that_is() -> None:
    plain = history(w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 30))
    out = io.StringIO()
    render_text(check(plain), plain, Console(file=out, width=140))
    assert "says little: without positions only a cycle could break it" in out.getvalue()


def test_durations() -> None:
    assert [duration(time) for time in (0, 999, 1_000, 1_500, 2_000_000, 1_234_567_891)] == [
        "0 ns",
        "999 ns",
        "1 µs",
        "1.5 µs",
        "2 ms",
        "1.234567891 s",
    ]


def test_long_values_are_shortened() -> None:
    assert value_text("ab") == '"ab"'
    assert value_text("x" * 60) == '"' + "x" * 23 + "…" + "x" * 11 + '"'
    assert STALE.operations[0].version is UNSET
