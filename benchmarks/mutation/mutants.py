"""The mutants of a module, by names that outlive shifted lines: function, text of the line, change.

A result stays good as long as the function (or what stands outside of functions, the statement) is the same.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from benchmarks.mutation.changes import changes

ROOT = Path(__file__).resolve().parent.parent.parent
OUTSIDE = "(outside of functions)"


class Name(NamedTuple):
    """Of a mutant within its module."""

    function: str
    line: str
    change: str


class Mutant(NamedTuple):
    """A change of a module's tree."""

    name: Name
    number: int
    """Of its line."""
    source: int
    """Checksum of the function or statement that it changes."""
    apply: Callable[[], None]
    """Change the tree from which the mutants were made."""


class _Scope(NamedTuple):
    first: int
    last: int
    function: str
    source: int


def modules() -> list[str]:
    """Return all modules of `checker`, named as in `linearizability.zones`; packages by their own names."""
    paths = sorted((ROOT / "checker").rglob("*.py"))
    return [
        ".".join(path.relative_to(ROOT / "checker").with_suffix("").parts).removesuffix(".__init__")
        for path in paths
    ]


def path_of(module: str) -> Path:
    """Return the file of a module of `checker`."""
    if module == "__init__":
        return ROOT / "checker" / "__init__.py"
    place = ROOT / "checker" / Path(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def dotted(module: str) -> str:
    """Return the name by which a module of `checker` is imported."""
    return "checker" if module == "__init__" else f"checker.{module}"


def tree_of(module: str) -> ast.Module:
    """Return the syntax tree of a module as it is."""
    return ast.parse(path_of(module).read_text())


def mutants(module: str, tree: ast.Module) -> dict[Name, Mutant]:
    """Return all mutants of a module, in a fixed order, made from its tree."""
    lines = path_of(module).read_text().splitlines()
    scope_at = {at: scope for scope in _scopes(tree, "") for at in range(scope.first, scope.last + 1)}
    found: dict[Name, Mutant] = {}
    times: Counter[Name] = Counter()
    for change in changes(tree):
        scope = scope_at[change.line]
        name = Name(scope.function, lines[change.line - 1].strip(), change.what)
        times[name] += 1
        if times[name] > 1:
            name = name._replace(change=f"{name.change} ({times[name]})")
        found[name] = Mutant(name, change.line, scope.source, change.apply)
    return found


@cache
def mutants_of(module: str) -> dict[Name, Mutant]:
    """Return all mutants of a module as it is, to be looked up and not to be applied."""
    return mutants(module, tree_of(module))


def _scopes(node: ast.AST, within: str) -> Iterator[_Scope]:
    """Yield the functions' bodies, and before them the statements outside, of a module or class."""
    for part in getattr(node, "body", []):
        source = crc32(ast.unparse(part).encode())
        last = part.end_lineno
        if isinstance(part, ast.ClassDef):
            yield _Scope(part.lineno, last, OUTSIDE, crc32(part.name.encode()))
            yield from _scopes(part, f"{within}{part.name}.")
        elif isinstance(part, ast.FunctionDef):
            first = min([part.lineno, *(decorator.lineno for decorator in part.decorator_list)])
            yield _Scope(first, last, OUTSIDE, source)
            yield _Scope(part.body[0].lineno, last, within + part.name, source)
        else:
            yield _Scope(part.lineno, last, OUTSIDE, source)


def functions(module: str) -> Iterator[tuple[str, int]]:
    """Yield the functions of a module, and the checksum of what each says."""
    for scope in _scopes(tree_of(module), ""):
        if scope.function != OUTSIDE:
            yield scope.function, scope.source
