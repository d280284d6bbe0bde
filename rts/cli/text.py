"""Plain text for people: how wide it may be, how numbers are shortened, how lists wrap.

Colours are added with `click.style`; `click.echo` takes them out again where the output is no terminal.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence

# What a pipe or a file gets, where nobody's window sets the width.
UNKNOWN_WIDTH = 100
WIDEST = 120


def width() -> int:
    """The columns that a report may use: those of the terminal (or `COLUMNS`), at most `WIDEST`."""
    return min(max(shutil.get_terminal_size((UNKNOWN_WIDTH, 24)).columns, 40), WIDEST)


def short_count(count: int) -> str:
    """`count` in at most five characters: 999, 1.2k, 15k, 3.4M."""
    if count < 1_000:
        return str(count)
    for unit, size in (("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)):
        if count < 9_950 * size // 1_000:
            return f"{count / size:.1f}{unit}"
        if count < 999_500 * size // 1_000:
            return f"{count / size:.0f}{unit}"
    return f"{count / 1e9:.0f}G"


def plural(count: int, noun: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def long_time(seconds: float) -> str:
    """`seconds` in the unit that suits them: 12 s, 5 min, 2.5 h, 3.1 days."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7_200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3_600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"


def hanging(label: str, text: str, *, indent: int, label_width: int, columns: int) -> str:
    """`text` wrapped to `columns`, beside a `label` that stands `indent` in and takes `label_width`."""
    start = " " * indent + label.ljust(label_width)
    return textwrap.fill(
        text or "–",
        columns,
        initial_indent=start,
        subsequent_indent=" " * (indent + label_width),
        break_on_hyphens=False,
        break_long_words=False,
    )


def aligned(
    rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: int = 2
) -> list[str]:
    """`rows` as lines of columns, two blanks apart; the columns numbered in `right` are flush right."""
    table = [list(row) for row in rows]
    if not table:
        return []
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        " " * indent
        + "  ".join(
            cell.rjust(widths[column]) if column in right else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ).rstrip()
        for row in table
    ]
