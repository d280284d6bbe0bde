"""From a hunt's summary to its verdict tables."""

from __future__ import annotations

from collections.abc import Sequence

from rts.cli.matrix import Cell, Matrix
from rts.harness.summary import Outcome, Result, Summary

READ_MODES = "read modes"


def matrices(summary: Summary) -> list[Matrix]:
    """One table for each system and kind of rows; rows with a seeded bug are in none.

    Read modes are columns and guarantees rows. In the other tables the configurations are rows, and only the
    guarantees that one of them makes a claim about are columns.
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
            tables.append(_by_guarantee(title, rows, _claimed(rows) or _guarantees(rows)).transposed())
    return tables


def _guarantees(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(name for result in results for name in result.guarantees))


def _claimed(results: Sequence[Result]) -> list[str]:
    return [
        name
        for name in _guarantees(results)
        if any(_expected(result.guarantees.get(name)) is not None for result in results)
    ]


def _expected(outcome: Outcome | None) -> str | None:
    return None if outcome is None else outcome.expected


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
