"""Operations drawn on a timeline: sessions as rows, operations as bars, the edges of a cycle as arrows.

SVG text, made of a few rectangles, paths and words: no style sheet, no script, nothing from elsewhere, and
the same for the same operations. Time runs from left to right and is not to scale: starts and ends stand in
their order, as far apart as what is written in the bars needs. What never returned is open to the right,
what failed is struck through.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from checker.describe import deed, duration, value_text
from checker.history import Operation
from checker.verdict import Edge

_ROW, _BAR, _STEP, _LETTER = 64, 24, 14, 7.2
_TOP, _MARGIN = 34, 12
_PLAIN, _WITNESS, _INK, _ARROW = "#dbe7f3", "#f6c5bd", "#24292f", "#b3261e"


@dataclass(frozen=True, slots=True)
class _Bar:
    """Where one operation is drawn."""

    left: float
    right: float
    top: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, self.top + _BAR / 2


def draw_timeline(
    operations: Sequence[Operation], *, edges: Sequence[Edge] = (), highlighted: Collection[int] = ()
) -> str:
    """Return a drawing of some operations as an `svg` element.

    `edges` become arrows from one operation's index to another's; those of other operations are left out.
    `highlighted` are the indices of the witness.
    """
    rows = {session: at for at, session in enumerate(dict.fromkeys(item.session for item in operations))}
    names = max((_width(session) for session in rows), default=0.0) + 2 * _MARGIN
    bars, end = _lay_out(operations, rows, names)
    width, height = end + _MARGIN, _TOP + _ROW * len(rows) + 16
    parts = [f'<rect width="{_number(width)}" height="{_number(height)}" fill="#ffffff"/>']
    for session, row in rows.items():
        middle = _TOP + _ROW * row + _BAR / 2
        parts.append(_text(_MARGIN, middle + 4, session, weight="bold"))
        parts.append(_line(names - _MARGIN / 2, middle, end, middle))
    for operation in operations:
        parts += _draw_bar(operation, bars[operation.index], witness=operation.index in highlighted)
    for edge in edges:
        if edge.from_ in bars and edge.to in bars:
            parts += _draw_edge(edge, bars[edge.from_], bars[edge.to])
    if operations:
        parts.append(_text(names, height - 6, _span(operations), size=10))
    count = len(operations)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_number(width)}" height="{_number(height)}" '
        f'viewBox="0 0 {_number(width)} {_number(height)}" font-family="monospace" role="img" '
        f'aria-label="timeline of {count} operation{"s" * (count != 1)}">\n' + "\n".join(parts) + "\n</svg>"
    )


def caption(operation: Operation) -> str:
    """Return what stands in an operation's bar: `7: w x=1`, `8: r x=null`."""
    match operation.op:
        case "write":
            what = f"w {operation.key}={value_text(operation.value)}"
        case "read":
            what = f"r {operation.key}={value_text(operation.value)}"
        case "delete":
            what = f"del {operation.key}"
        case "cas":
            what = f"cas {operation.key}={value_text(operation.expected)}→{value_text(operation.value)}"
        case "append":
            what = f"append {operation.key}+{value_text(operation.value)}"
        case _:
            what = f"txn {value_text(operation.ops)}"
    return f"{operation.index}: {what}"


def _lay_out(
    operations: Sequence[Operation], rows: dict[str, int], begin: float
) -> tuple[dict[int, _Bar], float]:
    """Return the bars by index, and where the last one ends.

    Each start or end stands right of what came before, and right of what is written in its bar, or in the bar
    before it in its row.
    """
    moments = [(operation.start, 0, at) for at, operation in enumerate(operations)]
    moments += [(item.end, 1, at) for at, item in enumerate(operations) if item.end is not None]
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    taken = dict.fromkeys(rows.values(), begin)
    here, before = begin - _STEP, None
    for time, ends, at in sorted(moments):
        operation = operations[at]
        row = rows[operation.session]
        if (time, ends) != before:
            here += _STEP
        before = time, ends
        if ends:
            here = right[at] = max(here, left[at] + _width(caption(operation)) + _MARGIN)
            taken[row] = here + _MARGIN / 2
        else:
            here = left[at] = max(here, taken[row])
            taken[row] = here + _width(caption(operation)) + _MARGIN
    last = max((here + _MARGIN, *taken.values()))
    bars = {
        operation.index: _Bar(left[at], right.get(at, last), _TOP + _ROW * rows[operation.session])
        for at, operation in enumerate(operations)
    }
    return bars, last


