"""The version order where positions, causality and a position given twice meet."""

from __future__ import annotations

from checker import History, Verdict, check
from checker.orders.versions import _merge
from checker.prepared import Prepared
from tests.checker.literal import c, d, f, history, r, w


def judged(one: History, guarantee: str) -> Verdict:
    return check(one, [guarantee]).guarantees[guarantee]


def newer(one: History, rows: dict[str, int]) -> dict[str, str]:
    """Return for each write, by a letter, those that are newer."""
    order = Prepared(one).versions
    return {
        name: "".join(other for other in rows if order.is_older(rows[name], rows[other])) for name in rows
    }


def test_a_write_beside_a_circle_of_places_and_causes_is_not_in_it() -> None:
    """Operation 4 saw by way of 3 what stands above its own place; 0 has that place, too, and saw nothing."""
    one = history(
        c(0, "s1", "k=null>29", 0, 5, position=1),
        d(1, "s2", "k", 10, 15, position=2),
        c(2, "s2", "k=null>13", 20, None),
        c(3, "s0", "k=13>28", 30, 35, position=1),
        f(4, "a", "k=28", 40, version=1),
    )
    lost = check(one, ["no-lost-acknowledged-writes"]).guarantees["no-lost-acknowledged-writes"]
    assert [violation.operations for violation in lost.violations] == [(1, 4), (3, 4)]
    assert (lost.judged, lost.ambiguous) == (3, 0)


def test_what_stands_in_a_circle_of_places_and_causes_is_older_than_all_in_it() -> None:
    """u comes after place 4 and before place 2: 2, 3, 4 and u are a circle. p is before 4, and q after 2."""
    one = history(
        w(0, "s4", "k=10", 0, None),
        r(1, "s1", "k=10", 5, 8),
        w(2, "s1", "k=4", 10, 12, position=4),
        w(3, "s1", "k=20", 15, None),
        r(4, "s2", "k=20", 20, 22),
        w(5, "s2", "k=2", 25, 27, position=2),
        w(6, "s2", "k=30", 30, None),
        r(7, "s5", "k=30", 35, 36),
        w(8, "s6", "k=1", 0, 2, position=1),
        w(9, "s7", "k=3", 0, 2, position=3),
        w(10, "s8", "k=5", 0, 2, position=5),
    )
    rows = {"1": 8, "2": 5, "3": 9, "4": 2, "5": 10, "u": 3, "p": 0, "q": 6}
    assert newer(one, rows) == {
        "1": "2345uq",
        "2": "2345uq",
        "3": "2345uq",
        "4": "2345uq",
        "5": "",
        "u": "2345uq",
        "p": "2345uq",
        "q": "",
    }


def test_circles_of_places_and_causes_are_apart() -> None:
    """2 is before u, u before 1; 4 before v, v before 3; 6 before t, t before 5."""
    one = history(
        *(
            row
            for at, (low, high, value) in enumerate([(1, 2, 10), (3, 4, 20), (5, 6, 30)])
            for row in (
                w(4 * at, f"a{at}", f"k={high}", 0, 5, position=high),
                w(4 * at + 1, f"a{at}", f"k={value}", 10, None),
                r(4 * at + 2, f"b{at}", f"k={value}", 15, 20),
                w(4 * at + 3, f"b{at}", f"k={low}", 25, 30, position=low),
            )
        )
    )
    rows = {"1": 3, "2": 0, "u": 1, "3": 7, "4": 4, "v": 5, "5": 11, "6": 8, "t": 9}
    assert newer(one, rows) == {
        "1": "12u34v56t",
        "2": "12u34v56t",
        "u": "12u34v56t",
        "3": "34v56t",
        "4": "34v56t",
        "v": "34v56t",
        "5": "56t",
        "6": "56t",
        "t": "56t",
    }


def test_another_write_at_the_place_of_a_circles_end_is_not_in_it() -> None:
    """4 is before u, u before 2; a has the place of 2 and is before v, v before 5; b has the place of 4."""
    one = history(
        w(0, "s1", "k=4", 0, 5, position=4),
        w(1, "s1", "k=10", 10, None),
        r(2, "s2", "k=10", 15, 20),
        w(3, "s2", "k=2", 25, 30, position=2),
        w(4, "s3", "k=12", 0, 5, position=2),
        w(5, "s3", "k=20", 10, None),
        r(6, "s4", "k=20", 15, 20),
        w(7, "s4", "k=5", 25, 30, position=5),
        w(8, "s5", "k=14", 0, 5, position=4),
    )
    rows = {"2": 3, "4": 0, "u": 1, "5": 7, "a": 4, "b": 8, "v": 5}
    assert newer(one, rows) == {
        "2": "24u5b",
        "4": "24u5b",
        "u": "24u5b",
        "5": "",
        "a": "24u5bv",
        "b": "5",
        "v": "5",
    }


