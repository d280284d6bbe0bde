"""What was found of each mutant, a line each, in a file that only grows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from benchmarks.mutation.mutants import Mutant, Name, mutants_of

SURVIVED = "survived"


class Found(NamedTuple):
    """Who noticed a mutant of what the module says now."""

    mutant: Mutant
    by: str


class Log:
    """The results in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, module: str, mutant: Mutant, by: str, seconds: float) -> None:
        """Append one result."""
        row = {"module": module, **mutant.name._asdict(), "source": mutant.source, "by": by}
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a") as file:
            file.write(json.dumps(row | {"seconds": round(seconds, 2)}, ensure_ascii=False) + "\n")

    def found(self, chosen: list[str]) -> dict[str, dict[Name, Found]]:
        """Return the last result of each mutant of some modules, as their functions are now."""
        now = {module: mutants_of(module) for module in chosen}
        found: dict[str, dict[Name, Found]] = {module: {} for module in chosen}
        for line in self._path.read_text().splitlines() if self._path.exists() else []:
            row = json.loads(line)
            name = Name(row["function"], row["line"], row["change"])
            mutant = now.get(row["module"], {}).get(name)
            if mutant is not None and mutant.source == row["source"]:
                found[row["module"]][name] = Found(mutant, row["by"])
        return {
            module: {name: found[module][name] for name in now[module] if name in found[module]}
            for module in chosen
        }
