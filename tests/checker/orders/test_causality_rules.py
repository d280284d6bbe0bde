"""What is in a causal past: the cases that only histories of several kinds at once bring up."""

from __future__ import annotations

import numpy as np
import pytest

from checker import History, Operation, check
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w
from tests.checker.prepared.test_transactions import txn


def consistent_prefix(one: History) -> str:
    return check(one, ["consistent-prefix"]).guarantees["consistent-prefix"].verdict


def test_what_a_compare_and_set_replaced_is_a_cause_of_it_even_if_open() -> None:
    """GUARANTEES: a compare-and-set that is `ok` is a read of `expected` and then a write of `value`."""
    assert consistent_prefix(
        history(
            w(0, "s1", "k=1", 0, None),
            c(1, "s2", "k=1>2", 10, 20),
            r(2, "s3", "k=2", 30, 40),
            r(3, "s3", "k=null", 50, 60),
        )
    ) == "violated"  # fmt: skip


def test_a_compare_and_set_is_no_cause_of_itself() -> None:
    assert consistent_prefix(
        history(
            w(0, "s1", "k=1", 0, None),
            c(1, "s2", "k=1>2", 10, 20),
            r(2, "s3", "k=2", 30, 40),
            r(3, "s3", "k=1", 50, 60),
        )
    ) == "holds"  # fmt: skip


