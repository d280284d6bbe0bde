"""From a hunt's summary to its verdict tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rts.cli.matrix import Cell, Matrix
from rts.harness.summary import Result, Summary

READ_MODES = "read modes"


def matrices(summary: Summary) -> list[Matrix]:
    """One table for each system and kind of rows; rows with a seeded bug are in none.

    Read modes are columns and guarantees rows. In the other tables configurations are rows, and the columns
    are those guarantees that tell them apart: one is expected to break it, or it is not as claimed somewhere.
    """
    results = [result for result in summary.results if result.bug is None]
    several_systems = len({result.system for result in results}) > 1
    groups = dict.fromkeys((result.system, result.table) for result in results)
    tables = []
    for system, table in groups:
        rows = [result for result in results if (result.system, result.table) == (system, table)]
        title = f"{system}: {table}" if several_systems else table
        if table == READ_MODES:
            tables.append(_by_guarantee(title, rows, _guarantees(rows)))
        else:
            tables.append(_by_configuration(title, rows))
    return tables


def _guarantees(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(name for result in results for name in result.guarantees))


def _by_configuration(title: str, results: Sequence[Result]) -> Matrix:
    names = _guarantees(results)
    telling = [name for name in names if any(_is_telling(result, name) for result in results)]
    kept = [
        name for name in names if name not in telling and any(_claims(result, name) for result in results)
    ]
    if not telling:
        return _by_guarantee(title, results, kept or names).transposed()
    table = _by_guarantee(title, results, telling).transposed()
    if not kept:
        return table
    return dataclasses.replace(table, note=f"Kept by every row that claims it: {', '.join(kept)}.")


def _is_telling(result: Result, name: str) -> bool:
    outcome = result.guarantees.get(name)
    if outcome is None or outcome.expected is None:
        return False
    return outcome.expected == "violated" or outcome.verdict != "holds"


def _claims(result: Result, name: str) -> bool:
    outcome = result.guarantees.get(name)
    return outcome is not None and outcome.expected is not None


def _by_guarantee(title: str, results: Sequence[Result], guarantees: Sequence[str]) -> Matrix:
    return Matrix(
        title=title,
        rows=guarantees,
        columns=[result.configuration for result in results],
        cells={
            name: {
                result.configuration: Cell(outcome.verdict, outcome.judged, outcome.expected)
                for result in results
                if (outcome := result.guarantees.get(name)) is not None
            }
            for name in guarantees
        },
    )
