"""The contract with Trio: the private names that one module uses are there, and do what it relies on.

Where these fail, Trio has changed, and `rts.runtime.scheduling` has to follow.
"""

from __future__ import annotations

import inspect
import random

import pytest
import trio
import trio._core._run as trio_run

from rts.runtime import scheduling
from rts.runtime.scheduling import deterministic


def order_of_tasks(count: int = 8) -> list[int]:
    """In which order Trio runs tasks that are all ready at once, five times over."""
    order: list[int] = []

    async def task(number: int) -> None:
        for _ in range(5):
            order.append(number)
            await trio.lowlevel.checkpoint()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for number in range(count):
                nursery.start_soon(task, number)

    trio.run(main)
    return order


def test_trio_still_has_the_names() -> None:
    assert vars(trio_run)[scheduling.ALLOWED] in (True, False)
    assert isinstance(vars(trio_run)[scheduling.GENERATOR], random.Random)


def test_trio_still_shuffles_tasks_by_that_generator_and_only_if_allowed() -> None:
    source = inspect.getsource(trio_run)
    assert f"if {scheduling.ALLOWED}:" in source
    assert f"{scheduling.GENERATOR}.random()" in source


def test_one_seed_is_one_order() -> None:
    orders = []
    for _ in range(3):
        with deterministic(7):
            orders.append(order_of_tasks())
    assert orders[0] == orders[1] == orders[2]


def test_another_seed_is_another_order() -> None:
    orders = set()
    for seed in range(10):
        with deterministic(seed):
            orders.add(tuple(order_of_tasks()))
    assert len(orders) > 5


def test_afterwards_all_is_as_it_was() -> None:
    names = vars(trio_run)
    before = names[scheduling.ALLOWED], names[scheduling.GENERATOR]
    with deterministic(1):
        assert (names[scheduling.ALLOWED], names[scheduling.GENERATOR]) != before
    with pytest.raises(KeyError), deterministic(1):
        raise KeyError
    assert (names[scheduling.ALLOWED], names[scheduling.GENERATOR]) == before
