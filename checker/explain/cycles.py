"""The argument for what breaks a session guarantee, consistent prefix, causal consistency or a bound on
staleness: a cycle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from checker.checks.staleness import Staleness
from checker.checks.tally import Witness
from checker.describe import Words, duration
from checker.graph.paths import Paths
from checker.graph.relations import Relations
from checker.history.columns import CAS
from checker.prepared import Prepared
from checker.verdict import Account, Edge

_VERBS = {
    "session-order": "happened before",
    "real-time": "happened before",
    "reads-from": "happened before",
    "version-order": "is ordered before",
    "anti-dependency": "did not see",
}


def tell_cycle(prepared: Prepared, guarantee: str, rows: Witness, staleness: Staleness | None) -> Account:
    """Return the cycle that a witness stands for, and the argument along it."""
    order = _participants(prepared, guarantee, rows)
    words = Words(prepared, _letters(prepared, order))
    cycle = _cycle(Relations(prepared), guarantee, rows)
    spoken = _cycle(Relations(prepared, words), guarantee, rows)
    known = dict(zip(prepared.columns.index[order].tolist(), order, strict=True))
    steps = [_sentence(words, known, edge) for edge in spoken[:-1]]
    last = _sentence(words, known, spoken[-1])
    if guarantee == "bounded-staleness":
        steps, last = _bound(words, rows, staleness, steps, last)
    *most, final = [words.introduction(row) for row in order]
    kind = f" ({_kind(prepared, cycle, rows[-1])})" if guarantee == "causal" else ""
    explanation = (
        f"Let {', '.join(most)} and {final}. Then {', and '.join(steps)}. But {last}: a contradiction{kind}."
    )
    return Account(cycle, explanation)


def _participants(prepared: Prepared, guarantee: str, rows: Witness) -> list[int]:
    """Return the rows that the argument names, in its order."""
    if guarantee in ("monotonic-reads", "writes-follow-reads"):
        return [_oldest(prepared, rows[0]), *rows]
    if guarantee == "consistent-prefix":
        effect_read, cause, late_read = rows
        return _whole(prepared, (*_way(prepared, cause, effect_read), effect_read, late_read))
    return _whole(prepared, rows)


def _whole(prepared: Prepared, rows: Witness) -> list[int]:
    """Return one row of each operation among some rows."""
    operations = dict(zip(prepared.operation_of[list(rows)].tolist(), rows, strict=True))
    return list(operations.values())


def _way(prepared: Prepared, cause: int, effect_read: int) -> tuple[int, ...]:
    """Return a shortest way from a cause to the effect that was read, both included."""
    effect = int(prepared.candidates.source[effect_read])
    return Paths(prepared, versions=False).shortest(np.array([cause]), effect)


def _letters(prepared: Prepared, order: list[int]) -> dict[int, str]:
    """Name writes w or w1, w2, …; reads r, …; compare-and-sets c, …; in the order of the argument."""
    swaps = [row for row in order if prepared.columns.kind[row] == CAS]
    writes = [row for row in order if prepared.took[row] and row not in swaps]
    reads = [row for row in order if not prepared.took[row]]
    names = {}
    for letter, rows in (("w", writes), ("r", reads), ("c", swaps)):
        for number, row in enumerate(rows, 1):
            names[row] = letter if len(rows) == 1 else f"{letter}{number}"
    if prepared.unfolded is None:
        return names
    of = prepared.operation_of
    return {part: name for row, name in names.items() for part in (of == of[row]).nonzero()[0].tolist()}


def _cycle(relations: Relations, guarantee: str, rows: Witness) -> tuple[Edge, ...]:
    prepared = relations.prepared
    match guarantee:
        case "read-your-writes":
            write, read = rows
            return (relations.session_order(write, read), relations.anti_dependency(read, write))
        case "monotonic-reads":
            first, second = rows
            write = _oldest(prepared, first)
            return (
                relations.reads_from(write, first),
                relations.session_order(first, second),
                relations.anti_dependency(second, write),
            )
        case "monotonic-writes":
            first, second = rows
            return (relations.session_order(first, second), relations.version_order(second, first))
        case "writes-follow-reads":
            read, second = rows
            write = _oldest(prepared, read)
            return (
                relations.reads_from(write, read),
                relations.session_order(read, second),
                relations.version_order(second, write),
            )
        case "consistent-prefix":
            effect_read, cause, late_read = rows
            way = _way(prepared, cause, effect_read)
            return (
                *_steps(relations, way),
                relations.reads_from(way[-1], effect_read),
                relations.session_order(effect_read, late_read),
                relations.anti_dependency(late_read, cause),
            )
        case "causal":
            return tuple(_steps(relations, (*rows, rows[0])))
        case _:
            write, read = rows
            return (relations.real_time(write, read), relations.anti_dependency(read, write))


def _steps(relations: Relations, way: Iterable[int]) -> Iterator[Edge]:
    """Return the edges along some rows; two rows of one transaction are one operation."""
    operation_of = relations.prepared.operation_of
    for one, other in pairwise(way):
        if operation_of[one] != operation_of[other]:
            yield _step(relations, one, other)


def _step(relations: Relations, one: int, other: int) -> Edge:
    """Return the edge between two operations that follow each other in a cycle of `causal`."""
    prepared = relations.prepared
    if prepared.ok_read[other] and int(prepared.candidates.source[other]) == one:
        return relations.reads_from(one, other)
    if prepared.in_session_order(one, other):
        return relations.session_order(one, other)
    if prepared.took[one] and prepared.took[other] and prepared.versions.is_older(one, other):
        return relations.version_order(one, other)
    return relations.anti_dependency(one, other)


def _kind(prepared: Prepared, cycle: tuple[Edge, ...], last: int) -> str:
    """Return what a cycle of `causal` is called (Bouajjani et al., POPL 2017)."""
    edges = {edge.edge for edge in cycle}
    if "anti-dependency" in edges:
        unwritten = prepared.versions_of(last) == (prepared.initial,)
        return "WriteCOInitRead" if unwritten else "WriteCORead"
    return "CyclicVO" if "version-order" in edges else "CyclicCO"


def _oldest(prepared: Prepared, read: int) -> int:
    """Return the oldest version that a read may have returned: for the others the argument holds the more."""
    oldest, *others = prepared.versions_of(read)
    for version in others:
        if prepared.versions.is_older(version, oldest):
            oldest = version
    return oldest


def _sentence(words: Words, known: dict[int, int], edge: Edge) -> str:
    one, other = words.name(known[edge.from_]), words.name(known[edge.to])
    return f"{one} {_VERBS[edge.edge]} {other}, because {edge.reason}"


def _bound(
    words: Words, rows: Witness, staleness: Staleness | None, steps: list[str], last: str
) -> tuple[list[str], str]:
    assert staleness is not None
    write, read = rows
    columns = words.prepared.columns
    if staleness.unit == "ns":
        waited = duration(int(columns.start[read]) - int(columns.end[write]))
        return [f"{steps[0]}, {waited} later, which is more than {duration(staleness.amount)}"], last
    return steps, f"{last}, and is more than {staleness} behind"
