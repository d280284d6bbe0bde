"""The argument that no order of a key's operations is a linearization."""

from __future__ import annotations

from collections.abc import Callable

from checker.checks.tally import Witness
from checker.describe import Words, deed, listed
from checker.explain.stuck import tell_stuck
from checker.graph.relations import Relations
from checker.history.columns import CAS
from checker.linearizability.conflict import Conflict
from checker.orders.candidates import read_values
from checker.prepared import Prepared
from checker.values import NULL
from checker.verdict import Account, Edge


def tell_linearizable(prepared: Prepared, conflict: Conflict) -> Account:
    """Return the edges and the argument for a conflict."""
    return _TELLERS[conflict.kind](prepared, conflict)


def _unwritten(prepared: Prepared, conflict: Conflict) -> Account:
    (row,) = conflict.parts[0]
    letter = "c" if prepared.columns.kind[row] == CAS else "r"
    words = Words(prepared, {row: letter})
    columns = prepared.columns
    same = prepared.writes[columns.key[prepared.writes] == columns.key[row]]
    writers = same[(columns.value[same] == read_values(columns)[row]) & (same != row)].tolist()
    value, key = words.found(row), words.operations[row].key
    if conflict.replacing and prepared.ok[row]:
        versions, last = _replaced(prepared, conflict, row)
        why = (
            f"{words.name(last)} had replaced {words.several(versions)} by then, because it started after "
            f"the end of any that was written, and ended before {letter} started"
        )
    elif writers:
        why = f"{words.several(writers)} started only after {letter} had ended"
    else:
        why = f"no operation that may have taken effect wrote {value} to {key}"
    explanation = (
        f"Let {words.introduction(row)}. Then {key} was {value} when {letter} took effect, because {letter} "
        f"found it so{'' if prepared.ok[row] else ' (open, but another operation saw what it wrote)'}. "
        f"But {why}: a contradiction."
    )
    return Account((), explanation)


def _blocks(prepared: Prepared, conflict: Conflict) -> Account:
    one, other = conflict.parts
    words = Words(prepared)
    edges = _ties(prepared, conflict)
    sentences = []
    for (part, before), (follower, after) in ((("A", one), ("B", other)), (("B", other), ("A", one))):
        if prepared.initial in before:
            sentences.append(f"{part} precedes {follower}, because {part} is the initial version")
            continue
        edge = Relations(prepared).real_time(_first_end(prepared, before), _last_start(prepared, after))
        edges.append(edge)
        sentences.append(f"{part} precedes {follower}, because {edge.reason}")
    explanation = (
        f"Let A be {_block(prepared, words, one)}, and B {_block(prepared, words, other)}. "
        "Then one of them precedes the other as a whole, "
        "because no other write can stand between a write and what read or replaced it. "
        f"{_aside(words, conflict)}"
        f"But {', and '.join(sentences)}: a contradiction."
    )
    return Account(tuple(edges), explanation)


def _inner(prepared: Prepared, conflict: Conflict) -> Account:
    one, other = conflict.parts
    words = Words(prepared)
    edge = Relations(prepared).real_time(_first_end(prepared, other), _last_start(prepared, one))
    explanation = (
        f"Let A be {_block(prepared, words, one)}, and B {_block(prepared, words, other)}. "
        "Then A precedes B as a whole, because a compare-and-set in B replaced what A left, at once. "
        f"{_aside(words, conflict)}"
        f"But B precedes some of A, because {edge.reason}: a contradiction."
    )
    return Account((*_ties(prepared, conflict), edge), explanation)


def _forked(prepared: Prepared, conflict: Conflict) -> Account:
    replaced, swaps = conflict.parts
    words = Words(prepared, {swaps[0]: "c1", swaps[1]: "c2"})
    version = f"the version of {words.name(replaced[0])}" if replaced else "the initial version"
    explanation = (
        f"Let {words.introduction(swaps[0])} and {words.introduction(swaps[1])}. "
        f"Then both replaced {version}, because nobody else can have written what they expected. "
        "But only one operation can directly follow it: a contradiction."
    )
    edges = [Relations(prepared).edge(replaced[0], swap, "reads-from", f"only {version} is what it expected")
             for swap in swaps] if replaced else []  # fmt: skip
    return Account(tuple(edges), explanation)


