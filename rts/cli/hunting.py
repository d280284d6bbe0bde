"""A hunt from the command line: what is said before, during and after it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from rts import systems
from rts.cli.hunt_page import page
from rts.cli.hunt_report import cells, report
from rts.cli.progress import progress_shown
from rts.cli.selection import Selected
from rts.cli.status import ExitStatus
from rts.cli.text import plural, width
from rts.harness import archive
from rts.harness.hunt import hunt
from rts.harness.summary import Summary, dumps


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for on the command line; `max_time_s` is in seconds."""

    system: tuple[str, ...]
    modes: tuple[str, ...]
    guarantees: tuple[str, ...]
    schedules: int
    max_time_s: float | None
    seed: int
    workers: int | None
    steps: int | None
    bug: str | None
    save: Path | None
    no_save: bool

    @property
    def command(self) -> str:
        """The command that repeats this hunt; the number of workers changes nothing, and is left out."""
        words = ["rts", "hunt"]
        for option, values in (
            ("--system", self.system),
            ("--mode", self.modes),
            ("--guarantee", self.guarantees),
        ):
            for value in values:
                words += [option, value]
        words += ["--schedules", str(self.schedules)]
        if self.max_time_s is not None:
            words += ["--max-time", f"{self.max_time_s:g}s"]
        if self.steps is not None:
            words += ["--steps", str(self.steps)]
        if self.bug is not None:
            words += ["--bug", self.bug]
        if self.save is not None:
            words += ["--save", str(self.save)]
        if self.no_save:
            words.append("--no-save")
        return shlex.join([*words, "--seed", str(self.seed)])

    @property
    def save_to(self) -> Path | None:
        """The folder for counterexamples, if they are to be saved."""
        if self.no_save:
            return None
        if self.save is not None:
            return self.save
        here, folder = Path.cwd().resolve(), archive.histories_directory(Path.cwd())
        return folder.relative_to(here) if folder.is_relative_to(here) else folder


def carry_out(
    request: Request, rows: Sequence[Selected], *, json_file: Path | None, html_file: Path | None
) -> int:
    """Hunt `rows`, report on standard output and in the files asked for, and return the exit status."""
    if not rows:
        click.echo("rts: there is nothing to hunt: no configuration fits", err=True)
        return ExitStatus.NOTHING
    for file in (json_file, html_file):
        _check_writable(file)
    click.echo(f"Hunting {plural(len(rows), 'configuration')}, {plural(request.schedules, 'schedule')} each.")
    click.echo(f"seed {request.seed}")
    click.echo(f"again: {request.command}")
    with progress_shown() as show:
        summary = hunt(
            rows,
            load=systems.load,
            seed=request.seed,
            schedules=request.schedules,
            workers=request.workers or _cores(),
            max_time_s=request.max_time_s,
            steps=request.steps,
            save_to=request.save_to,
            on_progress=show,
            command=request.command,
        )
    summary = only(summary, request.guarantees)
    failures = _failures(summary)
    for line in report(summary, failures, columns=width()):
        click.echo(line)
    if json_file is not None:
        json_file.write_bytes(dumps(summary) + b"\n")
    if html_file is not None:
        html_file.write_text(page(summary, failures), encoding="utf-8")
    return summary.exit_status


def only(summary: Summary, guarantees: Sequence[str]) -> Summary:
    """`summary` with the cells of these guarantees; all of them if none is named."""
    if not guarantees:
        return summary
    results = tuple(
        msgspec.structs.replace(
            result,
            guarantees={name: cell for name, cell in result.guarantees.items() if name in guarantees},
        )
        for result in summary.results
    )
    return msgspec.structs.replace(summary, results=results)


def _failures(summary: Summary) -> dict[str, str]:
    """The failure reports to be shown in full, by path: what was not expected, and seeded bugs."""
    from rts.harness.failure import failure_report
    from rts.harness.replay import replay

    wanted = [
        cell
        for cell in cells(summary)
        if cell.outcome.counterexample is not None
        and (cell.outcome.unexpected or cell.result.bug is not None)
    ]
    found = {}
    for cell in wanted:
        path = cell.outcome.counterexample
        assert path is not None
        done = replay(archive.load(Path(path)), systems.load(cell.result.system))
        if done.run is not None and done.judgement is not None:
            found[path] = failure_report(done.run, done.judgement, cell.guarantee, path=Path(path))
    return found


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_writable(file: Path | None) -> None:
    """A hunt of an hour must not end with a report that cannot be written."""
    if file is None:
        return
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"{file}: there is no folder {file.parent}")
