"""`rts replay`: saved schedules are run again and held against what they expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rts.cli.group import report_internal_error
from rts.cli.status import ExitStatus, combined
from rts.errors import RtsError

if TYPE_CHECKING:
    from rts.harness.replay import Replay

FORMAT = "rts-replay/1"

_HELP = """Run the schedules of saved histories again, judge them, and compare with what each file expects.

Exit status 0: reproduced; 1: no longer as expected. Bytes that differ are shown from the first differing
operation on, and make it 3 with --exact.

\b
Examples:
  rts replay histories/*.jsonl
  rts replay --exact histories/*.jsonl
  rts replay --recheck history.jsonl
  rts replay --trace history.jsonl | less
"""


@click.command("replay", help=_HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--exact", is_flag=True, help="Ask for the recorded bytes, not only for the verdicts.")
@click.option("--recheck", is_flag=True, help="Judge the recorded operations; run nothing.")
@click.option("--trace", is_flag=True, help="First show every event of the run, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file, on one line.")
def command(files: tuple[Path, ...], *, exact: bool, recheck: bool, trace: bool, as_json: bool) -> int:
    """Replay each file; a file that cannot be replayed does not keep the others from it."""
    if trace and (recheck or as_json):
        raise click.UsageError(f"--trace and {'--recheck' if recheck else '--json'} contradict each other")
    return combined(
        [_one(file, exact=exact, recheck=recheck, trace=trace, as_json=as_json) for file in files]
    )


def _one(file: Path, *, exact: bool, recheck: bool, trace: bool, as_json: bool) -> int:
    import checker
    from rts import systems
    from rts.harness import archive
    from rts.harness import replay as harness

    try:
        saved = archive.load(file)
        done = harness.recheck(saved) if recheck else harness.replay(saved, systems.load(saved.system))
    except (checker.HistoryError, RtsError) as error:
        click.echo(f"rts: {error}", err=True)
        return ExitStatus.USAGE
    except Exception as error:
        report_internal_error(error, f"replaying {file}")
        return ExitStatus.INTERNAL
    if trace and done.run is not None:
        from rts.cli.trace import trace_lines

        for line in trace_lines(done.run.events):
            click.echo(line)
    if as_json:
        click.echo(json.dumps(to_json(done), ensure_ascii=False))
    else:
        _show(done)
    return done.exit_status(exact=exact)


def _show(replay: Replay) -> None:
    from rts.cli.replayed import differing_bytes, failure_text, headline

    if replay.as_expected:
        click.echo(f"{replay.saved.path}: {headline(replay)}")
        for line in differing_bytes(replay):
            click.echo(line)
    else:
        click.echo(failure_text(replay))


def to_json(replay: Replay) -> dict[str, object]:
    """The replay as an `rts-replay/1` object; `report` is the checker's `rts-report/1`."""
    saved, difference, first = replay.saved, replay.first_difference, None
    if difference is not None:
        first = {
            "operation": difference.place,
            "recorded": json.loads(difference.recorded or "null"),
            "now": json.loads(difference.found or "null"),
        }
    return {
        "format": FORMAT,
        "file": str(saved.path),
        "system": saved.system,
        "configuration": saved.configuration,
        "bug": saved.bug,
        "ran": replay.run is not None,
        "as_expected": replay.as_expected,
        "differences": [
            {"guarantee": change.guarantee, "expected": change.expected, "now": change.found}
            for change in replay.differences
        ],
        "exact": replay.exact if replay.run is not None else None,
        "same_digest": replay.same_digest,
        "first_difference": first,
        "report": replay.report.to_json() | {"file": str(saved.path)},
    }
