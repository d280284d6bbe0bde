"""What a witness says of itself, and what it is where there is no time to look for a smaller one."""

from __future__ import annotations

from checker import Header, History
from checker.witness import minimal_witness
from tests.checker.literal import history, r, w

TWO = history(
    w(0, "a", "k=1", 0, 10),
    w(1, "a", "k=2", 20, 30),
    w(2, "a", "k=3", 40, 50),
    r(3, "b", "k=2", 60, 70),
    r(4, "b", "j=9", 80, 90),
)


def indices(part: History | None) -> list[int]:
    assert part is not None
    return [operation.index for operation in part.operations]


def test_of_two_violations_one_may_be_looked_at() -> None:
    assert indices(minimal_witness(TWO, "linearizable", attempts=2)) == [4]
    assert indices(minimal_witness(TWO, "linearizable", attempts=1)) == [1, 2, 3]


def test_where_there_is_no_time_the_first_violation_is_shown_as_it_is() -> None:
    assert indices(minimal_witness(TWO, "linearizable", time_limit=-1.0)) == [1, 2, 3]


def test_a_witness_keeps_what_its_history_is_of() -> None:
    header = Header(name="n", system="s", mode="m", one_log=True, real_time_writes=True, trace={"events": []})
    operations = [w(0, "a", "k=1", 0, 10, position=1), r(1, "a", "k=null", 20, 30, version=None)]
    part = minimal_witness(History.from_operations(operations, header=header), "read-your-writes")
    assert part is not None
    explanation = part.header.explanation
    assert explanation is not None
    assert part.header == Header(
        name="a witness against read-your-writes",
        system="s",
        mode="m",
        one_log=True,
        real_time_writes=True,
        meta={"witness_of": None, "guarantee": "read-your-writes", "operations_of_whole": 2},
        expect={"read-your-writes": "violated"},
        explanation=explanation,
    )
    said_so = minimal_witness(history(*operations), "read-your-writes", real_time_writes=True)
    assert said_so is not None
    assert (said_so.header.real_time_writes, said_so.header.one_log) == (True, False)
