"""`rts convert`: a history in another format, so that others can be asked for a second opinion."""

from __future__ import annotations

import sys
from contextlib import nullcontext

import click

from checker.formats import WRITTEN
from rts.cli.foreign import Foreign, foreign_options, read_history
from rts.cli.status import ExitStatus

_HELP = """Write a history in another format: for Knossos and Elle (jepsen-edn), for elle-cli
(jepsen-json), or in ours (rts-history). FILE may be of any format that rts check reads; - is standard input.

\b
Examples:
  rts convert history.jsonl --to jepsen-edn > history.edn
  rts convert history.edn --to rts-history -o history.jsonl
"""


@click.command("convert", help=_HELP)
@click.argument("file", metavar="FILE")
@click.option("--to", required=True, type=click.Choice(WRITTEN), help="The format to write.")
@click.option(
    "-o", "--output", metavar="OUT", help="A new file; none is overwritten (default: standard output)."
)
@foreign_options
def command(file: str, *, to: str, output: str | None, foreign: Foreign) -> int:
    """Read one history and write it."""
    import checker
    from checker.formats import export

    if output is not None and output.endswith(".zst"):
        raise click.UsageError("--output: it is written uncompressed; leave .zst off")
    try:
        pieces = export(read_history(file, foreign), to)
        with nullcontext(sys.stdout.buffer) if output is None else open(output, "xb") as out:
            out.writelines(pieces)
            out.flush()
    except checker.HistoryError as error:
        click.echo(f"rts: {error}", err=True)
        return ExitStatus.USAGE
    except BrokenPipeError:
        raise
    except FileExistsError:
        click.echo(f"rts: {output}: there is such a file already", err=True)
        return ExitStatus.USAGE
    except OSError as error:
        click.echo(f"rts: {output or 'standard output'}: {error.strerror}", err=True)
        return ExitStatus.USAGE
    return ExitStatus.HOLDS
