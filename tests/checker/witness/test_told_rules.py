"""Witnesses of keys whose reads tell what was appended: what others appended is cut out of what was read."""

from __future__ import annotations

from hypothesis import given, settings

from checker import Header, History, Operation, check
from checker.prepared import Prepared
from checker.witness import minimal_witness
from checker.witness.told import part_of_told
from tests.checker.linearizability.test_swaps import SETTINGS, grown_keys
from tests.checker.literal import a, c, history, r, t, w

LONG = history(
    w(0, "i", 'x=""', -10, -5),
    *(a(1 + at, "a", f'x="{item}"', 10 * at, 10 * at + 5) for at, item in enumerate("abcdef")),
    r(7, "b", 'x="abcde"', 100, 110),
    a(8, "b", "y=1", 120, 130),
    a(9, "b", "y=1", 140, 150),
)


def read(one: History, *indices: int) -> list[tuple[int, object]] | None:
    """What the operations of a part say, by index."""
    part = part_of_told(Prepared(one), indices)
    return None if part is None else [(operation.index, operation.value) for operation in part.operations]


def test_a_witness_holds_what_its_operations_appended() -> None:
    """And who wrote what had grown."""
    part = minimal_witness(LONG, "linearizable")
    assert part is not None
    assert [(o.index, o.value) for o in part.operations] == [(0, ""), (6, "f"), (7, "")]
    assert part.header.expect == {"linearizable": "violated"}
    assert part.header.meta["operations_of_whole"] == 10
    assert check(part, ["linearizable"]).guarantees["linearizable"].verdict == "violated"


def test_with_a_read_come_those_who_wrote_what_had_grown() -> None:
    assert read(LONG, 7) == [(0, ""), (7, "")]
    assert read(LONG, 7, 2, 4) == [(0, ""), (2, "b"), (4, "d"), (7, "bd")]
    assert read(LONG, 3) == [(3, "c")]


def test_operations_come_in_the_order_of_the_history() -> None:
    operations = (a(7, "a", "x=1", 20, 25), a(3, "a", "x=2", 12, 15), r(5, "a", "x=[2,1]", 30, 40))
    one = History.from_operations(operations, header=Header(name="n", system="s"))
    part = part_of_told(Prepared(one), (3, 5, 7))
    assert part is not None
    assert [(operation.index, operation.value) for operation in part.operations] == [
        (7, 1),
        (3, 2),
        (5, [2, 1]),
    ]
    assert part.header == one.header


def test_what_does_not_tell_is_no_part() -> None:
    plain = history(w(0, "s", "x=1", 0, 10), r(1, "s", "x=1", 20, 30), a(2, "s", "y=1", 40, 50))
    assert read(plain, 0, 1) is None
    tied = history(t(0, "s", "x+=1", 0, 10), a(1, "s", "x=2", 12, 15), r(2, "s", "x=[2]", 20, 30))
    assert read(tied, 1, 2) is None
    swapped = history(a(0, "s", 'x="a"', 0, 10), c(1, "s", 'x="a">"b"', 12, 15), r(2, "s", 'x="b"', 20, 30))
    assert read(swapped, 0, 2) is None
    strange = history(a(0, "s", 'x="a"', 0, 10), r(1, "s", 'x="a"', 20, 30), r(2, "s", 'x="z"', 40, 50),
                      r(3, "s", "x=null", 60, 70))  # fmt: skip
    assert read(strange, 0, 2) is None
    assert read(strange, 0, 1) == [(0, "a"), (1, "a")]
    assert read(strange, 0, 3) == [(0, "a"), (3, None)]


@given(grown_keys())
@settings(SETTINGS, max_examples=200)
def test_a_part_is_violated_where_the_whole_is(operations: list[Operation]) -> None:
    whole = History.from_operations(operations)
    prepared = Prepared(whole)
    for violation in check(whole, ["linearizable"]).guarantees["linearizable"].violations:
        part = part_of_told(prepared, violation.operations)
        if part is not None:
            assert check(part, ["linearizable"]).guarantees["linearizable"].verdict == "violated"
    witness = minimal_witness(whole, "linearizable")
    if witness is not None:
        assert check(witness, ["linearizable"]).guarantees["linearizable"].verdict == "violated"
