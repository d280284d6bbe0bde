"""Operations, values and times in words, at the edges."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Operation
from checker.describe import deed, duration, listed, position_text, value_text
from tests.checker.literal import c, d, r, w


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0 ns"),
        (999, "999 ns"),
        (1_000, "1 µs"),
        (-1_500, "-1.5 µs"),
        (999_999, "999.999 µs"),
        (1_000_000, "1 ms"),
        (1_250_000, "1.25 ms"),
        (1_000_000_000, "1 s"),
        (100_000_000_000, "100 s"),
        (2**62, "4611686018.427387904 s"),
    ],
)
def test_a_time_is_told_in_the_largest_unit_that_it_fills(nanoseconds: int, text: str) -> None:
    assert duration(nanoseconds) == text


def test_a_long_value_is_shortened_in_the_middle() -> None:
    assert value_text("é" * 38) == '"' + "é" * 38 + '"'
    digits = "0123456789" * 4
    assert value_text(digits[:39]) == '"01234567890123456789012…89012345678"'
    assert value_text({"a": [None, True]}) == '{"a":[null,true]}'


def test_a_position_is_told_as_it_is_written() -> None:
    assert [position_text(7), position_text((1, 2))] == ["7", "[1,2]"]


def _transaction(*ops: tuple[str, str, Any]) -> Operation:
    return Operation(index=0, session="s", op="txn", ops=list(ops), start=0, end=1, status="ok")


def test_a_deed_says_who_does_what_to_which_key_and_where() -> None:
    assert deed(r(0, "s", "k=1", 0, 1)) == "s reads 1 from k"
    assert deed(r(0, "s", "k=1", 0, 1, node="n")) == "s reads 1 from k at n"
    assert deed(w(0, "s", "k=[1]", 0, 1)) == "s writes [1] to k"
    assert deed(d(0, "s", "k", 0, 1)) == "s deletes k"
    assert deed(c(0, "s", "k=1>2", 0, 1)) == "s replaces 1 by 2 in k"
    append = Operation(index=0, session="s", op="append", key="k", value=1, start=0, end=1, status="ok")
    assert deed(append) == "s appends 1 to k"


def test_a_long_transaction_is_cut() -> None:
    one, two, three = ("r", "a", None), ("w", "b", 1), ("append", "c", 2)
    assert deed(_transaction()) == "s runs an empty transaction"
    assert deed(_transaction(one)) == "s reads null from a in one transaction"
    four = "s reads null from a, writes 1 to b, appends 2 to c"
    assert deed(_transaction(one, two, three, one)) == f"{four} and reads null from a in one transaction"
    five = deed(_transaction(one, two, three, one, two))
    assert five == f"{four}, reads null from a and does 1 thing more in one transaction"
    six = deed(_transaction(one, two, three, one, two, three))
    assert six == f"{four}, reads null from a and does 2 things more in one transaction"


def test_a_list_ends_with_and() -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
