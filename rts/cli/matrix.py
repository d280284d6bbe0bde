"""Verdict tables: which guarantee each configuration was seen to keep or to break.

A table too wide for the terminal is broken into blocks of whole columns, one below the other, so that no
cell ever wraps. Columns are headed by names broken at their hyphens.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import click

from rts.cli.text import hanging, short_count

SIGNS = {"holds": "✓", "violated": "✗", "unknown": "?"}
LEGEND = (
    "✓ holds  ✗ broken  ? unknown; the number: pairs, reads or checks judged",
    "! not as the system claims   · the system claims nothing",
)
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Cell:
    """One verdict: `holds`, `violated` or `unknown`, and what was expected (`None`: nothing is claimed)."""

    verdict: str
    judged: int
    expected: str | None

    @property
    def unexpected(self) -> bool:
        """Whether the system is not as it claims: broken though it should hold, or not found broken."""
        if self.expected == "holds":
            return self.verdict == "violated"
        return self.expected == "violated" and self.verdict != "violated"

    @property
    def mark(self) -> str:
        """The sign behind the cell."""
        return "!" if self.unexpected else "·" if self.expected is None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A table of cells: `cells[row][column]`, absent where nothing was judged; `note` is shown below it."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[str, Mapping[str, Cell]]
    note: str = ""

    def transposed(self) -> Matrix:
        """The same with rows for columns."""
        turned = {
            column: {row: self.cells[row][column] for row in self.rows if column in self.cells.get(row, {})}
            for column in self.columns
        }
        return Matrix(title=self.title, rows=self.columns, columns=self.rows, cells=turned, note=self.note)


def render(matrix: Matrix, *, columns: int) -> Iterator[str]:
    """The lines of `matrix`, none wider than `columns` where a single column fits at all."""
    yield click.style(f"{matrix.title[:1].upper()}{matrix.title[1:]}", bold=True)
    label_width = max((len(row) for row in matrix.rows), default=0)
    for block in _blocks(matrix, columns - label_width - 2):
        yield ""
        yield from _block(matrix, block, label_width)
    if matrix.note:
        yield ""
        yield hanging("", matrix.note, indent=2, label_width=0, columns=columns)


def _blocks(matrix: Matrix, available: int) -> Iterator[list[str]]:
    """The columns in runs that fit beside the labels, as even as they can be."""
    widths = {column: _width(matrix, column) for column in matrix.columns}
    count = next(
        (
            blocks
            for blocks in range(1, len(widths) + 1)
            if all(
                sum(len(_GAP) + widths[column] for column in run) <= available
                for run in _even(matrix.columns, blocks)
            )
        ),
        len(widths),
    )
    yield from _even(matrix.columns, count)


def _even(columns: Sequence[str], blocks: int) -> list[list[str]]:
    size, larger = divmod(len(columns), max(blocks, 1))
    starts = [number * size + min(number, larger) for number in range(blocks + 1)]
    return [list(columns[start:end]) for start, end in itertools.pairwise(starts)]


def _block(matrix: Matrix, block: Sequence[str], label_width: int) -> Iterator[str]:
    headings = {column: _heading(column) for column in block}
    height = max(len(heading) for heading in headings.values())
    widths = {column: _width(matrix, column) for column in block}
    for line in range(height):
        parts = [" " * label_width]
        for column in block:
            heading = headings[column]
            offset = line - (height - len(heading))
            parts.append((heading[offset] if offset >= 0 else "").ljust(widths[column]))
        yield ("  " + _GAP.join(parts)).rstrip()
    for row in matrix.rows:
        parts = [row.ljust(label_width)]
        for column in block:
            parts.append(_shown(matrix.cells.get(row, {}).get(column), widths[column]))
        yield ("  " + _GAP.join(parts)).rstrip()


def _shown(cell: Cell | None, width: int) -> str:
    if cell is None:
        return " " * width
    judged = short_count(cell.judged) if cell.judged else "–"
    text = f"{SIGNS[cell.verdict]} {judged:>4} {cell.mark}".rstrip()
    style = {"fg": "red", "bold": True} if cell.unexpected else {"dim": cell.verdict == "unknown"}
    # The blanks stay plain, so that a line can be trimmed at the right.
    return click.style(text, **style) + " " * (width - len(text))


def _heading(name: str) -> list[str]:
    """`name` in lines of about a cell's width: broken after its hyphens and slashes where it must be."""
    lines = [""]
    for part in name.replace("-", "-\0").replace("/", "/\0").replace(" ", " \0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > _CELL_WIDTH + 2:
            lines.append(part)
        else:
            lines[-1] += part
    return [line.strip() for line in lines]


_CELL_WIDTH = len("✓ 9.9k !")


def _width(matrix: Matrix, column: str) -> int:
    return max(_CELL_WIDTH, *(len(line) for line in _heading(column)))
