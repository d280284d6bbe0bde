"""`rts check --witness`: the smallest part of each broken history, saved as a history of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rts.cli.text import plural

if TYPE_CHECKING:
    from checker import History, Report


def save_witnesses(folder: Path, history: History, report: Report, options: dict[str, Any]) -> list[str]:
    """Save a witness against each violated guarantee, and return a line on each.

    `options` are those of `check`. Names carry a hash of what the file holds; nothing is overwritten. Raises
    `click.ClickException` where the folder cannot be written to.
    """
    import checker

    lines = []
    name = Path(history.file or "history").name.split(".")[0].strip("<>")
    for guarantee, verdict in report.guarantees.items():
        if verdict.verdict != "violated":
            continue
        witness = checker.minimal_witness(
            history,
            guarantee,
            staleness=options["staleness"],
            real_time_writes=options["real_time_writes"],
        )
        assert witness is not None
        data = checker.dumps(witness)
        path = folder / f"{name}-{guarantee}-{hashlib.sha256(data).hexdigest()[:12]}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_bytes(data)
        except OSError as error:
            raise click.ClickException(f"{path}: {error.strerror}") from None
        lines.append(f"witness against {guarantee}: {plural(len(witness), 'operation')}, {path}")
    return lines
