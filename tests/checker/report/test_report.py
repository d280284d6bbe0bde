"""The report for people: exact text, without colours where there is no terminal."""

from __future__ import annotations

import io

from msgspec import UNSET
from rich.console import Console

from checker import Header, History, Operation, check
from checker.describe import duration, value_text
from checker.report import explain_violation, render_text
from tests.checker.literal import f, history, r, w

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
        "session,",
        "1",
        "key:",
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


WRITES = [
    w(0, "a", "x=1", 0, 10, position=1),
    w(1, "a", "x=2", 20, 30, position=2),
    w(2, "b", "y=1", 20, 2_000, position=3),
    w(3, "b", "z=1", 3_000, None),
    w(4, "c", "z=2", 0, 10, status="fail"),
    w(5, "c", "z=3", 20, 30),
]
TRACE = {"events": [[35, "note", "n1", "leads", 2], [36, "crash", "n0", 0, False]]}


def writes_line_of(*reads: Operation, trace: object = None) -> str:
    report = check(History.from_operations([*WRITES, *reads], header=Header(trace=trace)))
    out = io.StringIO()
    assert report.history is not None
    render_text(report, report.history, Console(file=out, width=100))
    _, _, rest = out.getvalue().partition("\nwrites: ")
    return " ".join(f"writes: {rest}".partition("\n\n")[0].split()) if rest else ""


def test_what_became_of_the_writes_is_said_in_a_line() -> None:
    reads = [r(6, "d", "x=1", 15, 18), r(7, "d", "y=null", 2_050, 2_060, version=None)]
    reads += [r(8, "e", "y=1", 2_100, 2_110), r(9, "e", "z=1", 4_000, 4_010), r(10, "e", "z=2", 4_020, 4_030)]
    assert writes_line_of(*reads, f(11, "n1", "x=1", 5_000), trace=TRACE) == (
        "writes: 4 acknowledged: 2 stable, 1 lost (across the promotion of n1 at 35 ns), "
        "1 stale for up to 50 ns; 1 recovered; 1 failed and yet read"
    )


def test_loss_without_final_reads_is_said_to_be_presumed() -> None:
    reads = [r(6, "d", "x=1", 100, 110)]
    assert writes_line_of(*reads) == (
        "writes: 4 acknowledged: 1 stable, 1 lost (presumed, for lack of final reads), 2 never read"
    )
    reads += [f(7, "n1", "y=null", 5_000, version=None)]
    assert writes_line_of(*reads) == (
        "writes: 4 acknowledged: 1 stable, 2 lost (1 of them presumed, for lack of final reads), 1 never read"
    )


def test_nothing_is_said_of_writes_that_no_read_tells_of() -> None:
    assert writes_line_of() == ""
    assert check(history(*WRITES)).durability is None


def test_what_became_of_the_writes_is_worked_out_only_if_asked_for() -> None:
    report = check(STALE)
    assert report.durability is report.durability
    assert report.to_json()["durability"]["lost"] == 1
    assert "durability" not in check(STALE, ["monotonic-reads"]).to_json()
    assert "durability" not in check(STALE, memory_limit=1).to_json()


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
