"""One module of the judge, each time with another small bug in it, and who notices.

Theory of operation: a process imports what a module imports, and then the module; at the moment when it
would be executed, it forks a child for each mutant. The child executes the mutant instead and goes on
importing, so that nothing on disk is touched and little is done twice. Then it looks for a difference: in the
histories of the battery, in the tests of the module, and in further histories, told apart by checksums that
the judge as it is gave. A child that takes ten times as long as it should, or more memory than is sensible,
has been noticed, too.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import resource
import select
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any
from zlib import crc32

from benchmarks.mutants import mutants

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "checker"
COMMON = ("test_guarantees.py", "test_judge.py")
"""Tests that every mutant runs, with all literal rules, besides those that are named like its module."""
FURTHER = 250
"""Histories beyond the battery that a mutant is tried on."""
_PATIENCE = 10
_MEMORY = 4 << 30
SURVIVED = "survived"
_AS_IT_IS = ""

Found = Callable[[str, str, float], None]


def path_of(module: str) -> Path:
    """Return the file of a module of `checker`, named as in `linearizability.zones`."""
    place = ROOT / "checker" / Path(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def further_checksums() -> tuple[list[int], float]:
    """Return what the judge as it is says of the further histories, and how many seconds all takes.

    Raises `ValueError` if it says something else of the battery than is written there.
    """
    from tests.checker.battery import differences

    begun = perf_counter()
    for name, _, _ in differences():
        raise ValueError(f"the battery is out of date, see {name}")
    return [_checksum(name) for name in _further()], perf_counter() - begun


def plant(module: str, chosen: Iterable[str], checksums: list[int], usual_s: float, found: Found) -> None:
    """Plant the chosen bugs, and call `found` with the name of each, who noticed it, and the seconds it took.

    Must be called in a process that has not imported what it plants bugs in, and can be thrown away. The
    module as it is comes first; raises `ValueError` if somebody objects to that.
    """
    tree = ast.parse(path_of(module).read_text())
    dotted = f"checker.{module}"
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("checker."):
            importlib.import_module(str(node.module))
    if dotted in sys.modules:  # its own package imports it; whoever did must do so again
        for name in [name for name in sys.modules if name.partition(".")[0] == "checker"]:
            del sys.modules[name]
    favourites: Counter[str] = Counter()
    answer = -1

    def at_import(target: ModuleType) -> None:
        nonlocal answer
        for name in (_AS_IT_IS, *chosen):
            begun = perf_counter()
            read, answer = os.pipe()
            if (child := os.fork()) == 0:
                os.close(read)
                _become(target, name, answer)
                return
            os.close(answer)
            by = _wait(child, read, _PATIENCE * (usual_s + 1))
            favourites[by.partition(": ")[2]] += 1
            if name != _AS_IT_IS:
                found(name, by, perf_counter() - begun)
            elif by != SURVIVED:
                raise ValueError(f"{module} as it is does not pass: {by}")
        raise _AllPlanted

    sys.meta_path.insert(0, _Interception(dotted, path_of(module), at_import))
    try:
        importlib.import_module(dotted)
    except _AllPlanted:
        return
    # From here on only a child goes on.
    try:
        by = _noticed(module, checksums, favourites)
    except BaseException as wrong:
        by = f"battery: {type(wrong).__name__}"
    _say(answer, by)


class _AllPlanted(BaseException):
    """The module needs not be executed any more."""


def _become(target: ModuleType, name: str, answer: int) -> None:
    """Execute the mutant instead of the module."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    warnings.simplefilter("error")
    path = Path(str(target.__file__))
    tree = ast.parse(path.read_text())
    if name != _AS_IT_IS:
        mutants(tree)[name].apply()
    try:
        exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), target.__dict__)
    except BaseException as wrong:
        _say(answer, f"import: {type(wrong).__name__}")


def _say(answer: int, by: str) -> None:
    os.write(answer, by.encode())
    os._exit(0)


def _wait(child: int, answer: int, limit_s: float) -> str:
    """Return what a child says; one that says nothing is ended."""
    ready, _, _ = select.select([answer], [], [], limit_s)
    if not ready:
        os.kill(child, signal.SIGKILL)
    said = os.read(answer, 1_000).decode() if ready else "time-out"
    os.close(answer)
    os.waitpid(child, 0)
    return said or "died"


def _noticed(module: str, checksums: list[int], favourites: Counter[str]) -> str:
    """Return who notices the bug; the histories that noticed most so far are asked first."""
    from tests.checker.battery import golden

    outcomes = golden()
    for name in sorted(outcomes, key=lambda name: -favourites[str(name)]):
        if name.lines() != outcomes[name]:
            return f"battery: {name}"
    if failed := _failed_test(module):
        return f"tests: {failed}"
    for name, checksum in zip(_further(), checksums, strict=True):
        if _checksum(name) != checksum:
            return f"further: {name}"
    return SURVIVED


def _further() -> Iterator[Any]:
    from tests.checker.battery import Name
    from tests.checker.battery.families import FAMILIES

    names = list(FAMILIES)
    for number in range(FURTHER):
        yield Name(names[number % len(names)], 1_000 + number, number % 60 == 0)


def _checksum(name: Any) -> int:
    return crc32("\n".join(name.lines()).encode())


def _failed_test(module: str) -> str | None:
    """Run the tests of a module and return the first that fails."""
    import pytest

    patterns = ("test_*_rules.py", *(f"test_{part}.py" for part in module.split(".")), *COMMON)
    files = dict.fromkeys(str(path) for pattern in patterns for path in sorted(TESTS.rglob(pattern)))
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore:Module already imported",
        f"--rootdir={ROOT}",
    ]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = pytest.main([*options, *files])
    if status == 0:
        return None
    failed = [line for line in said.getvalue().splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split("::")[-1].split(" - ")[0] if failed else f"status {status}"


class _Interception(MetaPathFinder, Loader):
    """Calls `instead` where one module would be executed."""

    def __init__(self, name: str, path: Path, instead: Callable[[ModuleType], None]) -> None:
        self._name, self._path, self._instead = name, path, instead

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
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
