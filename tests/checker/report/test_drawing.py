"""The drawn timeline: what stands where, and nothing that a page could be harmed by."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest

from checker import Edge, Operation, check
from checker.report.drawing import caption, draw_timeline
from tests.checker.literal import c, d, history, r, w

SVG = "{http://www.w3.org/2000/svg}"
STALE = [w(0, "a", "x=1", 0, 10), r(1, "a", "x=null", 20, 30)]
TWO = """\
<svg xmlns="http://www.w3.org/2000/svg" width="230" height="114" viewBox="0 0 230 114" \
font-family="monospace" role="img" aria-label="timeline of 2 operations">
<rect width="230" height="114" fill="#ffffff"/>
<text x="12" y="50" font-size="12" font-weight="bold" fill="#24292f">a</text>
<line x1="25.2" y1="46" x2="218" y2="46" stroke="#c8ccd0"/>
<g><title>a writes 1 to x, from 0 ns to 10 ns, ok</title><rect x="31.2" y="34" width="69.6" height="24" \
rx="3" fill="#dbe7f3" stroke="#24292f"/>
<text x="37.2" y="50" font-size="12" fill="#24292f">0: w x=1</text></g>
<g><title>a reads null from x, from 20 ns to 30 ns, ok</title><rect x="114.8" y="34" width="91.2" \
height="24" rx="3" fill="#f6c5bd" stroke="#b3261e"/>
<text x="120.8" y="50" font-size="12" fill="#24292f">1: r x=null</text></g>
<g><title>it was over</title><path d="M 66 34 Q 113.2 4 160.4 34" fill="none" stroke="#b3261e" \
stroke-width="1.5"/><polygon points="160.4,34 151.5,33.1 155.8,26.3" fill="#b3261e"/>
<text x="113.2" y="16" font-size="10" fill="#b3261e" text-anchor="middle">session-order</text></g>
<text x="31.2" y="108" font-size="10" fill="#24292f">from 0 ns to 30 ns, not to scale</text>
</svg>"""


def other(index: int, **fields: Any) -> Operation:
    return Operation(index=index, session="a", start=0, end=1, status="ok", **fields)


def bars(drawing: str) -> dict[str, tuple[float, float, float]]:
    """Left, right and top of each bar, by what is written in it."""
    found = {}
    for group in ElementTree.fromstring(drawing).iter(f"{SVG}g"):
        rect, text = group.find(f"{SVG}rect"), group.find(f"{SVG}text")
        if rect is not None and text is not None and text.text is not None:
            left, width, top = (float(rect.get(name, "")) for name in ("x", "width", "y"))
            found[text.text] = (left, left + width, top)
    return found


def test_two_operations_and_an_edge() -> None:
    edge = Edge(from_=0, to=1, edge="session-order", reason="it was over")
    assert draw_timeline(STALE, edges=[edge], highlighted=[1]) == TWO


def test_bars_stand_in_the_order_of_time_and_sessions_in_rows() -> None:
    first, second, third = bars(
        draw_timeline([w(0, "a", "x=1", 0, 50), r(1, "b", "x=1", 10, 20), r(2, "b", "x=2", 30, 70)])
    ).values()
    assert first[0] < second[0] < second[1] < third[0] < first[1] < third[1]
    assert first[2] < second[2] == third[2]


def test_what_never_returned_is_open_to_the_end_and_what_failed_is_struck_through() -> None:
    drawing = draw_timeline([w(0, "a", "x=1", 0, None), w(1, "b", "x=2", 5, 50, status="fail")])
    open_write, failed = bars(drawing).values()
    assert open_write[1] > failed[1]
    assert drawing.count("stroke-dasharray") == 1
    assert drawing.count("line-through") == 1
    assert "never returned, info" in drawing


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (w(0, "a", "x=1", 0, 1), "0: w x=1"),
        (r(1, "a", 'x="b"', 0, 1), '1: r x="b"'),
        (d(2, "a", "x", 0, 1), "2: del x"),
        (c(3, "a", "x=1>2", 0, 1), "3: cas x=1→2"),
        (
            Operation(index=4, session="a", op="append", key="x", value=7, start=0, end=1, status="ok"),
            "4: append x+7",
        ),
        (
            Operation(index=5, session="a", op="txn", ops=[["r", "x", 1]], start=0, end=1, status="ok"),
            '5: txn [["r","x",1]]',
        ),
    ],
)
def test_what_stands_in_a_bar(operation: Operation, text: str) -> None:
    assert caption(operation) == text
    assert list(bars(draw_timeline([operation]))) == [text]


def test_every_text_is_escaped() -> None:
    evil = '<script>&"'
    edge = Edge(from_=0, to=0, edge="reads-from", reason=evil)
    drawing = draw_timeline([w(0, evil, f"{evil}=1", 0, 1)], edges=[edge])
    assert "<script" not in drawing
    assert f"0: w {evil}=1" in bars(drawing)


def test_edges_of_other_operations_are_left_out() -> None:
    edge = Edge(from_=0, to=7, edge="reads-from", reason="")
    assert draw_timeline(STALE, edges=[edge]) == draw_timeline(STALE)


def test_nothing_is_drawn_of_nothing() -> None:
    assert bars(draw_timeline([])) == {}


def test_what_is_drawn_stays_within_the_drawing() -> None:
    stale = history(*STALE[:1], w(2, "b", "x=2", 40, 50), r(3, "c", "x=1", 60, 70), real_time_writes=True)
    violation = check(stale).guarantees["linearizable"].violations[0]
    drawing = draw_timeline(stale.operations, edges=violation.cycle, highlighted=violation.operations)
    width, height = (float(ElementTree.fromstring(drawing).get(name, "")) for name in ("width", "height"))
    points = [
        (float(x), float(y))
        for path in ElementTree.fromstring(drawing).iter(f"{SVG}path")
        for x, y in re.findall(r"([-\d.]+) ([-\d.]+)", path.get("d", ""))
    ]
    assert len(points) == 3 * len(violation.cycle) > 0
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)


def test_the_same_whatever_the_hash_seed() -> None:
    code = (
        "from tests.checker.literal import r, w\n"
        "from checker.report.drawing import draw_timeline\n"
        "print(draw_timeline([w(0, 'b', 'x=1', 0, 10), r(1, 'a', 'x=1', 5, 20)], highlighted={0, 1}))"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1