def _draw_bar(operation: Operation, bar: _Bar, *, witness: bool) -> list[str]:
    dashes = ' stroke-dasharray="4 3"' if operation.end is None else ""
    strike = ' text-decoration="line-through"' if operation.status == "fail" else ""
    end = "never returned" if operation.end is None else f"to {duration(operation.end)}"
    told = f"{deed(operation)}, from {duration(operation.start)} {end}, {operation.status}"
    return [
        f'<g><title>{escape(told)}</title><rect x="{_number(bar.left)}" y="{_number(bar.top)}" '
        f'width="{_number(bar.right - bar.left)}" height="{_BAR}" rx="3" '
        f'fill="{_WITNESS if witness else _PLAIN}" stroke="{_ARROW if witness else _INK}"{dashes}/>',
        _text(bar.left + _MARGIN / 2, bar.top + 16, caption(operation), more=strike) + "</g>",
    ]


def _draw_edge(edge: Edge, one: _Bar, other: _Bar) -> list[str]:
    """Draw an arrow that bends to the left of its way, so that there and back lie apart."""
    (x1, y1), (x2, y2) = one.middle, other.middle
    length = hypot(x2 - x1, y2 - y1) or 1.0
    bend = 30.0 + _BAR / 2
    across = (y2 - y1) / length * bend, -(x2 - x1) / length * bend
    middle = (x1 + x2) / 2 + across[0], (y1 + y2) / 2 + across[1]
    y1, y2 = _side(one, middle[1]), _side(other, middle[1])
    dx, dy = x2 - middle[0], y2 - middle[1]
    size = hypot(dx, dy) or 1.0
    dx, dy = dx / size, dy / size
    x, y = x2 - 8 * dx, y2 - 8 * dy
    head = ((x2, y2), (x - 4 * dy, y + 4 * dx), (x + 4 * dy, y - 4 * dx))
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in head)
    begin, bent, end = (f"{_number(x)} {_number(y)}" for x, y in ((x1, y1), middle, (x2, y2)))
    label_x, label_y = (x1 + 2 * middle[0] + x2) / 4, (y1 + 2 * middle[1] + y2) / 4
    label_y += 11 if across[1] > 0 else -3
    return [
        f'<g><title>{escape(edge.reason)}</title><path d="M {begin} Q {bent} {end}" fill="none" '
        f'stroke="{_ARROW}" stroke-width="1.5"/><polygon points="{points}" fill="{_ARROW}"/>',
        _text(label_x, label_y, edge.edge, size=10, fill=_ARROW, more=' text-anchor="middle"') + "</g>",
    ]


def _side(bar: _Bar, towards: float) -> float:
    """Return the edge of a bar that faces a height."""
    return bar.top if towards < bar.top + _BAR / 2 else bar.top + _BAR


def _span(operations: Sequence[Operation]) -> str:
    ends = [operation.end for operation in operations if operation.end is not None]
    last = max([*ends, *(operation.start for operation in operations)])
    return f"from {duration(min(item.start for item in operations))} to {duration(last)}, not to scale"


def _width(text: str) -> float:
    """Return how wide a text is at most, roughly: the letters are of one width, in most fonts."""
    return len(text) * _LETTER


def _text(
    x: float, y: float, text: str, *, size: int = 12, weight: str = "normal", fill: str = _INK, more: str = ""
) -> str:
    bold = "" if weight == "normal" else f' font-weight="{weight}"'
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" font-size="{size}"{bold} fill="{fill}"{more}>'
        f"{escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    a, b, c, d = map(_number, (x1, y1, x2, y2))
    return f'<line x1="{a}" y1="{b}" x2="{c}" y2="{d}" stroke="#c8ccd0"/>'


def _number(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
