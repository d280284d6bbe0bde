"""`rts demo`: narrated scenarios."""

from __future__ import annotations

import click

_HELP = """Tell a scenario of a store step by step, in virtual time.

Without NAME, list the scenarios.

\b
Example:
  rts demo read_after_write
"""


@click.command("demo", help=_HELP)
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Run one demo, or list them."""
    from rts.raft import demos as raft
    from rts.telemetry import demos as telemetry

    demos = telemetry.DEMOS | raft.DEMOS
    if name is None:
        click.echo("Scenarios (rts demo NAME):")
        for known in demos:
            click.echo(f"  {known}")
        return
    # Both spellings are in use: the command line likes hyphens, Python underscores.
    demo = demos.get(name.replace("-", "_"))
    if demo is None:
        raise click.UsageError(f"there is no demo {name!r}; there are: {', '.join(demos)}")
    demo(click.echo)