def test_writes_between_the_same_places_are_not_ordered() -> None:
    """Both u and v come after 1 and before 2, and know nothing of each other."""
    one = history(
        w(0, "s1", "k=1", 0, 5, position=1),
        r(1, "s2", "k=1", 10, 15),
        w(2, "s1", "k=10", 20, None),
        w(3, "s2", "k=20", 20, None),
        r(4, "s3", "k=10", 30, 35),
        r(5, "s3", "k=20", 40, 45),
        w(6, "s3", "k=2", 50, 55, position=2),
    )
    assert newer(one, {"1": 0, "u": 2, "v": 3, "2": 6}) == {"1": "uv2", "u": "2", "v": "2", "2": ""}


def test_a_write_without_place_may_be_the_newest() -> None:
    one = history(
        *(
            w(number, "s", f"k={number}", 10 * number, 10 * number + 5, position=number)
            for number in range(1, 7)
        ),
        w(7, "b", "k=7", 70, None),
        r(8, "s", "k=7", 80, 85),
    )
    assert judged(one, "read-your-writes").verdict == "holds"


def test_a_write_without_place_may_be_the_oldest() -> None:
    one = history(w(0, "a", "k=3", 0, None), c(1, "b", "k=3>2", 20, 25, position=1))
    assert judged(one, "causal").verdict == "holds"


def test_causes_do_not_order_writes_that_have_places() -> None:
    """Session s1 wrote 2 after 1, and got the lower position for it, alone or together with another."""
    writes = w(0, "s1", "k=1", 0, 5, position=2), w(1, "s1", "k=2", 10, 15, position=1)
    reads = r(4, "s2", "k=2", 20, 25), r(5, "s2", "k=1", 30, 35)
    unplaced = w(2, "s3", "k=7", 0, None), r(3, "s4", "k=7", 20, 25)
    assert judged(history(*writes, *unplaced, *reads), "monotonic-reads").verdict == "holds"
    again = w(6, "s5", "k=3", 0, 5, position=1)
    assert judged(history(*writes, *unplaced, *reads, again), "monotonic-reads").verdict == "holds"


JOINED = (
    w(0, "s1", "k=1", 0, 5, position=1),
    w(1, "s1", "k=7", 10, None),
    r(2, "s2", "k=7", 20, 25),
    w(3, "s2", "k=2", 30, 35, position=1),
    w(4, "s4", "k=8", 0, None),
    r(5, "s5", "k=8", 20, 25),
    r(6, "s3", "k=2", 40, 45),
    r(7, "s3", "k=1", 50, 55),
)


def test_a_write_without_place_joins_two_at_one_place() -> None:
    """Of two such writes one is between 0 and 3; another key is read by the same session."""
    other = (
        w(8, "t1", "m=1", 0, 5, position=2),
        w(9, "t2", "m=2", 0, None),
        r(10, "s3", "m=2", 60, 65),
        r(11, "s3", "m=1", 70, 75),
    )
    verdict = judged(history(*JOINED, *other), "monotonic-reads")
    assert [found.operations for found in verdict.violations] == [(3, 6, 7)]


def test_a_write_of_another_key_joins_nothing() -> None:
    one = history(
        w(0, "s1", "k=1", 0, 5, position=1),
        w(1, "s1", "m=7", 10, None),
        r(2, "s2", "m=7", 20, 25),
        w(3, "s2", "k=2", 30, 35, position=1),
        w(4, "s4", "k=8", 0, None),
        r(5, "s5", "k=8", 20, 25),
        r(6, "s3", "k=2", 40, 45),
        r(7, "s3", "k=1", 50, 55),
        w(8, "s6", "m=1", 0, 5, position=9),
    )
    assert judged(one, "monotonic-reads").verdict == "holds"


def test_places_of_another_key_bound_nothing() -> None:
    """Before operation 1 its session wrote m, at a position above that of operation 2."""
    one = history(
        w(0, "s1", "m=1", 0, 5, position=9),
        w(1, "s1", "k=7", 10, None),
        w(2, "s2", "k=1", 0, 5, position=5),
        r(3, "s3", "k=7", 20, 25),
        r(4, "s3", "k=1", 30, 35),
    )
    assert judged(one, "monotonic-reads").verdict == "holds"


def test_a_write_that_nobody_read_bounds_nothing() -> None:
    one = history(
        w(0, "s1", "k=1", 0, 5, position=5),
        w(1, "s2", "k=7", 10, None),
        r(2, "s3", "k=7", 20, 25),
        w(3, "s3", "k=8", 30, None, position=3),
        r(4, "s4", "k=1", 40, 45),
        r(5, "s4", "k=7", 50, 55),
    )
    assert judged(one, "monotonic-reads").verdict == "holds"


def test_spans_that_touch_are_one() -> None:
    spans = [(5, 9), (1, 3), (12, 15), (3, 4), (11, 12), (6, 7)]
    assert _merge(spans) == [(1, 4), (5, 9), (11, 15)]
