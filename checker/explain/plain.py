"""The argument where no cycle through session order is needed: lost writes, divergence, illegal reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checker.checks.tally import Witness
from checker.describe import Words, listed, position_text
from checker.graph.relations import Relations
from checker.history.columns import CAS, FAIL, INITIAL, NOT_SAID, READ
from checker.prepared import Prepared
from checker.values import NULL
from checker.verdict import Account, Edge


def _tell_lost(prepared: Prepared, rows: Witness) -> Account:
    write, *reads = rows
    names = {write: "w"} | {
        read: "r" if len(reads) == 1 else f"r{number}" for number, read in enumerate(reads, 1)
    }
    words = Words(prepared, names)
    introductions = [words.introduction(row) for row in reads]
    lacks = [
        f"{words.name(read)} did not see w, because {_lack(prepared, words, read, write)}" for read in reads
    ]
    edges: list[Edge] = []
    plain = Relations(prepared)
    for read in reads:
        reason = _lack(prepared, Words(prepared), read, write)
        edges += [plain.real_time(write, read), plain.edge(read, write, "anti-dependency", reason)]
    noun = "the final read that began later" if len(reads) == 1 else "the final reads that began later"
    explanation = (
        f"Let {words.introduction(write)}, and {noun} be {listed(introductions)}. "
        f"Then w was acknowledged at {words.end(write)}. But {', and '.join(lacks)}: "
        "w is in no node, a contradiction."
    )
    return Account(tuple(edges), explanation)


def _lack(prepared: Prepared, words: Words, read: int, write: int) -> str:
    columns = prepared.columns
    versions = prepared.versions_of(read)
    silent = columns.version[read] == NOT_SAID and columns.value[read] == NULL and columns.kind[read] == READ
    if silent and list(versions) != [prepared.initial]:
        return f"{words.name(read)} returned null, and no write of null explains it"
    if all(prepared.versions.is_older(version, write) for version in versions):
        return Relations(prepared, words).anti_dependency(read, write).reason
    writers = [version for version in versions if version != prepared.initial]
    return (
        f"{words.name(read)} returned what {words.several(writers)} wrote, "
        f"which had ended before {words.name(write)} started"
    )


def _tell_divergence(prepared: Prepared, rows: Witness) -> Account:
    words = Words(prepared, {rows[0]: "r1", rows[1]: "r2"})
    one, other = (words.operations[row] for row in rows)
    explanation = (
        f"Let {words.introduction(rows[0])} and {words.introduction(rows[1])}. "
        f"Then each is the last final read of {one.key} by its node, because no other one followed. "
        f"But r1 returned {words.returned(rows[0])} and r2 {words.returned(rows[1])}: "
        f"{one.node} and {other.node} have not converged."
    )
    return Account((), explanation)


def _tell_one_position(prepared: Prepared, rows: Witness) -> Account:
    words = Words(prepared, {rows[0]: "w1", rows[1]: "w2"})
    log = "one log" if prepared.one_log else f"the log of {words.operations[rows[0]].key}"
    explanation = (
        f"Let {words.introduction(rows[0])} and {words.introduction(rows[1])}. "
        f"Then each has a position of its own in {log}, because both were acknowledged. "
        f"But both have position {words.position(rows[0])}: "
        "a contradiction."
    )
    return Account((), explanation)


def _tell_aborted(prepared: Prepared, rows: Witness) -> Account:
    write, read = rows
    words = Words(prepared, {write: "w", read: "r"})
    returned = words.returned(read)

    def reason(words: Words) -> str:
        writer = words.name(write)
        return f"{words.name(read)} returned {returned}, which {writer} wrote and nobody else can have"

    edge = Relations(prepared).edge(write, read, "reads-from", reason(Words(prepared)))
    why = "failed, so it never took effect"
    if prepared.whole.columns.status[prepared.operation_of[write]] != FAIL:
        why = "was replaced within its own transaction, so nobody else can see it"
    explanation = (
        f"Let {words.introduction(write)} and {words.introduction(read)}. "
        f"Then r saw w, because {reason(words)}. But w {why}: a contradiction."
    )
    return Account((edge,), explanation)


def _tell_thin_air(prepared: Prepared, rows: Witness) -> Account:
    (read,) = rows
    words = Words(prepared, {read: "r"})
    explanation = (
        f"Let {words.introduction(read)}. Then somebody wrote {words.found(read)} to "
        f"{words.operations[read].key} before r ended, because r returned it. But "
        f"{_absence(prepared, words, read)}: a contradiction."
    )
    return Account((), explanation)


def _absence(prepared: Prepared, words: Words, read: int) -> str:
    """Say why nobody can have written what a read returned."""
    columns = prepared.columns
    wanted = columns.expected[read] if columns.kind[read] == CAS else columns.value[read]
    same = prepared.writes[columns.key[prepared.writes] == columns.key[read]]
    writers = same[columns.value[same] == wanted]
    own = writers[columns.index[writers] == columns.index[read]]
    writers = writers[columns.index[writers] != columns.index[read]]
    early = writers[columns.start[writers] <= columns.end[read]]
    if len(early) or wanted == NULL:  # at first it was null, so r must say that it was later
        version = int(columns.version[read])
        where = "as the initial version"
        if version > INITIAL:
            where = f"at position {position_text(columns.positions[version - 1])}"
        return f"r says that it stood {where}, and no write of it did"
    if len(writers):
        return f"{words.several(writers.tolist())} started only after r had ended"
    if len(own) and own[0] != read:
        return "only its own transaction did, and not before it read"
    return "no operation that may have taken effect did"


PLAIN: Mapping[str, Callable[[Prepared, Witness], Account]] = {
    "no-lost-acknowledged-writes": _tell_lost,
    "convergence": _tell_divergence,
    "unique-positions": _tell_one_position,
    "no-aborted-reads": _tell_aborted,
    "no-thin-air-reads": _tell_thin_air,
}
"""How each of these guarantees tells of a witness."""
