"""Which items a mutant is shown to, and in what order: who noticed others of its kind comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from benchmarks.mutation.children import in_a_child, limit
from benchmarks.mutation.coverage import Coverage
from benchmarks.mutation.items import BATTERY, Item
from benchmarks.mutation.log import SURVIVED

_PATIENCE = 10
_PATIENCE_S = 2.0
_CHEAP_S = 0.2
"""What takes longer is asked last, whatever it noticed: it would leave no time for others."""
_TRIALS = 2
"""Times that an item must pass what is not changed, alone, before what it notices counts."""


class Choice:
    """Chooses items for the mutants of one module, and learns from what they notice."""

    def __init__(self, module: str, items: list[Item], coverage: Coverage) -> None:
        self._items = [item for item in items if item in coverage]
        self._coverage = coverage
        self._noticed: Counter[tuple[str, str]] = Counter()
        self._noticed_any: Counter[str] = Counter()
        self._stands: dict[str, bool] = {}
        self._own = f"test_{module.rpartition('.')[2]}"

    def items(self, functions: Iterable[str], budget_s: float) -> list[Item]:
        """Return items that call some of the functions, as many as take about `budget_s` seconds.

        Those come first without which some function would not be called at all. Where none does, it is those
        that are named like the module.
        """
        wanted = set(functions)
        standing = [item for item in self._items if self._stands.get(item.name, True)]
        calling = [item for item in standing if not wanted.isdisjoint(self._coverage.calls(item))]
        calling = calling or [item for item in standing if self._own in item.name]
        calling.sort(key=lambda item: self._rank(item, wanted))
        needed: list[Item] = []
        for item in calling:
            if not wanted.isdisjoint(self._coverage.calls(item)):
                needed.append(item)
                wanted.difference_update(self._coverage.calls(item))
        chosen: list[Item] = []
        spent_s = 0.0
        for item in dict.fromkeys((*needed, *calling)):
            if not chosen or spent_s + self._coverage.seconds(item) <= budget_s:
                chosen.append(item)
                spent_s += self._coverage.seconds(item)
        return chosen

    def _rank(self, item: Item, wanted: set[str]) -> tuple[bool, int, int, bool, float]:
        seconds = self._coverage.seconds(item)
        here = sum(self._noticed[function, item.name] for function in wanted)
        elsewhere = self._noticed_any[item.name]
        return seconds > _CHEAP_S, -here, -elsewhere, self._own not in item.name, seconds

    def ask(self, items: list[Item]) -> str:
        """Return the name of the first item that does not pass, or `SURVIVED`."""
        for item in items:
            limit(_PATIENCE_S + _PATIENCE * self._coverage.seconds(item))
            if not item.passes():
                return item.name
        return SURVIVED

    def counts(self, by: str, functions: Iterable[str]) -> bool:
        """Whether to believe what was answered: not an item that fails of what is not changed, too."""
        item = next((item for item in self._items if item.name == by), None)
        if item is None:
            return True
        if by not in self._stands:
            self._stands[by] = all(in_a_child(item.passes) is True for _ in range(_TRIALS))
        if self._stands[by]:
            self._noticed_any[by] += 1
            for function in functions:
                self._noticed[function, by] += 1
        return self._stands[by]


def kind(by: str) -> str:
    """Return what kind of answer it is: `battery`, `tests`, or a word that is its own kind."""
    if by.startswith(BATTERY):
        return "battery"
    return "tests" if "::" in by else by.partition(":")[0]
