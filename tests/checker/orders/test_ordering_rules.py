"""The quick orders are the plain ones, at the sizes where they go about it differently."""

from __future__ import annotations

import numpy as np
import pytest

from checker import Header, History, Operation
from checker.history.columns import FOREVER
from checker.orders.ordering import Timeline, in_order, order_by_number
from checker.prepared import Prepared


@pytest.mark.parametrize("rows", [1_999, 2_000, 2_001])
@pytest.mark.parametrize("count", [1, 16, 17, 2**20, 2**20 + 1, 2**52, 2**52 + 1, 2**62])
def test_order_by_number_is_the_stable_order(rows: int, count: int) -> None:
    numbers = np.random.default_rng(count).integers(0, count, rows)
    numbers[::7] = count - 1
    numbers[::11] = 0
    assert order_by_number(numbers, count).tolist() == numbers.argsort(kind="stable").tolist()


def test_the_numbers_come_along_in_their_order() -> None:
    numbers = np.arange(2_000)[::-1] // 2
    order, ordered = in_order(numbers, 1_000)
    assert order.tolist() == [at for pair in range(1_998, -1, -2) for at in (pair, pair + 1)]
    assert ordered.tolist() == [number // 2 for number in range(2_000)]


@pytest.mark.parametrize("count", [3, 3_000])
def test_of_rows_that_are_given_those_are_told(count: int) -> None:
    """They ascend, and are far more than there are numbers."""
    rows = np.arange(count) * 1_000 + 7
    numbers = np.arange(count)[::-1] // 2
    order, ordered = in_order(numbers, count, rows)
    assert ordered.tolist() == sorted(numbers.tolist())
    assert order.tolist() == rows[numbers.argsort(kind="stable")].tolist()


def test_rows_stand_by_session_and_key_in_the_order_of_time() -> None:
    """There are more groups of a session and a key than 16 bits can number."""
    sessions, keys, rows = 331, 199, 2_100
    operations = [
        Operation(
            index=row,
            session=f"s{row * 7 % sessions}",
            op="write",
            key=f"k{row * 11 % keys}",
            value=row,
            start=10 * row,
            end=10 * row + 5,
            status="ok",
        )
        for row in range(rows)
    ]
    prepared = Prepared(History.from_operations(operations, header=Header()))
    order, group = prepared.by_session_key
    columns = prepared.columns
    expected = np.lexsort((columns.start, columns.key, columns.session))
    assert order.tolist() == expected.tolist()
    same = (np.diff(columns.session[order]) == 0) & (np.diff(columns.key[order]) == 0)
    assert ((np.diff(group) == 0) == same).all()


def test_what_ended_of_one_key_says_nothing_of_the_next_however_tight_the_width() -> None:
    """A row that ends at the very moment had not ended before it."""
    ended = Timeline(
        np.array([1, 5]),
        np.array([0, 0]),
        times=np.array([1, 2, 6, 6]),
        keys=np.array([0, 0, 0, 1]),
        key_count=2,
    )
    assert ended.newest(np.array([1, 0]), width=2).tolist() == [-1, 1, 1, -1]
    assert ended.oldest(np.array([1, 0]), width=2).tolist() == [2, 1, 0, 2]


@pytest.mark.parametrize(
    ("keys", "width"), [(164, 199), (257, 127), (1_000, 31), (1_000, 32), (2, 16_384), (40_000, 1)]
)
def test_keys_and_places_may_just_outgrow_sixteen_bits(keys: int, width: int) -> None:
    """Of each key the lowest and the highest place ended at 5: one asks too soon, and one in time."""
    of_each = np.arange(keys)
    ended = Timeline(
        np.full(2 * keys, 5),
        np.tile(of_each, 2),
        times=np.repeat((5, 10), keys),
        keys=np.tile(of_each, 2),
        key_count=keys,
    )
    place = np.repeat((0, width - 1), keys)
    assert ended.newest(place, width=width).tolist() == [-1] * keys + [width - 1] * keys
    assert ended.oldest(place, width=width).tolist() == [width] * keys + [0] * keys


@pytest.mark.parametrize("first", [-(10**6), 2**17 - 500, 2**18 - 500])
def test_what_had_ended_is_found_whenever_times_begin(first: int) -> None:
    """Of each key row n ended at n, and each of its moments knows what ended before."""
    rows, keys = 1_000, 3
    moment, of_key = np.tile(np.arange(rows), keys), np.repeat(np.arange(keys), rows)
    ended = Timeline(first + moment, of_key, times=first + moment, keys=of_key, key_count=keys)
    assert ended.newest(moment, width=rows).tolist() == (moment - 1).tolist()
    assert ended.oldest(moment, width=rows).tolist() == np.where(moment > 0, 0, rows).tolist()


@pytest.mark.parametrize("span", [50, 2**45, 2**55, 2**61])
@pytest.mark.parametrize("rows", [40, 1_200])
def test_what_had_ended_is_found_however_far_times_lie_apart(rows: int, span: int) -> None:
    """Key and time fit in one integer, or only one after the other, or neither; some ends are beyond all."""
    chance = np.random.default_rng(rows)
    ends, times = chance.integers(0, span, rows), chance.integers(-5, span, rows)
    times[:2] = ends[:2]
    ends[::9] = FOREVER
    key, keys = chance.integers(0, 7, rows), chance.integers(0, 7, rows)
    place = chance.integers(0, 100, rows)
    found = Timeline(ends, key, times=times, keys=keys, key_count=7)
    had_ended = (ends[None, :] < times[:, None]) & (key[None, :] == keys[:, None])
    newest, oldest = np.where(had_ended, place, -1).max(axis=1), np.where(had_ended, place, 100).min(axis=1)
    assert found.newest(place, width=100).tolist() == newest.tolist()
    assert found.oldest(place, width=100).tolist() == oldest.tolist()


def test_nothing_had_ended_where_there_are_no_rows_or_nobody_asks() -> None:
    nothing, many = np.zeros(0, dtype=np.int64), np.arange(2_500)
    asked = Timeline(nothing, nothing, times=many, keys=many % 2, key_count=2)
    assert set(asked.newest(nothing, width=1).tolist()) == {-1}
    unasked = Timeline(many, many % 2, times=nothing, keys=nothing, key_count=2)
    assert unasked.newest(many, width=2_500).tolist() == []
    sooner = Timeline(many + 10, many % 2, times=many - 2_500, keys=many % 2, key_count=2)
    assert set(sooner.newest(many, width=2_500).tolist()) == {-1}
