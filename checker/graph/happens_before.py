"""The happens-before graph, complete, and the shortest cycle in it.

The graph is for people, and for tests: it has an edge for every pair that a relation holds for, so it
grows with the square of the history. Verdicts do not need it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from checker.graph.relations import Relations
from checker.history import History
from checker.history.columns import FAIL
from checker.prepared import Prepared
from checker.verdict import Edge, EdgeKind

if TYPE_CHECKING:
    import networkx  # type: ignore[import-untyped]  # it ships no types


def happens_before(history: History, *, real_time_writes: bool | None = None) -> networkx.MultiDiGraph:
    """Return the happens-before graph of a history.

    Nodes are the indices of operations, each with its `operation`; edges carry `edge` (which of the five
    relations) and `reason`. The initial version is nobody's write and has no node; an ambiguous read has no
    reads-from edge, and an anti-dependency only to what is newer than all that it may have returned.
    With `one_log`, version-order also joins keys.
    """
    import networkx

    prepared = Prepared(history, real_time_writes=real_time_writes)
    graph: networkx.MultiDiGraph = networkx.MultiDiGraph()
    for operation in history.operations:
        graph.add_node(operation.index, operation=operation)
    for edge in _edges(prepared):
        graph.add_edge(edge.from_, edge.to, key=edge.edge, edge=edge.edge, reason=edge.reason)
    return graph


def shortest_cycle(
    graph: networkx.MultiDiGraph, kinds: Collection[EdgeKind] | None = None
) -> tuple[Edge, ...]:
    """Return the shortest cycle of a happens-before graph, empty if there is none.

    With `kinds` only those edges count. Of several shortest cycles it is the one through the smallest index.
    """
    best: tuple[Edge, ...] = ()
    for start in sorted(graph.nodes):
        came: dict[int, tuple[int, dict[str, Any]]] = {}
        queue = deque([start])
        while queue and start not in came:
            node = queue.popleft()
            for _, following, attributes in graph.out_edges(node, data=True):
                if following not in came and (kinds is None or attributes["edge"] in kinds):
                    came[following] = (node, attributes)
                    queue.append(following)
        if start in came:
            cycle = _walk_back(start, came)
            if not best or len(cycle) < len(best):
                best = cycle
    return best


def _walk_back(start: int, came: dict[int, tuple[int, dict[str, Any]]]) -> tuple[Edge, ...]:
    path: list[Edge] = []
    node = start
    while not path or node != start:
        before, attributes = came[node]
        path.append(Edge(from_=before, to=node, edge=attributes["edge"], reason=attributes["reason"]))
        node = before
    return tuple(reversed(path))


def _edges(prepared: Prepared) -> list[Edge]:
    relations = Relations(prepared)
    columns = prepared.columns
    edges: list[Edge] = []
    live = (columns.status != FAIL).nonzero()[0]
    for one in prepared.ok.nonzero()[0].tolist():
        for other in live[columns.start[live] > columns.end[one]].tolist():
            if columns.session[one] == columns.session[other]:
                edges.append(relations.session_order(one, other))
            edges.append(relations.real_time(one, other))
    for read in prepared.reads.tolist():
        source = int(prepared.candidates.source[read])
        if 0 <= source < prepared.initial:
            edges.append(relations.reads_from(source, read))
        edges.extend(relations.anti_dependency(read, write) for write in relations.unseen(read).tolist())
    for write in prepared.took.nonzero()[0].tolist():
        edges.extend(relations.version_order(write, newer) for newer in relations.newer(write).tolist())
    return edges
