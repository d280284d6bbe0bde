"""The group of commands, and the one place where an error becomes an exit status."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import click

from rts.cli.settings import defaults_for, explain_default
from rts.cli.status import ExitStatus
from rts.errors import RtsError


class _Entry(NamedTuple):
    module: str
    summary: str


COMMANDS = {
    "hunt": _Entry("rts.cli.hunt", "Search for schedules that break a guarantee; shrink and save them."),
    "replay": _Entry("rts.cli.replay", "Run saved schedules again and hold them against what they expect."),
    "check": _Entry("rts.cli.check", "Judge recorded histories, whoever wrote them."),
    "convert": _Entry("rts.cli.convert", "Write a history in another format, or one of others in ours."),
    "demo": _Entry("rts.cli.demo", "Tell a scenario step by step."),
    "systems": _Entry("rts.cli.systems", "Show what can be hunted and what it claims."),
}

_HELP = """A property-based model checker for replicated stores.

\b
Examples:
  rts hunt                           hunt the telemetry store in every read mode
  rts hunt --mode any-follower       one read mode only
  rts replay histories/*.jsonl       run saved counterexamples again
  rts check history.jsonl            judge a recorded history
  rts demo read_after_write          see one anomaly happen

\b
Exit status: 0 all hold, 1 a violation, 2 wrong usage or unreadable input,
3 inconclusive, 4 internal error, 5 nothing to run or check, 130 interrupted.
"""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, the main job first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, imported now; its defaults come from `[tool.rts]`."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = cast("click.Command", importlib.import_module(entry.module).command)
        if ctx.default_map is None:
            ctx.default_map = {}
        ctx.default_map[cmd_name] = defaults_for(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its line of help, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="rts-checker", prog_name="rts")
def rts() -> None:
    """All commands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `rts` with `arguments` (the process's own by default) and return its exit status. Never raises.

    A command returns its status; what it raises is reported in one line on standard error.
    """
    _tolerate_narrow_encodings()
    # numpy starts a thread for each core, for linear algebra; nothing here has any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        result: Any = rts.main(
            args=None if arguments is None else list(arguments), prog_name="rts", standalone_mode=False
        )
    except click.ClickException as error:
        explain_default(error).show()
        return ExitStatus.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("rts: interrupted", err=True)
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + 13  # as a shell reports a process that SIGPIPE ended
    except Exception as error:
        report_internal_error(error)
        return ExitStatus.INTERNAL
    return result if isinstance(result, int) else ExitStatus.HOLDS


def usage_error(error: RtsError) -> click.UsageError:
    """`error` as wrong usage: one line on standard error and exit status 2."""
    return click.UsageError(str(error), click.get_current_context(silent=True))


def report_internal_error(error: BaseException, doing: str = "") -> None:
    """Say in one line that a bug of ours was met, `doing` what, and where its traceback was written."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="rts-traceback-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.writelines(traceback.format_exception(error))
    described = " ".join(f"{type(error).__name__}: {error}".split())
    where = f" {doing}" if doing else ""
    click.echo(f"rts: internal error{where}: {described} (traceback in {file.name})", err=True)


def _tolerate_narrow_encodings() -> None:
    """Reports use the papers' signs (→, ∪): where a terminal cannot show one, escape it rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