def _circle(prepared: Prepared, conflict: Conflict) -> Account:
    (rows,) = conflict.parts
    words = Words(prepared, {row: f"c{number}" for number, row in enumerate(rows, 1)})
    *most, last = [words.introduction(row) for row in rows]
    explanation = (
        f"Let {', '.join(most)} and {last}. "
        "Then each of them replaced what another one wrote, because nobody else "
        "can have written what it expected. But one of them was first: a contradiction."
    )
    return Account((), explanation)


def _stuck(prepared: Prepared, conflict: Conflict) -> Account:
    rows, (row,) = conflict.parts
    assert conflict.specification is not None
    operations = [prepared.whole.operation(int(prepared.operation_of[each])) for each in rows]
    return Account((), tell_stuck(conflict.specification, operations, rows.index(row), left=conflict.left))


def _replaced(prepared: Prepared, conflict: Conflict, row: int) -> tuple[list[int], int]:
    """Return the versions that an operation cannot have read, and the write that had replaced them."""
    columns = prepared.columns
    last = max(conflict.replacing, key=lambda write: int(columns.start[write]))
    versions = [write for write in conflict.replacing if write != last]
    if read_values(columns)[row] == NULL:
        versions.insert(0, prepared.initial)
    return versions, last


def _aside(words: Words, conflict: Conflict) -> str:
    if not conflict.replacing:
        return ""
    return f"(What else could have been read, {words.several(list(conflict.replacing))} had replaced.) "


def _block(prepared: Prepared, words: Words, rows: Witness) -> str:
    invoked = [row for row in rows if row != prepared.initial]
    writes = [row for row in invoked if prepared.is_write[row]]
    reads = [row for row in invoked if not prepared.is_write[row]]
    versions = [f"{words.name(row)} ({deed(words.operations[row])})" for row in writes]
    if prepared.initial in rows:
        versions.insert(0, "the initial version")
    described = listed(versions)
    return f"{described} and its {_readers(words, reads)}" if reads else described


def _readers(words: Words, reads: list[int]) -> str:
    return f"read{'s' * (len(reads) > 1)}, {words.several(reads)}"


def _ties(prepared: Prepared, conflict: Conflict) -> list[Edge]:
    """Return the reads-from edges that make each part a block, where it is the block of one write."""
    relations = Relations(prepared)
    edges = []
    for part in conflict.parts:
        versions = [row for row in part if row == prepared.initial or prepared.is_write[row]]
        writes = [row for row in versions if row != prepared.initial]
        if len(versions) == len(writes) == 1:
            words = relations.words
            for read in (row for row in part if row not in versions):
                reason = (
                    f"{words.name(read)} returned {words.returned(read)}, "
                    f"which only {words.name(writes[0])} can have written"
                )
                edges.append(relations.edge(writes[0], read, "reads-from", reason))
    return edges


def _first_end(prepared: Prepared, rows: Witness) -> int:
    """Return the row of a block, not that of the initial version, that completes first."""
    return min(rows, key=lambda row: (int(prepared.columns.end[row]), row))


def _last_start(prepared: Prepared, rows: Witness) -> int:
    """Return the row of a block that is invoked last."""
    invoked = [row for row in rows if row != prepared.initial]
    return max(invoked, key=lambda row: (int(prepared.columns.start[row]), -row))


_TELLERS: dict[str, Callable[[Prepared, Conflict], Account]] = {
    "unwritten": _unwritten,
    "blocks": _blocks,
    "inner": _inner,
    "forked": _forked,
    "circle": _circle,
    "stuck": _stuck,
}
