"""Mutants of functions: a child in which everything is collected gives one function its new code."""

from __future__ import annotations

import ast
import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from types import CodeType, FunctionType

from benchmarks.mutation.children import in_a_child, limit
from benchmarks.mutation.choosing import Choice
from benchmarks.mutation.mutants import Mutant, mutants, path_of, tree_of

Tell = Callable[[Mutant, str, float], None]
_COMPILING_S = 20.0
_CANNOT = "cannot be swapped"


class Functions:
    """All functions that there are now, by where their code stands; what is made later is not among them."""

    def __init__(self) -> None:
        self._at: defaultdict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if type(thing) is FunctionType:
                self._at[_place(thing.__code__)].append(thing)
        gc.collect()
        gc.freeze()  # children copy fewer pages

    def with_code_of(self, code: CodeType) -> list[FunctionType]:
        """Return the functions whose code stands where this does."""
        return self._at[_place(code)]


def plant(
    module: str, chosen: list[Mutant], choice: Choice, functions: Functions, budget_s: float, tell: Tell
) -> Iterator[Mutant]:
    """Plant mutants of functions, and call `tell` with each, who noticed it, and the seconds it took.

    Yields the mutants whose code cannot be put in the place of what is there.
    """
    tree = tree_of(module)
    ready = mutants(module, tree)

    def work(mutant: Mutant) -> str:
        limit(_COMPILING_S)
        items = choice.items([f"{module}:{mutant.name.function}"], budget_s)
        ready[mutant.name].apply()
        return choice.ask(items) if _swap(module, tree, mutant, functions) else _CANNOT

    for mutant in chosen:
        begun = perf_counter()
        by = str(in_a_child(partial(work, mutant)))
        while not choice.counts(by, [f"{module}:{mutant.name.function}"]):
            by = str(in_a_child(partial(work, mutant)))
        if by == _CANNOT:
            yield mutant
        else:
            tell(mutant, by, perf_counter() - begun)


def _swap(module: str, tree: ast.Module, mutant: Mutant, functions: Functions) -> bool:
    """Give functions their new code, and return whether that was possible."""
    try:
        whole = compile(ast.fix_missing_locations(tree), str(path_of(module)), "exec")
        pairs = [
            (function, code)
            for code in _codes(whole)
            if code.co_qualname == mutant.name.function
            for function in functions.with_code_of(code)
        ]
        for function, code in pairs:
            function.__code__ = code
    except (SyntaxError, ValueError):
        return False
    return bool(pairs)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of all functions and methods, of which others may be parts."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno
