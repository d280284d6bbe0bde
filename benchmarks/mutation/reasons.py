"""Why no test can notice what survives: a file of text per module, to be read by people.

A reason stands at the beginning of its lines. Below it, further and further in, come the function, the line
and the changes for which it holds:

    Only saves work: without it the same is found the longer way.
      VersionOrder.older
        if loose.any():
          if loose.any() → if True
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from benchmarks.mutation.mutants import ROOT, Name

FOLDER = ROOT / "benchmarks" / "survivors"
Reasons = dict[Name, str]


def file_of(module: str, folder: Path = FOLDER) -> Path:
    """Return the file with the reasons of a module."""
    return folder / f"{module}.txt"


def reasons_of(module: str, folder: Path = FOLDER) -> Reasons:
    """Return the reason of each mutant of a module that has one; raises `ValueError` where two do."""
    path = file_of(module, folder)
    return parsed(path.read_text()) if path.exists() else {}


def parsed(text: str) -> Reasons:
    """Return the reason of each mutant that is named in a text."""
    found: Reasons = {}
    reason: list[str] = []
    function = line = ""
    above = 0
    for row in filter(None, text.splitlines()):
        inner = row.lstrip(" ")
        depth = (len(row) - len(inner)) // 2
        if depth == 0:
            reason = [*reason, inner] if above == 0 else [inner]
        elif depth == 1:
            function = inner
        elif depth == 2:
            line = inner
        elif (name := Name(function, line, inner)) in found:
            raise ValueError(f"two reasons for {name}")
        else:
            found[name] = " ".join(reason)
        above = depth
    return found


def written(reasons: Reasons) -> str:
    """Return the text that gives the reasons of mutants, each once, in the order of the first mutant."""
    rows: list[str] = []
    for reason in dict.fromkeys(reasons.values()):
        rows += ["", reason, *_named(name for name, other in reasons.items() if other == reason)]
    return "\n".join([*rows[1:], ""])


def _named(names: Iterable[Name]) -> Iterable[str]:
    for function, lines in groupby(names, lambda name: name.function):
        yield f"  {function}"
        for line, changes in groupby(lines, lambda name: name.line):
            yield f"    {line}"
            yield from (f"      {name.change}" for name in changes)
