"""Which edges the happens-before graph has, and which of its cycles is the shortest."""

from __future__ import annotations

from checker import happens_before
from checker.graph.happens_before import shortest_cycle
from tests.checker.literal import history, r, w

APART = history(w(0, "a", "x=1", 0, 5), w(1, "b", "x=2", 10, 15))


def test_real_time_orders_versions_where_the_caller_says_so() -> None:
    assert sorted(happens_before(APART).edges(keys=True)) == [(0, 1, "real-time")]
    assert sorted(happens_before(APART, real_time_writes=True).edges(keys=True)) == [
        (0, 1, "real-time"),
        (0, 1, "version-order"),
    ]


def test_an_illegal_read_has_no_edge_but_those_of_time() -> None:
    one = history(r(0, "b", "x=9", 0, 10), w(1, "a", "x=1", 10, 15), w(2, "c", "x=2", 10, 15, status="fail"))
    assert sorted(happens_before(one).edges(keys=True)) == []


def test_operations_that_touch_in_time_are_not_in_order() -> None:
    one = history(w(0, "a", "x=1", 0, 5), w(1, "b", "y=1", 5, 10), w(2, "c", "y=2", 6, 11))
    assert sorted(happens_before(one).edges(keys=True)) == [(0, 2, "real-time")]


def test_nodes_are_all_operations() -> None:
    one = history(w(3, "a", "x=1", 0, 5), w(7, "b", "x=2", 0, 5, status="fail"))
    graph = happens_before(one)
    assert {index: row.value for index, row in graph.nodes(data="operation")} == {3: 1, 7: 2}


def test_of_several_shortest_cycles_it_is_the_one_through_the_smallest_index() -> None:
    """Two sessions each miss what they wrote; a third one needs three steps to get back."""
    one = history(
        w(0, "c", "z=1", 0, 5, position=1),
        w(1, "a", "x=1", 0, 5),
        r(2, "a", "x=null", 10, 15),
        w(3, "b", "y=1", 0, 5),
        r(4, "b", "y=null", 10, 15),
        r(5, "d", "z=1", 6, 9),
        r(6, "d", "z=null", 10, 15),
    )
    assert [(edge.from_, edge.edge, edge.to) for edge in shortest_cycle(happens_before(one))] == [
        (0, "real-time", 6),
        (6, "anti-dependency", 0),
    ]
    cycle = shortest_cycle(happens_before(one), ["session-order", "anti-dependency"])
    assert [(edge.from_, edge.edge, edge.to) for edge in cycle] == [
        (1, "session-order", 2),
        (2, "anti-dependency", 1),
    ]
    backwards = history(*one.operations[::-1])
    assert shortest_cycle(happens_before(backwards), ["session-order", "anti-dependency"]) == cycle
    longer = shortest_cycle(happens_before(one), ["reads-from", "session-order", "anti-dependency"])
    assert [edge.from_ for edge in longer] == [1, 2]


def test_a_shorter_cycle_goes_before_one_through_a_smaller_index() -> None:
    one = history(
        w(0, "c", "z=1", 0, 5),
        r(1, "d", "z=1", 0, 5),
        r(2, "d", "z=null", 10, 15),
        w(3, "a", "x=1", 0, 5),
        r(4, "a", "x=null", 10, 15),
    )
    causal = ["session-order", "reads-from", "anti-dependency"]
    assert [edge.from_ for edge in shortest_cycle(happens_before(one), causal)] == [3, 4]
    part = history(*(one.operations[row] for row in range(3)))
    assert [(edge.from_, edge.edge) for edge in shortest_cycle(happens_before(part), causal)] == [
        (0, "reads-from"),
        (1, "session-order"),
        (2, "anti-dependency"),
    ]
