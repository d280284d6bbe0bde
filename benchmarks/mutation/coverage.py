"""Which items call which functions of the judge, kept in a file as long as neither has changed."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any
from zlib import crc32

from benchmarks.mutation.children import in_a_child
from benchmarks.mutation.items import Item
from benchmarks.mutation.mutants import ROOT, functions, modules, path_of

CACHE = ROOT / "build" / "mutation_coverage.json"


class Coverage:
    """Of each item that passes: the functions that it calls, as `module:function`, and the seconds it takes.

    Traced are the items that are not in the cache, or of which something has changed: their own file, what
    all tests share, or a function that they call.
    """

    def __init__(self, items: list[Item]) -> None:
        self._sources = dict(_sources())
        kept: dict[str, Any] = json.loads(CACHE.read_text()) if CACHE.exists() else {}
        marks = {item.name: item.mark ^ _shared(item.file) for item in items}
        lacking = [item for item in items if not self._is_good(kept.get(item.name), marks[item.name])]
        for number, item in enumerate(lacking):
            print(f"\rcoverage: {number + 1} of {len(lacking)}", end="", file=sys.stderr, flush=True)
            said = in_a_child(partial(_traced, item))
            kept[item.name] = (
                said if isinstance(said, dict) else {"passes": False, "seconds": 0.0, "calls": []}
            )
            kept[item.name]["mark"] = marks[item.name]
            kept[item.name]["calls"] = {name: self._sources.get(name) for name in kept[item.name]["calls"]}
        if lacking:
            print(file=sys.stderr)
            CACHE.parent.mkdir(exist_ok=True)
            CACHE.write_text(json.dumps(kept))
        self.failing = [item.name for item in items if not kept[item.name]["passes"]]
        self._known = {item.name: kept[item.name] for item in items if kept[item.name]["passes"]}

    def _is_good(self, known: Any, mark: int) -> bool:
        return (
            known is not None
            and known["passes"]
            and known["mark"] == mark
            and all(self._sources.get(name) == source for name, source in known["calls"].items())
        )

    def __contains__(self, item: Item) -> bool:
        return item.name in self._known

    def calls(self, item: Item) -> dict[str, int]:
        """Return the functions that an item calls."""
        calls: dict[str, int] = self._known[item.name]["calls"]
        return calls

    def seconds(self, item: Item) -> float:
        """Return the processor time that an item takes."""
        return float(self._known[item.name]["seconds"])


def _sources() -> Iterator[tuple[str, int]]:
    for module in modules():
        for function, source in functions(module):
            yield f"{module}:{function}", source


@cache
def _shared(path: Path) -> int:
    """Return a checksum of a file of tests and of those that it imports."""
    found = crc32(path.read_bytes())
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            place = ROOT / Path(*str(node.module).split("."))
            other = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            found = crc32(b"" if other == path else _shared(other).to_bytes(4, "big"), found)
    return found


def _traced(item: Item) -> dict[str, Any]:
    tracing = Tracing()
    tracing.begin()
    passes = item.passes()
    tracing.end()
    begun = process_time()
    item.passes()
    return {"passes": passes, "seconds": round(process_time() - begun, 4), "calls": sorted(tracing.calls)}


class Tracing:
    """Gathers the functions of the judge that are called meanwhile, as `module:function`."""

    def __init__(self) -> None:
        self.calls: set[str] = set()
        self._module_of = {str(path_of(module)): module for module in modules()}

    def begin(self) -> None:
        """Look at each call from now on."""
        sys.settrace(self._trace)

    def end(self) -> None:
        """Look no more."""
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if (module := self._module_of.get(code.co_filename)) is not None:
            self.calls.add(f"{module}:{code.co_qualname.partition('.<locals>')[0]}")
