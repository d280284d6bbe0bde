"""Mutants of what stands outside of functions: a child imports the mutant instead of the module.

Theory of operation: a process imports what a module imports, and then the module; at the moment when it
would be executed, it forks a child for each mutant. The child executes the mutant instead and goes on
importing, so that nothing on disk is touched and little is done twice. Then it collects the tests that are to
notice, and runs them.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
from collections.abc import Callable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

from benchmarks.mutation.children import answer, answered, be_silent, limit
from benchmarks.mutation.items import BATTERY, Item, with_items
from benchmarks.mutation.log import SURVIVED
from benchmarks.mutation.mutants import Mutant, dotted, mutants, path_of, tree_of

Asked = tuple[str, float]
"""The name of an item, and the seconds that it usually takes."""
_IMPORTING_S = 30.0
_PATIENCE = 10


def plant(
    module: str, chosen: list[Mutant], asked: list[Asked], tell: Callable[[Mutant, str, float], None]
) -> None:
    """Plant mutants, and call `tell` with each, who noticed it, and the seconds it took.

    Must be called in a process that has imported nothing of the judge, and can be thrown away. The module as
    it is comes first: raises `ValueError` if somebody objects to that.
    """
    for name in _imported(tree_of(module)):
        importlib.import_module(name)
    if dotted(module) in sys.modules:  # its own package imports it; whoever did must do so again
        for name in [name for name in sys.modules if name.partition(".")[0] == "checker"]:
            del sys.modules[name]
    order = list(asked)
    write, parent = -1, os.getpid()

    def at_import(target: ModuleType) -> None:
        nonlocal write
        for mutant in (None, *chosen):
            begun = perf_counter()
            read, write = os.pipe()
            if (child := os.fork()) == 0:
                os.close(read)
                _become(target, module, mutant, write)
                return
            os.close(write)
            by = str(answered(child, read))
            if mutant is not None:
                tell(mutant, by, perf_counter() - begun)
                order.sort(key=lambda one: one[0] != by)
            elif by != SURVIVED:
                raise ValueError(f"{module} as it is does not pass: {by}")
        raise _AllPlanted

    sys.meta_path.insert(0, _Interception(dotted(module), path_of(module), at_import))
    try:
        importlib.import_module(dotted(module))
        # From here on only a child goes on.
        answer(write, _noticed(order))
    except _AllPlanted:
        return
    except Exception as wrong:
        if os.getpid() == parent:
            raise
        answer(write, f"import: {type(wrong).__name__}")


class _AllPlanted(BaseException):
    """The module needs not be executed any more."""


def _imported(tree: ast.Module) -> list[str]:
    froms = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
    return [name for name in froms if name.startswith("checker.")]


def _become(target: ModuleType, module: str, mutant: Mutant | None, write: int) -> None:
    """Execute the mutant instead of the module."""
    be_silent()
    limit(_IMPORTING_S)
    tree = tree_of(module)
    if mutant is not None:
        mutants(module, tree)[mutant.name].apply()
    try:
        exec(compile(ast.fix_missing_locations(tree), str(path_of(module)), "exec"), target.__dict__)
    except BaseException as wrong:
        answer(write, f"import: {type(wrong).__name__}")


def _noticed(asked: list[Asked]) -> str:
    """Return the name of the first item that does not pass, or `SURVIVED`."""
    usual_s = sum(seconds for _, seconds in asked)
    limit(_IMPORTING_S + _PATIENCE * usual_s)
    noticed = SURVIVED

    def ask(items: list[Item]) -> None:
        nonlocal noticed
        named = {item.name: item for item in items}
        noticed = next((name for name, _ in asked if not named[name].passes()), SURVIVED)

    with_items(tuple(name for name, _ in asked if not name.startswith(BATTERY)), ask)
    return noticed


class _Interception(MetaPathFinder, Loader):
    """Calls `instead` where one module would be executed."""

    def __init__(self, name: str, path: Path, instead: Callable[[ModuleType], None]) -> None:
        self._name, self._path, self._instead = name, path, instead

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Find the one module."""
        if name != self._name:
            return None
        package = self._path.name == "__init__.py"
        spec = ModuleSpec(name, self, origin=str(self._path), is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [str(self._path.parent)]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the interpreter."""

    def exec_module(self, module: ModuleType) -> None:
        """Let somebody else decide what is executed."""
        self._instead(module)
