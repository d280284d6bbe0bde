"""A drawing with a little of everything, held against a golden file; and what has no size at all."""

from __future__ import annotations

from pathlib import Path

from checker import Edge
from checker.report.drawing import _Bar, _draw_edge, _side, draw_timeline
from checker.verdict import EdgeKind
from tests.checker.literal import c, d, r, w

GOLDEN = Path(__file__).parent / "golden" / "timeline.svg"
OPERATIONS = [
    w(0, "a", "x=1", 0, 50),
    r(1, "longer-name", "x=1", 10, 20),
    r(2, "longer-name", "x=2", 30, None),
    c(3, "b", "x=1>2", 30, 60, status="fail"),
    d(4, "a", "x", 60, 61),
    w(5, "c", "y=3", 60, 60),
    w(6, "longer-name", "y=4", 31, None),
]


def edge(from_: int, to: int, kind: EdgeKind, reason: str) -> Edge:
    return Edge(from_=from_, to=to, edge=kind, reason=reason)


EDGES = [
    edge(0, 1, "reads-from", "down"),
    edge(1, 0, "anti-dependency", "and back"),
    edge(0, 4, "session-order", "along a row"),
    edge(4, 0, "version-order", "and back"),
    edge(5, 5, "real-time", "to itself"),
    edge(3, 1, "real-time", "up, by <&>"),
    edge(9, 0, "real-time", "from one that is not drawn"),
    edge(0, 9, "real-time", "to one that is not drawn"),
]


def test_a_drawing_is_the_golden_file() -> None:
    assert draw_timeline(OPERATIONS, edges=EDGES, highlighted=[0, 4]) + "\n" == GOLDEN.read_text()


def test_nothing_has_no_rows_and_no_times() -> None:
    assert draw_timeline([]) == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="34" height="50" viewBox="0 0 34 50" '
        'font-family="monospace" role="img" aria-label="timeline of 0 operations">\n'
        '<rect width="34" height="50" fill="#ffffff"/>\n</svg>'
    )


def test_one_operation_is_one() -> None:
    drawing = draw_timeline([w(3, "a", "x=1", 5, None)])
    assert 'aria-label="timeline of 1 operation"' in drawing
    assert ">from 5 ns to 5 ns, not to scale</text>" in drawing


def test_an_arrow_leaves_a_bar_on_the_side_that_faces_its_bend() -> None:
    """A bar is 24 high."""
    bar = _Bar(0, 50, 100)
    assert [_side(bar, height) for height in (0, 111, 112, 200)] == [100, 100, 124, 124]


def test_a_label_stands_outside_of_its_arrow_s_bend_however_upright_the_arrow() -> None:
    """Half a step to the left it bends down by less than one, and its label stands below its middle."""
    edge_ = edge(0, 1, "reads-from", "nearly straight down")
    labels = [_draw_edge(edge_, _Bar(100, 200, 0), _Bar(left, 200, 64))[1] for left in (98, 100, 102)]
    assert [label.split('"')[3] for label in labels] == ["55.3", "41", "40.7"]