@pytest.fixture(params=[8, 0], ids=["one by one", "level by level"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.orders.causality._WIDE", request.param)


def past(one: History) -> dict[int, list[int]]:
    """Return for each operation, by index, the writes in its causal past."""
    prepared = Prepared(one)
    writes, index = prepared.is_write.nonzero()[0], prepared.columns.index
    rows = sorted(range(prepared.size), key=lambda row: int(index[row]))
    return {
        int(index[row]): sorted(
            index[writes[prepared.causality.contains(writes, np.full(len(writes), row))]].tolist()
        )
        for row in rows
    }


CHAIN = (
    w(0, "a", "k=1", 0, 5),
    r(1, "b", "k=1", 10, 15),
    w(2, "b", "m=1", 20, 25),
    r(3, "b", "k=1", 26, 28),
    w(4, "c", "k=2", 0, 3),
    r(5, "c", "m=1", 30, 35),
    w(6, "c", "n=1", 40, 45),
    r(7, "a", "n=1", 50, 55),
    r(8, "d", "k=2", 6, 8),
    r(9, "d", "n=1", 60, 65),
    r(10, "d", "m=null", 70, 75),
    r(11, "b", "k=2", 40, 45),
    r(12, "b", "n=1", 50, 55),
    r(13, "d", "k=2", 80, 85),
)
"""In the end session d reads once more what session c wrote first."""


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize("operations", [CHAIN, CHAIN[::-1]], ids=["in order", "backwards"])
def test_a_past_grows_from_session_to_session(operations: tuple[Operation, ...]) -> None:
    assert past(history(*operations)) == {
        0: [],
        1: [0],
        2: [0],
        3: [0, 2],
        4: [],
        5: [0, 2, 4],
        6: [0, 2, 4],
        7: [0, 2, 4, 6],
        8: [4],
        9: [0, 2, 4, 6],
        10: [0, 2, 4, 6],
        11: [0, 2, 4],
        12: [0, 2, 4, 6],
        13: [0, 2, 4, 6],
    }


@pytest.mark.usefixtures("_either_way")
def test_all_parts_of_a_transaction_have_what_one_of_them_read_in_their_past() -> None:
    prepared = Prepared(
        history(
            w(0, "a", "x=1", 0, 5),
            w(1, "b", "y=1", 0, 5),
            txn(2, "c", 10, 15, ["r", "x", 1], ["r", "y", 1], ["w", "z", 1], ["w", "u", 1]),
            r(3, "d", "z=1", 20, 25),
        )
    )
    found = prepared.causality.contains(np.array([0, 1] * 5), np.arange(2, 7).repeat(2))
    assert found.all()
    assert not prepared.causality.contains(np.array([4, 5]), np.array([2, 5])).any()
    assert prepared.causality.contains(np.array([4, 5]), np.array([6, 6])).all()


@pytest.mark.usefixtures("_either_way")
def test_a_read_may_end_before_the_compare_and_set_that_it_read() -> None:
    one = history(
        w(0, "a", "k=1", 0, 5),
        c(1, "b", "k=1>2", 10, 100),
        r(2, "c", "k=2", 15, 20),
        w(3, "c", "k=3", 25, 30),
        r(4, "d", "k=3", 35, 40),
        r(5, "e", "k=1", 0, 3),
    )
    assert past(one) == {0: [], 1: [0], 2: [0, 1], 3: [0, 1], 4: [0, 1, 3], 5: [0]}


@pytest.mark.usefixtures("_either_way")
def test_in_a_circle_all_are_in_the_past_of_all() -> None:
    """Each of three compare-and-sets read what the next one wrote; each session wrote something before."""
    one = history(
        w(0, "a", "m=1", 0, 5),
        w(1, "b", "m=2", 0, 5),
        w(2, "c", "m=3", 0, 5),
        c(3, "a", "k=2>1", 10, 100),
        c(4, "b", "k=3>2", 10, 101),
        c(5, "c", "k=1>3", 10, 102),
        r(6, "d", "m=3", 110, 120),
        w(7, "d", "m=4", 130, 140),
        r(8, "e", "k=2", 110, 120),
        r(9, "e", "k=2", 130, 140),
    )
    everything = [0, 1, 2, 3, 4, 5]
    assert past(one) == {
        0: [],
        1: [],
        2: [],
        3: everything,
        4: everything,
        5: everything,
        6: [2],
        7: [2],
        8: everything,
        9: everything,
    }


@pytest.mark.usefixtures("_either_way")
def test_a_circle_beside_a_circle_takes_another_round() -> None:
    """Both 0 and 1 read what 3 wrote; 3 read what 1 wrote, and follows 2, which read what 0 wrote."""
    one = history(
        c(0, "a", "k=4>1", 30, 36),
        c(1, "b", "k=4>2", 16, 55),
        c(2, "c", "k=1>3", 8, 30),
        c(3, "c", "k=2>4", 33, 68),
    )
    assert past(one) == {row: [0, 1, 2, 3] for row in range(4)}


@pytest.mark.usefixtures("_either_way")
def test_only_who_read_an_open_write_has_it_in_the_past() -> None:
    """Operation 4 is an illegal read, of no write at all, and not of the last one listed either."""
    one = history(
        txn(0, "a", 0, None, ["w", "x", 1], ["w", "y", 1]),
        r(1, "b", "y=1", 10, 15),
        w(2, "b", "z=1", 20, 25),
        r(3, "c", "z=1", 30, 35),
        r(4, "d", "z=7", 30, 35),
        r(5, "d", "z=null", 40, 45),
        w(6, "e", "z=2", 0, None),
    )
    assert past(one) == {0: [], 1: [0, 0], 2: [0, 0], 3: [0, 0, 2], 4: [], 5: [], 6: []}


def test_of_an_open_write_the_first_reader_in_each_session_counts() -> None:
    one = history(
        w(0, "a", "x=1", 0, None),
        w(1, "a", "y=1", 5, None),
        r(2, "c", "x=1", 5, 8),
        r(3, "c", "x=1", 20, 25),
        r(4, "c", "y=1", 30, 35),
        r(5, "b", "y=1", 30, 35),
        r(6, "b", "y=1", 40, 45),
        w(7, "c", "x=2", 50, 55),
    )
    numbers, readers = Prepared(one).causality.readers_of(np.array([1, 7, 0]))
    assert (numbers.tolist(), readers.tolist()) == ([0, 0, 2], [4, 5, 2])


@pytest.mark.parametrize(
    "operations",
    [
        (w(0, "a", "x=1", 0, 5), r(1, "b", "x=1", 10, 15)),
        (r(0, "b", "x=1", 10, 15), w(1, "a", "x=1", 0, 5)),
        (w(0, "a", "x=1", 0, 5), r(1, "a", "x=1", 10, 15)),
    ],
)
def test_nothing_is_in_the_past_of_the_initial_version_nor_has_it(
    operations: tuple[Operation, ...],
) -> None:
    prepared = Prepared(history(*operations))
    initial, contains = prepared.initial, prepared.causality.contains
    assert not contains(np.array([initial, initial, 0, 1]), np.array([0, 1, initial, initial])).any()


def test_clocks_need_four_bytes_for_each_session_and_read() -> None:
    """But for those of what the session wrote itself."""
    one = history(w(0, "a", "x=1", 0, 5), r(1, "b", "x=1", 10, 15), r(2, "a", "x=1", 10, 15))
    prepared = Prepared(one)
    prepared.memory_limit = 8
    assert prepared.causality.clocks.shape == (2, 2)
    prepared = Prepared(one)
    prepared.memory_limit = 7
    with pytest.raises(OutOfBudget, match=r"^the vector clocks need too much memory$"):
        _ = prepared.causality


@pytest.mark.parametrize(
    ("reader", "backward"),
    [
        (c(1, "b", "k=1>2", 0, 100), True),
        (c(1, "b", "k=1>2", 50, 100), True),
        (c(1, "b", "k=1>2", 51, 100), False),
        (c(1, "b", "k=null>2", 0, 100), False),
        (c(1, "b", "k=9>2", 0, 100), False),
        (r(1, "b", "k=1", 0, 100), False),
        (txn(1, "b", 0, 100, ["r", "k", 1], ["w", "m", 2]), True),
        (txn(1, "b", 0, 100, ["r", "k", 1]), False),
    ],
)
def test_only_who_writes_can_lead_back_in_time(reader: Operation, backward: bool) -> None:
    assert Prepared(history(reader, w(0, "a", "k=1", 50, 60))).causality.backward == backward


def test_a_chain_of_many_reads_is_worked_out_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """129 levels of 129 reads, packed with their rows, do not fit in 16 bits."""
    monkeypatch.setattr("checker.orders.causality._WIDE", 0)
    monkeypatch.setattr("checker.orders.ordering._SHORT", 0)
    steps = [w(0, "s0", "k=0", 0, 5)]
    for at in range(1, 130):
        steps.append(r(2 * at, f"s{at % 3}", f"k={at - 1}", 20 * at, 20 * at + 5))
        steps.append(w(2 * at + 1, f"s{at % 3}", f"k={at}", 20 * at + 10, 20 * at + 15))
    prepared = Prepared(history(*steps))
    writes = prepared.writes
    assert prepared.causality.contains(writes[:-1], np.full(129, writes[-1])).all()
