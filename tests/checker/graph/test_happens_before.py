"""The happens-before graph: the verdicts reached on columns are the cycles in it."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given

from checker import History, Operation, check, happens_before
from checker.graph.happens_before import shortest_cycle
from tests.checker.histories import histories
from tests.checker.test_definitions import PATIENCE, SETTINGS, Definitions, verdicts


def cycles(history: History) -> dict[str, bool]:
    """Whether the graph has the cycle of each guarantee's row in the table of guarantees."""
    graph = happens_before(history)
    operation = {index: fields["operation"] for index, fields in graph.nodes(data=True)}

    def edges(*kinds: str) -> nx.DiGraph:
        chosen = nx.DiGraph()
        chosen.add_nodes_from(graph)
        chosen.add_edges_from((a, b) for a, b, kind in graph.edges(data="edge") if kind in kinds)
        return chosen

    session, source = edges("session-order"), edges("reads-from")
    order, unseen, real = edges("version-order"), edges("anti-dependency"), edges("real-time")
    causal = edges("session-order", "reads-from")
    past = {index: [a for a in causal if nx.has_path(causal, a, index) and a != index] for index in causal}
    for index in causal:
        if any(nx.has_path(causal, after, index) for after in causal.successors(index)):
            past[index].append(index)
    return {
        "read-your-writes": any(session.has_edge(w, r) for r, w in unseen.edges),
        "monotonic-reads": any(
            session.has_edge(r1, r2) for r2, w1 in unseen.edges for r1 in source.successors(w1)
        ),
        "monotonic-writes": any(session.has_edge(w1, w2) for w2, w1 in order.edges),
        "writes-follow-reads": any(
            session.has_edge(r, w2) for w2, w1 in order.edges for r in source.successors(w1)
        ),
        "consistent-prefix": any(
            w1 in past[w2]
            for r1, w1 in unseen.edges
            for r2 in session.predecessors(r1)
            for w2 in source.predecessors(r2)
        ),
        "bounded-staleness": any(
            real.has_edge(w, r) and operation[w].end < operation[r].start - PATIENCE for r, w in unseen.edges
        ),
    }


@given(histories())
@SETTINGS
def test_column_verdicts_equal_the_cycles(history: History) -> None:
    found = verdicts(history)
    ambiguous = any(len(some) > 1 for some in Definitions(history).candidates.values())
    for name, cycle in cycles(history).items():
        if cycle or not ambiguous:
            assert (found[name] == "violated") == cycle, name


@given(histories())
@SETTINGS
def test_a_violations_cycle_is_closed_and_of_the_graphs_edges(history: History) -> None:
    graph = happens_before(history)
    ambiguous = any(len(some) > 1 for some in Definitions(history).candidates.values())
    report = check(history)
    for name in ("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"):
        for violation in report.guarantees[name].violations:
            cycle = violation.cycle
            assert all(one.to == other.from_ for one, other in pairwise((*cycle, cycle[0])))
            for edge in cycle:
                if not ambiguous:
                    assert graph.has_edge(edge.from_, edge.to, key=edge.edge)
                    assert graph.edges[edge.from_, edge.to, edge.edge]["reason"] == edge.reason


def stale_read() -> History:
    return History.from_operations(
        [
            Operation(index=0, session="a", op="write", key="x", value=1, start=0, end=1, status="ok"),
            Operation(index=1, session="b", op="write", key="x", value=2, start=2, end=9, status="info"),
            Operation(index=2, session="a", op="read", key="x", value=None, start=4, end=5, status="ok"),
            Operation(index=3, session="c", op="read", key="x", value=1, start=6, end=7, status="ok"),
        ]
    )


def test_all_edges_of_a_small_history() -> None:
    graph = happens_before(stale_read())
    assert sorted(graph.edges(keys=True)) == [
        (0, 1, "real-time"),
        (0, 2, "real-time"),
        (0, 2, "session-order"),
        (0, 3, "reads-from"),
        (0, 3, "real-time"),
        (2, 0, "anti-dependency"),
        (2, 3, "real-time"),
    ]


def test_the_shortest_cycle_and_its_reasons() -> None:
    cycle = shortest_cycle(happens_before(stale_read()), ["session-order", "anti-dependency"])
    assert [(edge.from_, edge.edge, edge.to, edge.reason) for edge in cycle] == [
        (
            0,
            "session-order",
            2,
            "both are of session a and operation 0 ended at 1 ns, before operation 2 started at 4 ns",
        ),
        (
            2,
            "anti-dependency",
            0,
            "operation 2 returned the initial version, which is older than any that was written",
        ),
    ]


def test_no_cycle() -> None:
    assert shortest_cycle(happens_before(stale_read()), ["session-order", "reads-from"]) == ()
