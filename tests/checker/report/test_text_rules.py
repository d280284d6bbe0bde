"""The report for people, to the letter: held against a golden file, and its colours one by one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from checker import check, dumps, loads
from checker.report import explain_violation, render_text
from checker.report.text import operations_table
from tests.checker.literal import history, r, w
from tests.checker.report.test_report import WRITES

GOLDEN = Path(__file__).parent / "golden" / "report.txt"
STALE = history(
    w(0, "a", "x=1", 0, 1_500, position=(1, 1), node="leader"),
    r(1, "a", "x=null", 2_000_000, 2_250_000, node="n2", version=None),
    w(12, "b", 'y="a value of sixteen letters and sixteen more"', 7, None),
    r(13, "a", "x=null", 3_000_000, 4_000_000_000, node="n2", version=None),
)
ASKED = ["read-your-writes", "monotonic-reads", "writes-follow-reads", "consistent-prefix", "linearizable"]

TOLD = """\
read-your-writes is violated
index  session  op     key  value  node    position  version  time           status
    0  a        write  x    1      leader  [1,1]              0 ns – 1.5 µs  ok
   13  a        read   x    null   n2                initial  3 ms – 4 s     ok
0 –session-order→ 13: both are of session a and operation 0 ended at 1.5 µs, before operation 13
started at 3 ms
13 –anti-dependency→ 0: operation 13 returned the initial version, which is older than any that was
written
Let w = operation 0 (a writes 1 to x at leader) and r = operation 13 (a reads null from x at n2).
Then w happened before r, because both are of session a and w ended at 1.5 µs, before r started at 3
ms. But r did not see w, because r returned the initial version, which is older than any that was
written: a contradiction.
"""


def shown(width: int, *, file: str = "", **console: Any) -> str:
    read = loads(dumps(STALE), file=file)
    out = io.StringIO()
    render_text(check(read, ASKED), read, Console(file=out, width=width, legacy_windows=False, **console))
    return out.getvalue()


def test_the_whole_report_is_the_golden_file() -> None:
    lines = shown(140, file="a/long/way/to/the/file/" * 4 + "stale.jsonl").splitlines()
    assert "".join(f"{line.rstrip()}\n" for line in lines) == GOLDEN.read_text()


def test_without_a_file_it_begins_with_the_counts() -> None:
    assert shown(140).startswith("4 operations (3 ok, 0 fail, 1 info), 2 sessions, 2 keys: violated\n")


@pytest.mark.parametrize("width", [60, 100])
def test_sentences_keep_to_a_narrow_terminal(width: int) -> None:
    lines = shown(width).splitlines()[1:]
    assert max(len(line.rstrip()) for line in lines) <= width
    assert len([line for line in lines if len(line.rstrip()) > width - 12]) > 4


def test_a_terminal_has_colours() -> None:
    said = shown(140, force_terminal=True, color_system="standard")
    for text in (
        "\x1b[1;31mviolated\x1b[0m",
        "\x1b[32mholds   \x1b[0m",
        "\x1b[33munknown \x1b[0m",
        "\x1b[1mread-your-writes (1 of 2)\x1b[0m\n",
        "\x1b[1mlinearizable\x1b[0m\n",
    ):
        assert text in said
    assert "\x1b" not in shown(140)


def test_what_became_of_the_writes_keeps_to_a_hundred_letters() -> None:
    reads = [r(6, "d", "x=1", 15, 18), r(7, "d", "y=null", 2_050, 2_060, version=None)]
    reads += [r(8, "e", "y=1", 2_100, 2_110), r(9, "e", "z=1", 4_000, 4_010), r(10, "e", "z=2", 4_020, 4_030)]
    told = history(*WRITES, *reads)
    out = io.StringIO()
    render_text(check(told), told, Console(file=out, width=200))
    said = [line.rstrip() for line in out.getvalue().splitlines()]
    first = said.index(next(line for line in said if line.startswith("writes: ")))
    assert said[first : first + 3] == [
        "writes: 4 acknowledged: 2 stable, 1 stale for up to 50 ns, 1 never read; 1 recovered; 1 failed and",
        "yet read",
        "",
    ]


def test_what_tells_a_violation_is_plain_text_whoever_wants_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    violation = check(STALE).guarantees["read-your-writes"].violations[1]
    assert explain_violation("read-your-writes", violation, STALE) == TOLD


def test_a_narrow_terminal_folds_what_is_long_and_keeps_the_verdicts_whole() -> None:
    lines = [line.rstrip() for line in shown(80).splitlines()]
    assert "writes-follow-reads  unknown                   0          0  no session wrote," in lines
    assert not any("…" in line for line in lines)


def test_a_terminal_too_narrow_for_words_breaks_those_of_the_reasons_and_loses_nothing() -> None:
    lines = [line.rstrip() for line in shown(66).splitlines()]
    assert "guarantee            verdict   evidence   judged  ambiguous  n" in lines
    assert not any("…" in line for line in lines)


def test_operations_keep_all_their_letters_however_narrow_their_table() -> None:
    said = []
    for width in (40, 200):
        out = io.StringIO()
        Console(file=out, width=width).print(operations_table(list(STALE.operations)))
        said.append(sorted(out.getvalue().replace(" ", "").replace("\n", "")))
    assert said[0] == said[1]
