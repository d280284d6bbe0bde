"""What the HTML of a report holds beside the golden file: names, counts, and where drawings end."""

from __future__ import annotations

import pytest

from checker import Edge, History, Report, Verdict, Violation
from checker.fates import DurabilityReport
from checker.report.html import render_history, render_html
from checker.verdict import Account, Later
from tests.checker.literal import history, w

EDGE = Edge(from_=0, to=1, edge="session-order", reason="<so>")
GUARANTEES = {
    "causal": Verdict(verdict="unknown", reason="a & b", ambiguous=12_345),
    "<mine>": Verdict(
        verdict="violated",
        evidence="inferred",
        judged=54_321,
        reason="not shown",
        violations=(
            Violation((0, 1), "x", lambda: Account((EDGE,), "1 < 2")),
            Violation((1,), "x", lambda: Account((), "so it is")),
        ),
        violation_count=1_002,
    ),
}
TABLE = """\
<table>
<tr><th>guarantee</th><th>verdict</th><th>evidence</th><th>judged</th><th>ambiguous</th><th>violations</th>\
<th>reason</th></tr>
<tr><td>causal</td><td><b style="color: #9a6700">unknown</b></td><td></td><td>0</td><td>12,345</td>\
<td>0</td><td>a &amp; b</td></tr>
<tr><td>&lt;mine&gt;</td><td><b style="color: #b3261e">violated</b></td><td>inferred</td><td>54,321</td>\
<td>0</td><td>1,002</td><td></td></tr>
</table>"""


def shown(held: History | None = None, *, file: str | None = None) -> list[str]:
    fates = Later[DurabilityReport | None](lambda: DurabilityReport(acknowledged=1, never_read=1))
    report = Report(guarantees=GUARANTEES, operations=3, file=file, history=held, fates=fates)
    return render_html(report).splitlines()


def test_a_report_without_a_history_has_all_but_its_operations() -> None:
    counts = "3 operations (0 ok, 0 fail, 0 info), 0 sessions, 0 keys"
    assert shown(file="<h>.jsonl") == [
        "<div>",
        f'<p>&lt;h&gt;.jsonl: {counts}: <b style="color: #b3261e">violated</b></p>',
        *TABLE.splitlines(),
        "<p>writes: 1 acknowledged: 0 stable, 1 never read</p>",
        "<h4>&lt;mine&gt; (1 of 1,002)</h4>",
        "<p>1 &lt; 2</p>",
        "<ul>",
        "<li>0 –session-order→ 1: &lt;so&gt;</li>",
        "</ul>",
        "<h4>&lt;mine&gt; (2 of 1,002)</h4>",
        "<p>so it is</p>",
        "</div>",
    ]
    assert shown()[1].startswith(f"<p>{counts}: ")


@pytest.mark.parametrize(("count", "heading"), [(1, "mine"), (2, "mine (1 of 2)")])
def test_violations_are_numbered_where_there_are_several(count: int, heading: str) -> None:
    one = Violation((0,), "x", lambda: Account((), "so it is"))
    verdict = Verdict(verdict="violated", violations=(one,), violation_count=count)
    assert f"<h4>{heading}</h4>" in render_html(Report(guarantees={"mine": verdict}))


def test_nothing_is_said_of_writes_where_there_is_nothing_to_say() -> None:
    report = render_html(Report(guarantees={"causal": Verdict(verdict="holds")}))
    assert report.splitlines()[1] == (
        '<p>0 operations (0 ok, 0 fail, 0 info), 0 sessions, 0 keys: <b style="color: #1a7f37">holds</b></p>'
    )
    assert report.endswith("<td></td></tr>\n</table>\n</div>")


@pytest.mark.parametrize(("count", "drawings"), [(40, 1), (41, 0)])
def test_what_is_too_much_for_a_drawing_has_a_table_all_the_same(count: int, drawings: int) -> None:
    long = history(*(w(number, "a", "x=1", 10 * number, 10 * number + 5) for number in range(count)))
    many = Violation(tuple(range(count)), "x", lambda: Account((), "so it is"))
    verdict = Verdict(verdict="violated", violations=(many,), violation_count=1)
    page = render_html(Report(guarantees={"mine": verdict}, history=long))
    assert page.count("<svg") == drawings
    assert page.count("<tr>") == 2 + 1 + count
    assert "<h4>mine</h4>" in page


def test_a_history_shows_as_much_as_one_can_see() -> None:
    operations = [w(number, "a", "x=1", 10 * number, 10 * number + 5) for number in range(1_021)]
    twenty, more = history(*operations[:20]), history(*operations)
    assert render_history(history(operations[0])) == (
        "<div>\n<p>&lt;History of 1 operations, 1 sessions&gt;</p>\n<table>\n"
        "<tr><th>index</th><th>session</th><th>op</th><th>key</th><th>value</th><th>time</th>"
        "<th>status</th></tr>\n"
        "<tr><td>0</td><td>a</td><td>write</td><td>x</td><td>1</td><td>0 ns – 5 ns</td><td>ok</td></tr>\n"
        "</table>\n</div>"
    )
    assert (render_history(twenty).count("<tr>"), "more" in render_history(twenty)) == (21, False)
    assert render_history(more).count("<tr>") == 21
    assert render_history(more).endswith("</table>\n<p>… and 1,001 more</p>\n</div>")
