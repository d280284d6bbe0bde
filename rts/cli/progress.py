"""How far a hunt is: a bar on a terminal, a plain line every half minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rts.cli.text import plural, short_count

if TYPE_CHECKING:
    from rts.harness.hunt import Progress

    Show = Callable[[Progress], None]

PLAIN_PERIOD_S = 30.0


@contextmanager
def progress_shown() -> Iterator[Show]:
    """A function to call with each `Progress`, for the length of the `with` block."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield PlainLines()


class PlainLines:
    """Writes a line at most every `period_s` seconds of `clock`, and none for what takes less."""

    def __init__(
        self, *, period_s: float = PLAIN_PERIOD_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._period_s = period_s
        self._clock = clock
        self._next = clock() + period_s

    def __call__(self, progress: Progress) -> None:
        """Write `progress`, if it is time."""
        now = self._clock()
        if now >= self._next:
            self._next = now + self._period_s
            click.echo(describe(progress), err=True)


def describe(progress: Progress) -> str:
    """`progress` as one plain line."""
    return (
        f"{progress.phase}: {progress.done:,} of {progress.total:,} schedules, "
        f"{short_count(progress.operations)} operations, {short_count(round(progress.rate))} operations/s, "
        f"{plural(progress.violations, 'violation')}"
    )


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.fields[phase]}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, phase="starting", counts="")

        def show(progress: Progress) -> None:
            counts = (
                f"{short_count(progress.done)} schedules  {short_count(progress.operations)} operations  "
                f"{short_count(round(progress.rate))}/s  {plural(progress.violations, 'violation')}"
            )
            bar.update(
                task, completed=progress.done, total=progress.total, phase=progress.phase, counts=counts
            )

        yield show
