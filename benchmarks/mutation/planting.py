"""All mutants of a module that are to be planted: first those of its functions, then what stands outside."""

from __future__ import annotations

import ast
import random
import sys
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from benchmarks.mutation import anew, swapped
from benchmarks.mutation.children import in_a_child
from benchmarks.mutation.choosing import Choice
from benchmarks.mutation.coverage import Coverage, Tracing
from benchmarks.mutation.items import TESTS, Item, with_items
from benchmarks.mutation.log import SURVIVED, Log
from benchmarks.mutation.mutants import OUTSIDE, Mutant, Name, dotted, functions, modules, mutants_of, tree_of
from benchmarks.mutation.reasons import reasons_of


@dataclass(frozen=True)
class Plan:
    """What is to be planted, and who is asked."""

    log: Log
    tests: tuple[str, ...] = TESTS
    budget_s: float = 3.0
    """Of the processor, for the items that a mutant is shown to."""
    again: bool = False
    """Whether survivors without a reason are planted again."""
    sample: int | None = None
    seed: int = 1

    def mutants(self, module: str) -> list[Mutant]:
        """Return the mutants of a module that are to be planted now."""
        known = self.log.found([module])[module]
        reasons = reasons_of(module)
        names = list(mutants_of(module).values())
        if self.sample is not None and self.sample < len(names):
            sample = set(random.Random(self.seed).sample(range(len(names)), self.sample))
            names = [mutant for number, mutant in enumerate(names) if number in sample]
        return [
            mutant
            for mutant in names
            if mutant.name not in known
            or (self.again and known[mutant.name].by == SURVIVED and mutant.name not in reasons)
        ]


def plant(module: str, plan: Plan) -> None:
    """Plant a module's mutants, and log what was found; raises `ValueError` if that cannot be."""
    chosen = plan.mutants(module)
    if not chosen:
        return
    begun = perf_counter()
    left = in_a_child(partial(_plant_swapped, module, chosen, plan), silent=False)
    if not isinstance(left, dict):
        raise ValueError(f"{module}: the planting {left}")
    names = {Name(*name) for name in left["mutants"]}
    rest = [mutant for mutant in chosen if mutant.name in names]
    if rest:
        asked = [(str(name), float(seconds)) for name, seconds in left["asked"]]
        in_a_child(
            partial(anew.plant, module, rest, asked, _Telling(module, plan.log, len(rest))), silent=False
        )
    print(f"\r{module}: {len(chosen)} planted in {perf_counter() - begun:.0f} s", file=sys.stderr)


def _plant_swapped(module: str, chosen: list[Mutant], plan: Plan) -> dict[str, Any]:
    """Plant what can be swapped; return the names of the rest, and who is to be asked about them."""
    left: list[Mutant] = []
    asked: list[anew.Asked] = []
    called_early = Tracing()

    def with_all(items: list[Item]) -> None:
        called_early.end()
        coverage = Coverage(items)
        for name in coverage.failing:
            print(f"does not pass, and is not asked: {name}", file=sys.stderr)
        choice = Choice(module, items, coverage)
        inside = [mutant for mutant in chosen if _can_be_swapped(module, mutant, called_early.calls)]
        left.extend(mutant for mutant in chosen if mutant not in inside)
        tell = _Telling(module, plan.log, len(inside))
        left.extend(swapped.plant(module, inside, choice, swapped.Functions(), plan.budget_s, tell))
        if left:
            chosen_items = choice.items(_concerned(module), plan.budget_s)
            asked.extend((item.name, coverage.seconds(item)) for item in chosen_items)

    called_early.begin()
    with_items(plan.tests, with_all)
    return {"mutants": [mutant.name for mutant in left], "asked": asked}


def _can_be_swapped(module: str, mutant: Mutant, called_early: set[str]) -> bool:
    """Whether the mutant is within a function that nobody has called while modules were imported."""
    return mutant.name.function != OUTSIDE and f"{module}:{mutant.name.function}" not in called_early


def _concerned(module: str) -> list[str]:
    """Return the functions, as `module:function`, of a module and of those that import it."""
    importing = [other for other in modules() if dotted(module) in _imports(other)]
    return [f"{one}:{function}" for one in (module, *importing) for function, _ in functions(one)]


def _imports(module: str) -> set[str]:
    nodes = [node for node in ast.walk(tree_of(module)) if isinstance(node, ast.ImportFrom)]
    return {
        name
        for node in nodes
        for name in (str(node.module), *(f"{node.module}.{part.name}" for part in node.names))
    }


class _Telling:
    """Writes to the log, and shows how far it is."""

    def __init__(self, module: str, log: Log, count: int) -> None:
        self._module, self._log, self._count = module, log, count
        self._number = 0

    def __call__(self, mutant: Mutant, by: str, seconds: float) -> None:
        self._number += 1
        self._log.add(self._module, mutant, by, seconds)
        print(f"\r{self._module}: {self._number} of {self._count}", end="", flush=True, file=sys.stderr)
